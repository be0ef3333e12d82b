/** The file that PostgreSQL writes its messages to, and what it wrote since this start. */
import { closeSync, fchownSync, fstatSync, openSync, readFileSync, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { Place } from './embedded-paths.ts'

export type ServerLog = {
  descriptor: number
  close(): void
  written(): string
}

const largestLogBytes = 1_000_000

export function openLog(place: Place): ServerLog {
  const path = join(place.folder, 'postgresql.log')
  const descriptor = openForAppending(path, place)
  const start = fstatSync(descriptor).size
  return {
    descriptor,
    close: () => closeSync(descriptor),
    written: () => readFileSync(path).subarray(start).toString(),
  }
}

function openForAppending(path: string, place: Place): number {
  const size = statSync(path, { throwIfNoEntry: false })?.size ?? 0
  if (size > largestLogBytes) renameSync(path, `${path}.1`)
  const descriptor = openSync(path, 'a', 0o600)
  if (place.account) fchownSync(descriptor, place.account.uid, place.account.gid)
  return descriptor
}
