/** PostgreSQL's own data folder: made once, in French and UTF-8, and kept to the version that made it. */
import { execFile } from 'node:child_process'
import { open, readFile, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { type Binaries, programEnvironment } from './embedded-binaries.ts'
import { holdsCluster, makePrivateFolder, type Place, unfinishedIn } from './embedded-paths.ts'
import { codeOf, failedProgram, unusableDatabase } from './embedded-problems.ts'

export const superuser = 'preau'

/** Makes the cluster if there is none; refuses one of another PostgreSQL version. */
export async function prepareCluster(place: Place, binaries: Binaries, durable: boolean): Promise<void> {
  if (!holdsCluster(place.cluster)) await createCluster(place, binaries, durable)
  const version = (await readFile(join(place.cluster, 'PG_VERSION'), 'utf8')).trim()
  if (version === binaries.majorVersion) return
  throw unusableDatabase(
    `The data in ${place.cluster} belong to PostgreSQL ${version}, and this Préau brings PostgreSQL ` +
      `${binaries.majorVersion}: back them up with the Préau that wrote them, and restore the backup with this one.`,
  )
}

/** Made beside its place and renamed, so that a start cut off leaves no half-made cluster, and one of two wins. */
async function createCluster(place: Place, binaries: Binaries, durable: boolean): Promise<void> {
  const unfinished = unfinishedIn(place, 'pg')
  try {
    makePrivateFolder(unfinished, place.account)
    await initialise(place, binaries, unfinished, durable)
    await rename(unfinished, place.cluster)
    await makeRenameDurable(place.folder)
  } catch (error) {
    await rm(unfinished, { recursive: true, force: true })
    if (holdsCluster(place.cluster)) return // another first start was faster
    if (codeOf(error) !== 'ENOTEMPTY' && codeOf(error) !== 'EEXIST') throw error
    throw unusableDatabase(`${place.cluster} holds files that are not a PostgreSQL database.`)
  }
}

/**
 * The character types of C.UTF-8, because with those of C the text search takes « and ’ for letters; macOS may know them
 * under another name only, and C is left for a system that has neither. Sorting does not depend on them: ICU sorts.
 */
const characterTypes = ['C.UTF-8', 'en_US.UTF-8', 'C']

async function initialise(place: Place, binaries: Binaries, folder: string, durable: boolean): Promise<void> {
  let output = ''
  for (const characterType of characterTypes) {
    const run = await runInitdb(place, binaries, [
      `--pgdata=${folder}`,
      `--username=${superuser}`,
      '--encoding=UTF8',
      '--locale-provider=icu',
      '--icu-locale=fr',
      '--locale=C',
      `--lc-ctype=${characterType}`,
      '--text-search-config=french',
      '--auth-local=trust',
      '--auth-host=reject',
      ...(durable ? [] : ['--no-sync']),
    ])
    if (run.succeeded) return
    output = run.output
    if (!output.includes('invalid locale name')) break
  }
  throw failedProgram('The database could not be created', place.folder, output)
}

type Run = { succeeded: boolean; output: string }

function runInitdb(place: Place, binaries: Binaries, args: string[]): Promise<Run> {
  return new Promise((resolve) => {
    const options = { ...place.account, cwd: '/', env: programEnvironment }
    execFile(binaries.initdb, args, options, (error, _stdout, stderr) => {
      resolve({ succeeded: error === null, output: stderr || String(error?.message) })
    })
  })
}

async function makeRenameDurable(folder: string): Promise<void> {
  const handle = await open(folder, 'r')
  try {
    await handle.sync()
  } finally {
    await handle.close()
  }
}
