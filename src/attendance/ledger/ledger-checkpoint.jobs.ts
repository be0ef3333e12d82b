import type { JobHandler } from '../../platform/jobs/job.ts'
import { writeCheckpointFile } from './ledger-checkpoint.files.ts'
import { checkpointWhenMoved, readLastCheckpoint } from './ledger-checkpoint.service.ts'

/** Every night: a checkpoint of what has moved, by mail; and the last one into the folder, if there is one. */
export function checkpointJob(folder: string | undefined): JobHandler {
  return {
    kind: 'checkpoint',
    schedule: { cron: '40 1 * * *', timeZone: 'UTC' },
    atOnce: 1,
    async work(ctx) {
      await checkpointWhenMoved(ctx)
      const last = await readLastCheckpoint(ctx)
      if (folder !== undefined && last) await writeCheckpointFile(folder, last)
      return { state: 'done' }
    },
  }
}
