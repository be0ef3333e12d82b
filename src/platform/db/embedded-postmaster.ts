/** What is known of a PostgreSQL that already uses the data folder: from `postmaster.pid`, and from its socket. */
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import pg from 'pg'
import { superuser } from './embedded-cluster.ts'
import type { Place } from './embedded-paths.ts'
import { codeOf, unusableDatabase } from './embedded-problems.ts'
import { isRunning } from './embedded-system.ts'

export type Address = { host: string; port: number }

/** `none`: no PostgreSQL serves the folder, whatever a left-over file says; `busy`: one starts, stops or hangs. */
export type Postmaster = { pid?: number | undefined; status?: string } & (
  | { state: 'none' | 'busy' }
  | ({ state: 'ready' } & Address)
)

/**
 * Looks whether PostgreSQL serves this folder. The socket decides, not the process number, which after a crash or in a
 * new container may be another program's.
 */
export async function lookAtPostmaster(place: Place): Promise<Postmaster> {
  const file = readPidFile(place)
  if (!file) return { state: 'none' }
  if (file.isUnfinished) {
    const isDead = file.pid !== undefined && !isRunning(file.pid)
    return { state: isDead ? 'none' : 'busy', pid: file.pid, status: 'starting' }
  }
  if (!isSameFolder(file.cluster, place.cluster)) return { state: 'none', pid: file.pid } // a copied or moved folder
  const answer = await askSocket(file)
  if (answer === 'ready') return { state: 'ready', host: file.host, port: file.port }
  const isGone = answer === 'closed' && (file.status === 'ready' || !isRunning(file.pid))
  return { state: isGone ? 'none' : 'busy', pid: file.pid, status: file.status }
}

/**
 * Whether the PostgreSQL of this number has come so far as to serve the folder. In a container every start has the same
 * numbers, so that the file of one that was killed can look like this one's: the socket decides here too.
 */
export async function isServedBy(place: Place, pid: number | undefined): Promise<boolean> {
  const file = readPidFile(place)
  if (!file || file.isUnfinished || file.pid !== pid || file.status !== 'ready') return false
  return (await askSocket(file)) === 'ready'
}

type PidFile = { pid: number; cluster: string; status: string } & Address

/** The lines of `postmaster.pid`: process, data folder, start time, port, socket folder, address, shared memory, status. */
function readPidFile(
  place: Place,
): (PidFile & { isUnfinished: false }) | { isUnfinished: true; pid: number | undefined } | undefined {
  const lines = readLines(join(place.cluster, 'postmaster.pid'))
  if (!lines) return undefined
  const [pid, cluster, , port, host, , , status] = lines
  if (!pid || !cluster || !port || !host) return { isUnfinished: true, pid: Number(pid) || undefined }
  return {
    isUnfinished: false,
    pid: Number(pid),
    cluster,
    port: Number(port),
    host,
    status: status?.trim() ?? '',
  }
}

function readLines(path: string): string[] | undefined {
  try {
    return readFileSync(path, 'utf8').split('\n')
  } catch (error) {
    if (codeOf(error) === 'ENOENT') return undefined
    throw error
  }
}

function isSameFolder(one: string, other: string): boolean {
  const a = statSync(one, { throwIfNoEntry: false })
  const b = statSync(other, { throwIfNoEntry: false })
  return a !== undefined && a.dev === b?.dev && a.ino === b.ino
}

const closedCodes = ['ENOENT', 'ECONNREFUSED']
const startingOrStopping = '57P03'

async function askSocket(address: Address): Promise<'ready' | 'busy' | 'closed'> {
  try {
    await withClient(address, 'postgres', async () => {})
    return 'ready'
  } catch (error) {
    if (closedCodes.includes(codeOf(error))) return 'closed'
    if (codeOf(error) === startingOrStopping || !(error instanceof pg.DatabaseError)) return 'busy'
    throw unusableDatabase(`The PostgreSQL that serves this database refused: ${error.message}.`, error)
  }
}

/** Connects, works, and always disconnects. */
export async function withClient<T>(
  address: Address,
  database: string,
  work: (client: pg.Client) => Promise<T>,
): Promise<T> {
  const client = new pg.Client({
    ...address,
    user: superuser,
    database,
    ssl: false,
    connectionTimeoutMillis: 1_000,
  })
  client.on('error', () => {}) // a server that ends meanwhile: the query or the connection reports it
  try {
    await client.connect()
    return await work(client)
  } finally {
    await client.end()
  }
}
