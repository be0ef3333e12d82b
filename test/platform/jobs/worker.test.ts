/** Work in the background as those see it who asked for it, and what becomes of work that fails. */
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { ctxFor } from '../../../src/deps.ts'
import { inTransaction } from '../../../src/platform/db/transaction.ts'
import type { JobHandler } from '../../../src/platform/jobs/job.ts'
import { countJobs } from '../../../src/platform/jobs/jobs.queries.ts'
import { enqueueAll } from '../../../src/platform/jobs/queue.ts'
import { startWorker } from '../../../src/platform/jobs/worker.ts'
import { conflict } from '../../../src/platform/problems.ts'
import { type Caller, type TestApp, testApp } from '../../support/app.ts'

let app: TestApp
let admin: Caller
let asker: Caller
beforeAll(async () => {
  app = await testApp()
  admin = await app.signIn('admin')
  asker = await app.signIn()
})
afterAll(() => app.close())

async function workWith(work: JobHandler['work'], schedule?: JobHandler['schedule']): Promise<void> {
  const worker = await startWorker({
    connection: { connectionString: app.url },
    handlers: [{ kind: 'tidy', atOnce: 1, work, ...(schedule && { schedule }) }],
    ctxOf: (kind, jobId) => ctxFor(app.deps, { kind: 'system', name: kind }, jobId),
    log: app.deps.log,
  })
  onTestFinished(() => worker.stop())
}

async function aJob(): Promise<string> {
  const id = app.system.newId()
  const actor = { ...asker, kind: 'account' as const, roleGrants: [] }
  await inTransaction({ ...app.system, actor }, (ctx) => enqueueAll(ctx, 'tidy', [id]))
  return id
}

async function untilState(id: string, state: string) {
  for (;;) {
    const { body } = await asker.get(`/api/jobs/${id}`)
    if (body.state === state) return body
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

describe('a job', () => {
  it('is followed by who asked for it, from waiting to done, and by admins; by nobody else', async () => {
    const id = await aJob()
    expect((await asker.get(`/api/jobs/${id}`)).body).toEqual({
      id,
      kind: 'tidy',
      state: 'queued',
      createdAt: expect.any(String),
      startedAt: null,
      finishedAt: null,
      errorCode: null,
    })
    let finish = () => {}
    const held = new Promise<void>((resolve) => {
      finish = resolve
    })
    await workWith(async () => {
      await held
      return { state: 'done' }
    })
    expect(await untilState(id, 'running')).toMatchObject({ startedAt: expect.any(String), finishedAt: null })
    finish()
    expect(await untilState(id, 'done')).toMatchObject({ finishedAt: expect.any(String), errorCode: null })
    expect((await admin.get(`/api/jobs/${id}`)).status).toBe(200)
    expect((await (await app.signIn()).get(`/api/jobs/${id}`)).status).toBe(404)
  })

  it('that throws is tried again, and has failed for good after its last try; only a code is kept', async () => {
    const id = await aJob()
    const tries: boolean[] = []
    await workWith(async (_, job) => {
      if (job.id !== id) return { state: 'done' }
      tries.push(job.isLastTry)
      throw job.isLastTry ? conflict() : new Error('ada@example.org is in the way')
    })
    for (const attempt of [1, 2]) {
      while (tries.length < attempt) await new Promise((resolve) => setTimeout(resolve, 10))
      expect(await untilState(id, 'queued')).toMatchObject({ errorCode: 'platform/internal' })
      await wake(id)
    }
    expect(await untilState(id, 'failed')).toMatchObject({ errorCode: 'platform/conflict' })
    expect(tries).toEqual([false, false, true])
    const { rows } = await sql<{
      row: string
    }>`select job::text as row from jobs.job where id = ${id}`.execute(app.deps.db)
    expect(rows[0]?.row).not.toContain('ada@')
    expect((await admin.get('/api/jobs?state=failed')).body.items).toMatchObject([{ id }])
    expect(await countJobs(app.deps.db)).toContainEqual({ kind: 'tidy', state: 'failed', count: 1 })
  })

  it('of a schedule is written down once, however many workers know of it', async () => {
    const schedule = { cron: '17 3 * * *', timeZone: 'Europe/Paris' }
    const work = async () => ({ state: 'done' }) as const
    await Promise.all([workWith(work, schedule), workWith(work, schedule)])
    const { rows } = await sql`select name, cron, timezone from jobs.schedule`.execute(app.deps.db)
    expect(rows).toEqual([{ name: 'tidy', cron: '17 3 * * *', timezone: 'Europe/Paris' }])
  })
})

/** As if the time until the next try had passed: another job calls the workers. */
async function wake(id: string): Promise<void> {
  await sql`update jobs.job set start_after = now() where id = ${id} and state = 'retry'`.execute(app.deps.db)
  await aJob()
}
