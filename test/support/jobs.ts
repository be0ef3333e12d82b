/** Jobs that wait in the queue of a test, and jobs done as a worker would, without a queue. */
import { sql } from 'kysely'
import { ctxFor } from '../../src/deps.ts'
import { buildJobs } from '../../src/jobs.ts'
import type { JobKind } from '../../src/platform/jobs/queue.ts'
import type { TestApp } from './app.ts'

/** The ids of those of a kind that no worker has taken. */
export async function waitingJobs({ deps }: TestApp, kind: JobKind): Promise<string[]> {
  const { rows } = await sql<{ id: string }>`
    select id from jobs.job where name = ${kind} and state in ('created', 'retry')`.execute(deps.db)
  return rows.map(({ id }) => id)
}

/** Does a job that comes by itself, once. */
export async function doJob(app: TestApp, kind: JobKind, id = app.system.newId()): Promise<void> {
  const handlers = buildJobs({ transport: async () => ({ outcome: 'sent' }), from: undefined })
  const handler = handlers.find((one) => one.kind === kind)
  const ctx = ctxFor(app.deps, { kind: 'system', name: kind }, id)
  const result = await handler?.work(ctx, { id, isLastTry: true, signal: new AbortController().signal })
  if (result?.state !== 'done') throw new Error(`${kind}: ${result?.state}`)
}
