/** The file that PostgreSQL writes its messages to, and what it wrote since this start. */
import { closeSync, fchownSync, fstatSync, openSync, readFileSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Place } from './embedded-paths.ts'
import { unusableFolder } from './embedded-problems.ts'

export type ServerLog = {
  descriptor: number
  close(): void
  written(): string
  /** The last messages, without their time and process number. */
  lastLines(): string[]
}

const largestLogBytes = 1_000_000

export function openLog(place: Place): ServerLog {
  const path = join(place.folder, 'postgresql.log')
  const descriptor = openForAppending(path, place)
  const start = fstatSync(descriptor).size
  const written = () => readFileSync(path).subarray(start).toString()
  return {
    descriptor,
    close: () => closeSync(descriptor),
    written,
    lastLines: () =>
      written()
        .split('\n')
        .filter((line) => line.trim() !== '')
        .slice(-5)
        .map((line) => line.replace(/^\d{4}-\d\d-\d\d .*? \[\d+\] /, '').replace(/\s+/g, ' ')),
  }
}

function openForAppending(path: string, place: Place): number {
  try {
    const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
    if (size > largestLogBytes) renameSync(path, `${path}.1`)
    const descriptor = openSync(path, 'a', 0o600)
    if (place.account) fchownSync(descriptor, place.account.uid, place.account.gid)
    return descriptor
  } catch (error) {
    throw unusableFolder(place.folder, error)
  }
}
