/** `If-Match` and versions (RFC 9110 §13.1.1): who changes something says which version they saw. */
import type { Context } from 'hono'
import { ifMatchMissing, stale } from '../problems.ts'

/** The version that `If-Match` names, or '*'. Missing: 428. Not one of our ETags: 412, since it matches nothing. */
export function readIfMatch(c: Context): number | '*' {
  const header = c.req.header('if-match')?.trim()
  if (!header) throw ifMatchMissing()
  if (header === '*') return '*'
  // Proxies that compress weaken the tag.
  const version = /^(?:W\/)?"(\d{1,9})"$/.exec(header)?.[1]
  if (version === undefined) throw stale()
  return Number(version)
}

/** To be called on the locked row. Throws 412 when it has another version. */
export function assertVersion(row: { version: number }, ifMatch: number | '*'): void {
  if (ifMatch !== '*' && ifMatch !== row.version) throw stale()
}
