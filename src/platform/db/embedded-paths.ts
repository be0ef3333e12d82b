/** Where the embedded database really lies: the folder asked for, or one that PostgreSQL's account can reach. */
import { createHash, randomBytes } from 'node:crypto'
import {
  chmodSync,
  existsSync,
  lchownSync,
  lstatSync,
  mkdirSync,
  readdirSync,
  realpathSync,
  rmSync,
  statSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, dirname, join, relative, resolve } from 'node:path'
import { codeOf, unusableDatabase } from './embedded-problems.ts'
import { type Account, accountForRoot, accountPasses, isRoot, isRunning } from './embedded-system.ts'

export type Place = {
  /** Préau's folder: the cluster, PostgreSQL's log and socket, and the binaries if they had to be copied. */
  folder: string
  /** PostgreSQL's own data folder in it. */
  cluster: string
  relocated: boolean
  /** Undefined when PostgreSQL runs as the user of this process. */
  account: Account | undefined
}

const folderForRoot = '/var/lib/preau'

/**
 * Decides the place. Data that exist are never left behind for an empty database elsewhere: a cluster in the folder
 * asked for, then a relocated one, is used as it is and run by the account that owns it.
 */
export function choosePlace(askedFolder: string): Place {
  const asked = withRealParents(resolve(askedFolder))
  if (!isRoot()) return placeOfOrdinaryUser(asked)
  const owner = ownerOfCluster(asked)
  if (owner && !canEnter(owner, asked)) {
    throw unusableDatabase(
      `The database in ${asked} belongs to user ${owner.uid}, who cannot enter that folder.`,
    )
  }
  if (owner) return placeAt(asked, false, owner)
  const relocated = join(folderForRoot, nameFor(asked))
  const relocatedOwner = ownerOfCluster(relocated)
  if (relocatedOwner) return placeAt(relocated, true, relocatedOwner)
  const account = accountForRoot()
  return canEnter(account, asked) ? placeAt(asked, false, account) : placeAt(relocated, true, account)
}

/**
 * Makes the place's folder and its missing parents, and removes what starts that were cut off have left in it. Others may
 * pass through it when PostgreSQL is one of them.
 */
export function makePlace(place: Place): void {
  makeFolder(place.folder, place.account ? 0o711 : 0o700)
  sweepUnfinished(place)
}

/** Where something is prepared before it is renamed to its place, so that a start cut off leaves nothing half-made there. */
export function unfinishedIn(place: Place, what: 'pg' | 'postgresql'): string {
  return join(place.folder, `${what}.new-${process.pid}-${randomBytes(4).toString('hex')}`)
}

function sweepUnfinished(place: Place): void {
  for (const name of readdirSync(place.folder)) {
    const pid = /^(?:pg|postgresql)\.new-(\d+)-/.exec(name)?.[1]
    if (pid && !isRunning(Number(pid))) rmSync(join(place.folder, name), { recursive: true, force: true })
  }
}

/** True when the folder holds a PostgreSQL cluster. */
export function holdsCluster(cluster: string): boolean {
  return existsSync(join(cluster, 'PG_VERSION'))
}

/** Makes a folder that only PostgreSQL's account (and root) can enter. Throws EEXIST when there is one already. */
export function makePrivateFolder(folder: string, account: Account | undefined): void {
  mkdirSync(folder)
  makePrivate(folder, account)
}

function makePrivate(folder: string, account: Account | undefined): void {
  chmodSync(folder, 0o700) // whatever the umask
  // lchown: where others can write in the parent, the folder may have become a link by now.
  if (account) lchownSync(folder, account.uid, account.gid)
}

/**
 * A private folder for the socket. A socket's path holds 107 bytes on Linux and 103 on macOS, so a deep data folder gets
 * a short one in the temporary folder, under a name that stays the same from start to start.
 */
export function makeSocketFolder(place: Place): string {
  const folder = socketFolderOf(place)
  try {
    makePrivateFolder(folder, place.account)
  } catch (error) {
    if (codeOf(error) !== 'EEXIST') throw error
    const { uid } = lstatSync(folder)
    const isOurs = lstatSync(folder).isDirectory() && [process.getuid?.(), place.account?.uid].includes(uid)
    if (!isOurs)
      throw unusableDatabase(`${folder}, which the database needs, belongs to someone else: remove it.`)
    makePrivate(folder, place.account)
  }
  return folder
}

const longestSocketPath = 103
export const socketPort = 5432

function socketFolderOf(place: Place): string {
  const beside = join(place.folder, 'socket')
  if (fitsSocket(beside)) return beside
  const name = `preau-${shortHash(place.cluster)}`
  const inTemporaryFolder = join(tmpdir(), name)
  return fitsSocket(inTemporaryFolder) && canEnter(place.account, tmpdir())
    ? inTemporaryFolder
    : join('/tmp', name)
}

function fitsSocket(folder: string): boolean {
  return Buffer.byteLength(join(folder, `.s.PGSQL.${socketPort}`)) <= longestSocketPath
}

function placeAt(folder: string, relocated: boolean, account: Account | undefined): Place {
  return { folder, cluster: join(folder, 'pg'), relocated, account }
}

function placeOfOrdinaryUser(asked: string): Place {
  const place = placeAt(asked, false, undefined)
  const owner = statSync(place.cluster, { throwIfNoEntry: false })?.uid
  if (owner === undefined || owner === process.getuid?.()) return place
  throw unusableDatabase(
    `The database in ${asked} belongs to user ${owner}: start Préau as that user, or as root.`,
  )
}

function ownerOfCluster(folder: string): Account | undefined {
  const cluster = join(folder, 'pg')
  if (!holdsCluster(cluster)) return undefined
  const { uid, gid } = statSync(cluster)
  if (uid !== 0) return { uid, gid }
  throw unusableDatabase(
    `The database in ${cluster} belongs to root, as whom PostgreSQL does not run: give it back to its user ` +
      `(chown -R postgres "${cluster}").`,
  )
}

/** True when the account can enter the folder, or the nearest parent that exists: what lies below is made by us. */
function canEnter(account: Account | undefined, folder: string): boolean {
  return accountPasses(account, '-x', nearestExisting(folder))
}

function nearestExisting(path: string): string {
  return existsSync(path) ? path : nearestExisting(dirname(path))
}

/** The same folder reached through a link is the same database. */
function withRealParents(path: string): string {
  const existing = nearestExisting(path)
  if (!statSync(existing).isDirectory())
    throw unusableDatabase(`${existing} is a file, not a folder for the database.`)
  return join(realpathSync(existing), relative(existing, path))
}

/** `/root/preau/data` → `preau-data-1f3a…`: readable, and never shared by two folders. */
function nameFor(folder: string): string {
  const readable = `${basename(dirname(folder))}-${basename(folder)}`
    .replace(/[^A-Za-z0-9._-]+/g, '-')
    .slice(0, 60)
  return `${readable}-${shortHash(folder)}`
}

function shortHash(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12)
}

function makeFolder(folder: string, mode: number): void {
  if (existsSync(folder)) return
  makeFolder(dirname(folder), 0o755)
  try {
    mkdirSync(folder)
  } catch (error) {
    if (codeOf(error) === 'EEXIST') return // made by another start at this moment
    throw error
  }
  chmodSync(folder, mode) // whatever the umask
}
