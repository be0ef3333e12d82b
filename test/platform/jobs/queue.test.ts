/** The queue's own tables, and jobs that are there exactly when the change that asked for them is. */
import { sql } from 'kysely'
import { PgBoss } from 'pg-boss'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { inTransaction } from '../../../src/platform/db/transaction.ts'
import { enqueueAll, jobKinds, jobsSchema } from '../../../src/platform/jobs/queue.ts'
import { type TestApp, testApp } from '../../support/app.ts'

let app: TestApp
beforeAll(async () => {
  app = await testApp()
})
afterAll(() => app.close())

async function jobsOf(
  ids: readonly string[],
): Promise<{ id: string; name: string; askedBy: string | null }[]> {
  const { rows } = await sql<{ id: string; name: string; askedBy: string | null }>`
    select id, name, data ->> 'askedBy' as asked_by from jobs.job where id = any(${[...ids]}::uuid[]) order by id`.execute(
    app.deps.db,
  )
  return rows
}

describe('the queue', () => {
  it('has exactly the tables, indexes and functions that the installed pg-boss expects', async () => {
    const boss = new PgBoss({
      connectionString: app.url,
      schema: jobsSchema,
      migrate: false,
      max: 1,
      supervise: false,
      schedule: false,
    })
    await boss.start()
    try {
      expect(await boss.detectSchemaDrift()).toMatchObject({ ok: true })
      const queues = await boss.getQueues([...jobKinds])
      expect(
        new Set(queues.map(({ name, table, policy, notify }) => ({ name, table, policy, notify }))),
      ).toEqual(
        new Set(jobKinds.map((name) => ({ name, table: 'job_common', policy: 'standard', notify: true }))),
      )
    } finally {
      await boss.stop({ graceful: false })
    }
  })

  it('holds a job once its transaction has committed, and none of one that was rolled back', async () => {
    const admin = await app.signIn('admin')
    const kept = [app.system.newId(), app.system.newId()]
    const statements = await app.countQueries(() =>
      inTransaction(
        {
          ...app.system,
          actor: { kind: 'account', accountId: admin.accountId, personId: admin.personId, roleGrants: [] },
        },
        (ctx) => enqueueAll(ctx, 'tidy', kept),
      ),
    )
    expect(statements, 'begin, insert, commit').toBe(3)
    const lost = app.system.newId()
    await expect(
      inTransaction(app.system, async (ctx) => {
        await enqueueAll(ctx, 'tidy', [lost])
        throw new Error('changed my mind')
      }),
    ).rejects.toThrow('changed my mind')
    expect(await jobsOf([...kept, lost])).toEqual(
      kept.toSorted().map((id) => ({ id, name: 'tidy', askedBy: admin.personId })),
    )
  })

  it('refuses a second job of the same id instead of dropping it', async () => {
    const id = app.system.newId()
    await inTransaction(app.system, (ctx) => enqueueAll(ctx, 'tidy', [id]))
    await expect(inTransaction(app.system, (ctx) => enqueueAll(ctx, 'tidy', [id]))).rejects.toThrow(
      'could not be enqueued',
    )
  })
})
