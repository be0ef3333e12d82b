/**
 * Compares a database with a backup of it: what only grows must still begin as it was. This finds what no database can
 * know of itself: the end of a chain cut off, a chain written anew from its first event, entries of the audit.
 */
import type { Kysely } from 'kysely'
import type { Database } from '../database.ts'
import type { OnAlteration } from '../platform/alteration.ts'
import { type BackedUpRow, backedUpRows, linesOf } from '../platform/backup/backup-rows.ts'
import type { Backup } from '../platform/backup/read-backup.ts'
import type { OneConnection } from '../platform/db/one-connection.ts'
import { isUuid } from '../platform/ids.ts'
import * as queries from './evidence.queries.ts'

export type ComparedEvidence = {
  sessions: number
  auditEntries: number
  /** False for a backup from before documents had a ledger. */
  hasDocumentLedger: boolean
}

const atOnce = 1_000

/** In `one`'s transaction. Throws an error for people when the backup is another organisation's. */
export async function verifySinceBackup(
  one: OneConnection,
  db: Kysely<Database>,
  backup: Backup,
  onAlteration: OnAlteration,
  onProgress: (what: string) => void = () => {},
): Promise<ComparedEvidence> {
  const organisationId = await queries.findOrganisationId(db)
  if (backup.manifest.organisation?.id !== organisationId)
    throw new Error(`${backup.file} is a backup of another organisation than this database is of.`)
  const sessions = await compareLedgers(db, backup, onAlteration, onProgress)
  const hasDocumentLedger = await compareDocumentLedger(db, backup, onAlteration)
  await compareNumbers(db, backup, onAlteration)
  const auditEntries = await compareAudit(one, backup, onAlteration, onProgress)
  return { sessions, auditEntries, hasDocumentLedger }
}

/** The event that was the last then must be there and have the hash it had; the chain proves those before it. */
async function compareLedgers(
  db: Kysely<Database>,
  backup: Backup,
  onAlteration: OnAlteration,
  onProgress: (what: string) => void,
): Promise<number> {
  let count = 0
  for await (const rows of backedUpRows(backup, 'ledger_head', atOnce)) {
    const heads = rows.map((row) => ({ sessionId: row.column('session_id'), ...linkOf(row) }))
    const found = await queries.findLinks(db, heads)
    for (const { sessionId, sequence, hash } of heads.filter((head) => head.sequence > 0)) {
      const link = found.get(sessionId)
      if (link?.hash === hash) continue
      onAlteration({
        kind: 'attendance',
        id: sessionId,
        reference: link?.reference ?? null,
        sequence,
        ...cutOrRewritten(link?.hash, sequence),
      })
    }
    count += rows.length
    onProgress(`attendance since the backup: ${count} sessions`)
  }
  return count
}

function linkOf(row: BackedUpRow): { sequence: number; hash: string } {
  return { sequence: Number(row.column('sequence')), hash: row.column('hash') }
}

function cutOrRewritten(hash: string | null | undefined, sequence: number): { code: string; detail: string } {
  return typeof hash === 'string'
    ? { code: 'rewritten', detail: `events up to ${sequence} are not those of the backup` }
    : { code: 'cut-off', detail: `the backup has event ${sequence}, which is gone` }
}

async function compareDocumentLedger(
  db: Kysely<Database>,
  backup: Backup,
  onAlteration: OnAlteration,
): Promise<boolean> {
  for await (const rows of backedUpRows(backup, 'document_head', atOnce)) {
    for (const { sequence, hash } of rows.map(linkOf).filter((head) => head.sequence > 0)) {
      const found = await queries.findDocumentLink(db, sequence)
      if (found === hash) continue
      const fault = cutOrRewritten(found, sequence)
      onAlteration({ kind: 'document', id: 'ledger', reference: null, sequence, ...fault })
    }
  }
  return backup.manifest.tables.some(({ name }) => name === 'document_head')
}

async function compareNumbers(
  db: Kysely<Database>,
  backup: Backup,
  onAlteration: OnAlteration,
): Promise<void> {
  const now = await queries.lastNumbers(db)
  for await (const rows of backedUpRows(backup, 'document_number', atOnce)) {
    for (const row of rows) {
      const id = `${row.column('kind')} ${row.column('year')}`
      const last = Number(row.column('last_number'))
      if ((now.get(id) ?? 0) >= last) continue
      const detail = `the backup has number ${last}, the last one now is ${now.get(id) ?? 'none'}`
      onAlteration({ kind: 'numbers', id, reference: null, code: 'cut-off', sequence: null, detail })
    }
  }
}

/**
 * The audit is not chained: a chain would let only one transaction write at a time. Instead every entry of the backup
 * must still be there, to the letter.
 */
async function compareAudit(
  one: OneConnection,
  backup: Backup,
  onAlteration: OnAlteration,
  onProgress: (what: string) => void,
): Promise<number> {
  const columns = backup.manifest.tables.find(({ name }) => name === 'audit_entry')?.columns ?? []
  let count = 0
  for await (const rows of backedUpRows(backup, 'audit_entry', atOnce)) {
    const now = await readAudit(one, columns, rows)
    for (const row of rows) {
      const found = now.get(row.column('id'))
      if (found === row.line) continue
      const what = `entry ${row.column('sequence')} (${row.column('action')})`
      onAlteration({
        kind: 'audit',
        id: row.column('id'),
        reference: null,
        sequence: Number(row.column('sequence')),
        ...(found === undefined
          ? { code: 'missing', detail: `${what} is gone` }
          : { code: 'differs', detail: `${what} is not what was written` }),
      })
    }
    count += rows.length
    onProgress(`audit since the backup: ${count} entries`)
  }
  return count
}

/** The same entries as they stand now, by id, written as in the backup. */
async function readAudit(
  one: OneConnection,
  columns: readonly string[],
  rows: readonly BackedUpRow[],
): Promise<Map<string, string>> {
  const ids = rows.map((row) => row.column('id'))
  if (!ids.every(isUuid)) throw new Error('audit_entry of the backup has an id that is none')
  const list = columns.map((column) => `"${column}"`).join(', ')
  const among = ids.map((id) => `'${id}'`).join(', ')
  const stream = one.copyOut(`copy (select id, ${list} from audit_entry where id in (${among})) to stdout`)
  const found = new Map<string, string>()
  for await (const line of linesOf(stream)) {
    const end = line.indexOf('\t')
    found.set(line.slice(0, end), line.slice(end + 1))
  }
  return found
}
