/** Processes that are killed (`kill -9`) in the middle of anything leave nothing half-done. */
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { startEmbeddedDatabase } from '../../src/platform/db/embedded.ts'
import { openDatabase } from '../../src/platform/db/pool.ts'
import { type TestApp, testApp } from '../support/app.ts'
import { dataFolder, signInAt } from '../support/command.ts'
import { made } from '../support/route-world.ts'
import { newTestFolder, removeTestFolder } from '../support/test-folder.ts'
import { type Remote, remoteOf, remoteWith, type Server, startServer } from './servers.ts'
import { beginStorm, prepareStorm, proveWhole } from './storm.ts'

describe('a server on a database that others serve too', () => {
  let app: TestApp
  let admin: Remote
  let servers: Server[]
  const mailFolder = newTestFolder()
  const start = () => startServer({ DATABASE_URL: app.url, PREAU_DATA_DIR: mailFolder })
  beforeAll(async () => {
    app = await testApp()
    admin = await remoteOf(await app.signIn('admin'))
    servers = await Promise.all([start(), start()])
  })
  afterAll(async () => {
    await Promise.all(servers.map((server) => server.kill()))
    await app.close()
    removeTestFolder(mailFolder)
  })

  /** While the work is done, whoever writes waits in the middle of the transaction, before the audit. */
  async function whileWritersWait(work: () => Promise<void>): Promise<void> {
    await app.deps.db.transaction().execute(async (trx) => {
      await sql`lock table audit_entry in share mode`.execute(trx)
      await work()
    })
  }

  async function untilOneWaits(): Promise<void> {
    const waiting = sql`
      select from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`
    while ((await waiting.execute(app.deps.db)).rows.length === 0) await sleep(10)
  }

  it('that is killed in the middle of a request leaves nothing; sent again to another, it is done once', async () => {
    const person = { firstName: 'Inès', lastName: 'Caron' }
    const send = (server: Server | undefined) =>
      admin.send(server!, 'POST', '/api/people', person, 'une-seule-fois')
    let again: ReturnType<typeof send> | undefined
    await whileWritersWait(async () => {
      const lost = expect(send(servers[0])).rejects.toThrow()
      await untilOneWaits()
      await servers[0]?.kill()
      await lost
      // The database does not know yet that nobody waits for what it is about to do.
      again = send(servers[1])
      await sleep(100)
    })
    const { status, body } = (await again) ?? {}
    expect(status).toBe(201)
    const people = app.deps.db.selectFrom('person').select('id').where('lastName', '=', 'Caron')
    expect(await people.execute()).toEqual([{ id: body.id }])
    expect((await send(servers[1])).headers.get('idempotency-replayed')).toBe('true')
    servers[0] = await start()
  })

  it('that is cut off or killed under load loses nothing that it answered, and leaves nothing by half', async () => {
    const world = await prepareStorm(servers[0]!, admin)
    const storm = beginStorm(admin, world, servers)
    // At first no server ends, but every connection to the database is cut in whatever it is in the middle of.
    await storm.untilAnswered(20)
    await sql`
      select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`.execute(app.deps.db)
    for (const unlucky of [1, 0]) {
      await storm.untilAnswered(20)
      await servers[unlucky]?.kill()
      servers[unlucky] = await start()
    }
    await storm.untilAnswered(10)
    await storm.end()
    expect(storm.cutOff).toBeGreaterThan(0)
    await proveWhole(app.deps.db, storm, world)
  }, 60_000)
})

it('a server killed with its embedded database loses nothing that it answered either', async () => {
  const [email, password] = ['chef@example.org', 'les trains de nuit du dimanche']
  const env = {
    PREAU_DATA_DIR: dataFolder(),
    PREAU_ADMIN_EMAIL: email,
    PREAU_ADMIN_PASSWORD: password,
  }
  const servers: Server[] = []
  const start = async () => {
    servers[0] = await startServer(env)
    return servers[0]
  }
  onTestFinished(() => servers[0]?.kill())
  const { address } = await start()
  const answer = await fetch(`${address}/api/tokens`, {
    method: 'POST',
    headers: { ...(await signInAt(address, email, password)), 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'À distance' }),
  })
  const { token } = made({ status: answer.status, body: await answer.json(), headers: answer.headers })
  const admin = remoteWith(token)
  const world = await prepareStorm(servers[0]!, admin)
  const storm = beginStorm(admin, world, servers)
  await storm.untilAnswered(10)
  await servers[0]?.kill()
  await start()
  await storm.untilAnswered(5)
  await storm.end()
  expect(storm.cutOff).toBeGreaterThan(0)
  const { connection } = await startEmbeddedDatabase({ dataDirectory: env.PREAU_DATA_DIR })
  const db = openDatabase(connection)
  onTestFinished(() => db.destroy())
  await proveWhole(db, storm, world)
}, 60_000)
