/** The audit, read: every filter has its index, in the order in which the log is shown. */
import { type Kysely, type RawBuilder, type Selectable, sql } from 'kysely'
import type { Database } from '../database.ts'
import type { AuditEntryTable } from '../platform/audit/audit.tables.ts'
import {
  cursorInstant,
  decodeCursor,
  invalidCursor,
  type Page,
  type PageQuery,
  toPage,
} from '../platform/http/pagination.ts'
import type { AuditFilter } from './audit-log.schema.ts'

export type AuditEntry = Selectable<AuditEntryTable> & { actorName: string | null }

/** The filter with its span as instants: `since` belongs to it, `until` does not. */
export type AuditSelection = Omit<AuditFilter, 'from' | 'to'> & {
  since?: Temporal.Instant | undefined
  until?: Temporal.Instant | undefined
}

/** Newest first: by time, then by sequence. Actors are named as they are called now. */
export async function listEntries(
  db: Kysely<Database>,
  selection: AuditSelection,
  page: PageQuery,
): Promise<Page<AuditEntry>> {
  const entries = db
    .selectFrom('auditEntry')
    .leftJoin('account', 'account.id', 'auditEntry.actorAccountId')
    .leftJoin('person', 'person.id', 'account.personId')
    .selectAll('auditEntry')
    .select(sql<string | null>`person.first_name || ' ' || person.last_name`.as('actorName'))
    .orderBy('auditEntry.occurredAt', 'desc')
    .orderBy('auditEntry.sequence', 'desc')
    .limit(page.limit + 1)
  const conditions = [...conditionsOf(selection), ...after(page)]
  const rows = await conditions.reduce((query, condition) => query.where(condition), entries).execute()
  return toPage(rows, page.limit, (row) => [row.occurredAt.toString(), String(row.sequence), row.id])
}

function conditionsOf(selection: AuditSelection): RawBuilder<boolean>[] {
  const { since, until, action, actorAccountId, subjectKind, subjectId, personId, requestId } = selection
  return [
    since && sql<boolean>`audit_entry.occurred_at >= ${since}`,
    until && sql<boolean>`audit_entry.occurred_at < ${until}`,
    action !== undefined && isAction(action),
    actorAccountId !== undefined && sql<boolean>`audit_entry.actor_account_id = ${actorAccountId}`,
    subjectKind !== undefined && sql<boolean>`audit_entry.subject_kind = ${subjectKind}`,
    subjectId !== undefined && sql<boolean>`audit_entry.subject_id = ${subjectId}`,
    personId !== undefined && concerns(personId),
    requestId !== undefined && sql<boolean>`audit_entry.request_id = ${requestId}`,
  ].filter((condition) => condition !== undefined && condition !== false)
}

/** `enrolment.` is every action of that kind. */
function isAction(action: string): RawBuilder<boolean> {
  return action.endsWith('.')
    ? sql<boolean>`split_part(audit_entry.action, '.', 1) = ${action.slice(0, -1)}`
    : sql<boolean>`audit_entry.action = ${action}`
}

/** The person, and what is the person's own. */
function concerns(personId: string): RawBuilder<boolean> {
  return sql<boolean>`audit_entry.subject_id = any(array(
    select ${personId}::uuid
    union all select id from account where person_id = ${personId}
    union all select id from enrolment where person_id = ${personId}
    union all select id from issued_document where person_id = ${personId}
  ))`
}

function after({ cursor }: PageQuery): RawBuilder<boolean>[] {
  const position = decodeCursor(cursor, 3)
  if (!position) return []
  const [occurredAt, sequence = ''] = position
  if (!/^\d{1,15}$/.test(sequence)) throw invalidCursor()
  return [
    sql<boolean>`(audit_entry.occurred_at, audit_entry.sequence)
      < (${cursorInstant(occurredAt)}, ${sequence}::bigint)`,
  ]
}
