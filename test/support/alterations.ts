/** Somebody with the database alters it behind the back of Préau, looks at what is found, and puts it back. */
import { type Kysely, sql, type Transaction } from 'kysely'
import type { Database } from '../../src/database.ts'

/** Tables that hold attendance and its proof: every row and every column of them is evidence. */
export const attendanceEvidence = [
  'activity_completion',
  'attendance_event',
  'attendance_mark',
  'attendance_payload',
  'attendance_scan',
  'attendance_scan_slot',
  'attendance_signature',
  'connection_log',
  'ledger_checkpoint',
  'ledger_checkpoint_head',
  'ledger_head',
  'ledger_key',
  'signature_waiver',
  'slot_seal',
  'trainer_signature',
] as const

/** Another value of the type, made from the column’s own. */
export const otherValue: Record<string, string> = {
  uuid: 'gen_random_uuid()',
  text: `coalesce(:column, '') || 'x'`,
  int4: 'coalesce(:column, 0) + 1000',
  int8: 'coalesce(:column, 0) + 1000',
  bool: 'not coalesce(:column, false)',
  date: `coalesce(:column, '2026-01-01') + 1`,
  timestamptz: `coalesce(:column, '2026-01-01') + interval '1 second'`,
  jsonb: `coalesce(:column, '{}') || '{"slipped": "in"}'`,
  bytea: `:column || 'x'`,
}

export type Column = { table: string; column: string; type: string; isNullable: boolean }

/** What a column is changed to: another value; and one where there was none. */
export function changesOf({ table, column, type, isNullable }: Column): string[] {
  const value = otherValue[type]?.replaceAll(':column', `"${column}"`)
  if (value === undefined) throw new Error(`no other value of type ${type} (${table}.${column}): add one`)
  return [value, ...(isNullable ? [`case when "${column}" is null then ${value} end`] : [])]
}

export async function columnsOf(db: Kysely<Database>, tables: readonly string[]): Promise<Column[]> {
  const { rows } = await sql<Column>`
    select table_name as "table", column_name as "column", udt_name as type, is_nullable = 'YES' as is_nullable
    from information_schema.columns
    where table_schema = 'public' and is_generated = 'NEVER' and table_name = any(${[...tables]})
    order by 1, ordinal_position`.execute(db)
  return rows
}

/** The tables that the database keeps from being changed. */
export async function guardedTables(db: Kysely<Database>): Promise<string[]> {
  const { rows } = await sql<{ table: string }>`
    select distinct tgrelid::regclass::text as "table" from pg_trigger join pg_proc p on p.oid = tgfoid
    where proname = 'refuse_change' or proname like 'guard_%' order by 1`.execute(db)
  return rows.map(({ table }) => table)
}

const restored = new Error('as it was')

/** Statements, or work of another kind, past all triggers; nothing of it stays. */
export async function tamper<T>(
  db: Kysely<Database>,
  change: readonly string[] | ((trx: Transaction<Database>) => Promise<void>),
  look: (trx: Transaction<Database>) => Promise<T>,
): Promise<T> {
  let seen: { value: T } | undefined
  await db
    .transaction()
    .execute(async (trx) => {
      await sql`set local session_replication_role = replica`.execute(trx)
      if (typeof change === 'function') await change(trx)
      else for (const statement of change) await sql.raw(statement).execute(trx)
      seen = { value: await look(trx) }
      throw restored
    })
    .catch((error) => {
      if (error !== restored) throw error
    })
  return (seen as { value: T }).value
}

/** Whoever has the database takes its checks off first, and what keeps two rows from being alike. */
export async function dropConstraints(db: Kysely<Database>, tables: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ statement: string }>`
    select format('alter table %s drop constraint %I cascade', conrelid::regclass, conname) as statement
    from pg_constraint where contype in ('c', 'u') and conrelid::regclass::text = any(${[...tables]})`.execute(
    db,
  )
  return rows.map((row) => row.statement)
}
