/** Memory as the system counts it, in megabytes of a million bytes. */
import { execFileSync } from 'node:child_process'
import { globSync, readFileSync } from 'node:fs'

/** What a process has in memory (RSS), with the pages that it shares with others. */
export function residentMemory(pid: number): number {
  return kilobytes(execFileSync('ps', ['-o', 'rss=', '-p', String(pid)], { encoding: 'utf8' }))
}

/**
 * What the children of a process have in memory together, each shared page counted once among those who share it (PSS):
 * PostgreSQL is many processes around one shared memory. Only Linux tells; undefined elsewhere.
 */
export function memoryOfChildren(pid: number): number | undefined {
  if (process.platform !== 'linux') return undefined
  return descendantsOf(pid).reduce((sum, child) => sum + proportionalMemory(child), 0)
}

function proportionalMemory(pid: number): number {
  const [, pss = ''] = /^Pss:\s+(\d+) kB/m.exec(readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')) ?? []
  return kilobytes(pss)
}

function descendantsOf(pid: number): number[] {
  const children = globSync(`/proc/${pid}/task/*/children`).flatMap((file) =>
    readFileSync(file, 'utf8').split(' ').filter(Boolean).map(Number),
  )
  return children.flatMap((child) => [child, ...descendantsOf(child)])
}

function kilobytes(text: string): number {
  return (Number(text) * 1024) / 1_000_000
}
