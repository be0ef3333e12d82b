/** The work in the background by the real commands: in the server, apart from it, asked to stop, and killed. */
import { once } from 'node:events'
import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { PgBoss } from 'pg-boss'
import { describe, expect, it } from 'vitest'
import { jobsSchema } from '../../src/platform/jobs/queue.ts'
import { type TestApp, testAppForOneTest } from '../support/app.ts'
import { dataFolder, preau } from '../support/command.ts'
import { mailServer } from '../support/mail-server.ts'
import { aMail } from '../support/mails.ts'

const quiet = { PREAU_LOG_LEVEL: 'silent' }

async function stateOf({ deps }: TestApp, id: string): Promise<string> {
  const row = await deps.db
    .selectFrom('outgoingMail')
    .select('state')
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return row.state
}

async function untilState(app: TestApp, id: string, state: string): Promise<void> {
  while ((await stateOf(app, id)) !== state) await new Promise((resolve) => setTimeout(resolve, 20))
}

describe('preau serve', () => {
  it('works in the background by itself; without a mail server it says where mails are', async () => {
    const app = await testAppForOneTest()
    const folder = dataFolder()
    const server = preau(['serve'], { ...quiet, DATABASE_URL: app.url, PREAU_DATA_DIR: folder })
    const [, mails = ''] = await server.until(/Mails are kept in (\S+): set SMTP_URL/)
    expect(mails).toBe(join(folder, 'mails'))
    const id = await aMail(app)
    await untilState(app, id, 'sent')
    expect(readdirSync(mails)).toEqual([expect.stringContaining(id)])
    server.child.kill('SIGTERM')
    expect((await server.ended()).code).toBe(0)
  })
})

describe('preau worker', () => {
  it('does what servers without one leave to it, and ends what it has begun before it ends', async () => {
    const app = await testAppForOneTest()
    let answer: (() => void) | undefined
    const mail = await mailServer({
      onRcptTo: (_, __, callback) => {
        answer = callback
      },
    })
    const env = { ...quiet, DATABASE_URL: app.url, SMTP_URL: mail.url }
    const server = preau(['serve', '--without-worker'], env)
    const worker = preau(['worker', '--json'], env)
    await Promise.all([server.until(/Préau answers/), worker.until(/\{"working":true\}/)])
    expect(server.output()).not.toContain('Mails')
    const id = await aMail(app)
    while (!answer) await new Promise((resolve) => setTimeout(resolve, 5))
    worker.child.kill('SIGTERM')
    setTimeout(answer, 200)
    expect((await worker.ended()).code).toBe(0)
    expect(mail.received).toHaveLength(1)
    expect(await stateOf(app, id)).toBe('sent')

    const left = await aMail(app)
    server.child.kill('SIGTERM')
    expect((await server.ended()).code).toBe(0)
    expect(await stateOf(app, left)).toBe('queued')
  })

  it('sends the others while a server holds one mail; killed then, it leaves that one unknown', async () => {
    const app = await testAppForOneTest()
    const mail = await mailServer({ afterData: (to) => (to.startsWith('ada') ? 'hang' : 'accept') })
    const env = { ...quiet, DATABASE_URL: app.url, SMTP_URL: mail.url }
    const first = preau(['worker'], env)
    await first.until(/Préau works/)
    const hanging = await aMail(app)
    await mail.untilHanging()
    const others = [await aMail(app, { to: 'b@example.org' }), await aMail(app, { to: 'c@example.org' })]
    for (const id of others) await untilState(app, id, 'sent')
    first.child.kill('SIGKILL')
    await once(first.child, 'exit')
    expect(await stateOf(app, hanging)).toBe('sending')

    await giveJobsOfTheDeadToTheLiving(app)
    await preau(['worker'], env).until(/Préau works/)
    await untilState(app, hanging, 'unknown')
    await untilState(app, await aMail(app, { to: 'd@example.org' }), 'sent')
    expect(mail.received.map(({ recipient }) => recipient).sort()).toEqual([
      'b@example.org',
      'c@example.org',
      'd@example.org',
    ])
  })

  it('refuses a database that lacks migrations', async () => {
    const app = await testAppForOneTest()
    await sql`delete from schema_migration where name like '0011%'`.execute(app.deps.db)
    const { code, output } = await preau(['worker'], { ...quiet, DATABASE_URL: app.url }).ended()
    expect(code).toBe(1)
    expect(output).toContain('npm run preau -- migrate')
  })
})

/** What the queue does every minute, as if the jobs that run had been running for an hour. */
async function giveJobsOfTheDeadToTheLiving(app: TestApp): Promise<void> {
  await sql`update jobs.job set started_on = started_on - interval '1 hour' where state = 'active'`.execute(
    app.deps.db,
  )
  const boss = new PgBoss({
    ...{ connectionString: app.url, schema: jobsSchema, migrate: false },
    ...{ supervise: false, schedule: false, max: 1 },
  })
  await boss.start()
  await boss.supervise()
  await boss.stop({ graceful: false })
  await sql`update jobs.job set start_after = now() where state = 'retry'`.execute(app.deps.db)
}
