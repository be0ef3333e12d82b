/** Folders that carry the number of the test run, so that the next run removes what a killed one has left. */

import { spawnSync } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import {
  existsSync,
  globSync,
  readdirSync,
  readFileSync,
  rmdirSync,
  rmSync,
  statfsSync,
  statSync,
} from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import { isRoot, isRunning } from '../../src/platform/db/embedded-system.ts'

/** Where the databases of folders that PostgreSQL cannot reach are kept when root starts them. */
const relocated = '/var/lib/preau'

/** Files kept in memory, on Linux. */
const memory = '/dev/shm'

/** A run takes a third of it. */
const roomyBytes = 6 * 2 ** 30

/**
 * A database is some hundred files. ext4 makes each of them slowly for minutes after others were deleted, since it goes
 * over every number that was in use a moment ago; nothing here has to survive a power cut either.
 */
const fastest = isRoomy(memory) ? memory : tmpdir()

/** Whether that much can lie there without pressing anybody, and programs run from there. */
function isRoomy(folder: string): boolean {
  if (!existsSync(folder)) return false
  const { bavail, bsize } = statfsSync(folder)
  if (Math.min(bavail * bsize, process.availableMemory()) < roomyBytes) return false
  const mount = readFileSync('/proc/mounts', 'utf8')
    .split('\n')
    .find((line) => line.split(' ')[1] === folder)
  return mount !== undefined && !/\bnoexec\b/.test(mount)
}

/**
 * A path at which there is nothing yet: in memory where there is room, else in the temporary folder. `onDisk`: in the
 * temporary folder anyway, for who measures.
 */
export function newTestFolder({ onDisk = false } = {}): string {
  return join(onDisk ? tmpdir() : fastest, `preau-test-${process.pid}-${randomBytes(4).toString('hex')}`)
}

/** Removes the folder, and the databases relocated from folders whose name begins with its name. */
export function removeTestFolder(folder: string): void {
  remove((name) => name.startsWith(basename(folder)))
}

/** Removes the folder of relocated databases itself if it is empty: at the end of the run, when no test needs it. */
export function removeRelocated(): void {
  if (existsSync(relocated) && readdirSync(relocated).length === 0) rmdirSync(relocated)
}

/** Removes the folders of test runs that ended without doing so, unless their PostgreSQL still runs. */
export function sweepTestFolders(): void {
  remove((name, folder) => {
    const pid = Number(/^preau-test-(\d+)-/.exec(name)?.[1])
    return pid > 0 && !isRunning(pid) && !isServed(folder)
  })
}

function remove(isToGo: (name: string, folder: string) => boolean): void {
  for (const parent of [memory, tmpdir(), relocated].filter(existsSync)) {
    for (const name of readdirSync(parent)) {
      const folder = join(parent, name)
      if (!isToGo(name, folder) || !isOurs(folder)) continue
      spawnSync('chmod', ['-R', 'u+w', folder]) // some tests make folders that cannot be written
      rmSync(folder, { recursive: true, force: true })
    }
  }
}

function isOurs(folder: string): boolean {
  return isRoot() || statSync(folder, { throwIfNoEntry: false })?.uid === process.getuid?.()
}

function isServed(folder: string): boolean {
  return globSync('**/pg/postmaster.pid', { cwd: folder }).some((file) =>
    isRunning(Number.parseInt(readFileSync(join(folder, file), 'utf8'), 10)),
  )
}
