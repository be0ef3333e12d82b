/** Entity tags (RFC 9110 §8.8.3): what a client has seen, for `If-None-Match` on reads and `If-Match` on changes. */
import { hash } from 'node:crypto'
import type { Context } from 'hono'
import { ifMatchMissing, stale } from '../problems.ts'

/**
 * The strong tag of an answer: a hash of its bytes, behind the version of the entity where it has one. The hash, because
 * an answer tells more than its row (seats left, the trainers' names) and not the same to everybody; the version, because
 * it is all that `If-Match` looks at: who changes a row need not have seen its latest surroundings.
 */
export function entityTag(content: string, version?: number): string {
  const digest = hash('sha256', content).slice(0, 32)
  return version === undefined ? `"${digest}"` : `"${version}-${digest}"`
}

/** The tag of stored bytes, which are known by their hash. */
export function tagOfHash(sha256: string): string {
  return `"${sha256}"`
}

/** Whether `If-None-Match` names the tag: one of a list, compared weakly, or any by `*` (RFC 9110 §13.1.2). */
export function isKnown(c: Context, tag: string): boolean {
  const header = c.req.header('if-none-match')
  if (header === undefined) return false
  const named: string[] = header.match(/"[^"]*"/g) ?? []
  return header.trim() === '*' || named.includes(tag)
}

/**
 * The version that `If-Match` names, or '*' (RFC 9110 §13.1.1). Missing: 428. Not one of our tags: 412, since it matches
 * nothing.
 */
export function readIfMatch(c: Context): number | '*' {
  const header = c.req.header('if-match')?.trim()
  if (!header) throw ifMatchMissing()
  if (header === '*') return '*'
  // Proxies that compress weaken the tag, or write their method behind it.
  const version = /^(?:W\/)?"(\d{1,9})(?:-[\w-]+)?"$/.exec(header)?.[1]
  if (version === undefined) throw stale()
  return Number(version)
}

/** To be called on the locked row. Throws 412 when it has another version. */
export function assertVersion(row: { version: number }, ifMatch: number | '*'): void {
  if (ifMatch !== '*' && ifMatch !== row.version) throw stale()
}
