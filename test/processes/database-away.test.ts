/** The database is stopped, crashes and comes back under load: its servers say so meanwhile, and then go on. */
import { existsSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { setTimeout as sleep } from 'node:timers/promises'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type EmbeddedDatabase, startEmbeddedDatabase } from '../../src/platform/db/embedded.ts'
import { migrateToLatest } from '../../src/platform/db/migrate.ts'
import { openDatabase } from '../../src/platform/db/pool.ts'
import { databaseUrl } from '../support/database.ts'
import { postmasterOf } from '../support/embedded-process.ts'
import { fast } from '../support/embedded-world.ts'
import { newTestFolder, removeTestFolder } from '../support/test-folder.ts'
import { type Remote, remoteWith, type Server, startServer } from './servers.ts'

const [dataDirectory, mailFolder] = [newTestFolder(), newTestFolder()]
const [email, password] = ['chef@example.org', 'les trains de nuit du dimanche']
let database: EmbeddedDatabase
let servers: Server[]
const startDatabase = async () => {
  database = await startEmbeddedDatabase({ dataDirectory, settings: fast })
}

beforeAll(async () => {
  await startDatabase()
  const db = openDatabase(database.connection)
  await migrateToLatest(db)
  await db.destroy()
  const env = {
    DATABASE_URL: databaseUrl(database.connection),
    PREAU_DATA_DIR: mailFolder,
    PREAU_LOG_LEVEL: 'fatal',
  }
  const admin = { PREAU_ADMIN_EMAIL: email, PREAU_ADMIN_PASSWORD: password }
  servers = await Promise.all([startServer({ ...env, ...admin }), startServer({ ...env, ...admin })])
})
afterAll(async () => {
  await Promise.all(servers.map((server) => server.stop()))
  await database.stop()
  removeTestFolder(dataDirectory)
  removeTestFolder(mailFolder)
})

async function post(path: string, body: unknown, headers: Record<string, string> = {}): Promise<Response> {
  return fetch(`${servers[0]?.address}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...headers },
    body: JSON.stringify(body),
  })
}

async function signedIn(): Promise<Remote> {
  const login = await post('/api/auth/login', { email, password })
  const cookie = login.headers.get('set-cookie')?.split(';')[0] ?? ''
  const answer = await post('/api/tokens', { name: 'À distance' }, { cookie })
  return remoteWith(((await answer.json()) as { token: string }).token)
}

type Heard = { what: string; status: number; retryAfter: string | null; milliseconds: number }

/** People who read and write without pause, on every server. */
function beginLoad(admin: Remote) {
  const heard: Heard[] = []
  const keyed: string[] = []
  let isOver = false
  async function ask(server: Server, method: string, path: string, body?: unknown, key?: string) {
    const began = performance.now()
    const { status, headers } = await admin.send(server, method, path, body, key)
    const milliseconds = performance.now() - began
    heard.push({ what: `${method} ${path}`, status, retryAfter: headers.get('retry-after'), milliseconds })
    // As clients do who are told to come back, only sooner.
    if (status === 503) await sleep(30)
    return status
  }
  async function untilOver(work: (round: number) => Promise<unknown>) {
    for (let round = 1; !isOver; round++) await work(round)
  }
  const people = servers.flatMap((server, number) => [
    untilOver(() => ask(server, 'GET', '/api/chapters')),
    untilOver(() => ask(server, 'GET', '/api/people?q=an')),
    untilOver(() => ask(server, 'GET', '/ready')),
    untilOver(async (round) => {
      const person = { firstName: 'Inès', lastName: `Clé-${number}-${round}` }
      keyed.push(person.lastName)
      while ((await ask(server, 'POST', '/api/people', person, `cle-${number}-${round}`)) !== 201);
    }),
  ])
  return {
    heard,
    keyed,
    async end() {
      isOver = true
      await Promise.all(people)
    },
  }
}

it('is said to be away with 503 and Retry-After; when it is back, the same servers go on, and their jobs', async () => {
  const admin = await signedIn()
  const load = beginLoad(admin)
  const ends = [
    () => database.stop(),
    async () => {
      process.kill(postmasterOf(database.dataDirectory), 'SIGKILL')
      await database.stop()
    },
  ]
  for (const end of ends) {
    await sleep(200)
    await end()
    await sleep(400)
    for (const { address } of servers) expect((await fetch(`${address}/health`)).status).toBe(200)
    await startDatabase()
    await sleep(400)
  }
  await load.end()
  const wrong = load.heard.filter(
    ({ status, retryAfter }) => status >= 300 && !(status === 503 && retryAfter),
  )
  expect(wrong).toEqual([])
  expect(load.heard.some(({ status }) => status === 503)).toBe(true)
  expect(Math.max(...load.heard.map(({ milliseconds }) => milliseconds))).toBeLessThan(6_000)
  const people = await admin.send(servers[1]!, 'GET', '/api/people?limit=200&q=Cl')
  expect(people.body.nextCursor).toBeNull()
  const names = people.body.items.map(({ lastName }: { lastName: string }) => lastName)
  expect(names.toSorted()).toEqual(load.keyed.toSorted())

  // The jobs go on as well: a mail that is asked for now leaves now.
  await post('/api/auth/password-reset', { email })
  while (!mailsSent().some((name) => name.endsWith('.eml'))) await sleep(20)
})

function mailsSent(): string[] {
  const folder = join(mailFolder, 'mails')
  return existsSync(folder) ? readdirSync(folder) : []
}
