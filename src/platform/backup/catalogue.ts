/** What PostgreSQL itself says of the schema: tables, sequences, foreign keys, triggers. Knows no table by name. */
import { type Kysely, sql, type Transaction } from 'kysely'
import type { Database } from '../../database.ts'

export type TableShape = {
  name: string
  /** All that are not computed from others. */
  columns: string[]
  /** For `order by`: the primary key, the same on every server whatever its collations. */
  order: string
}

/** A name as SQL writes it. */
export function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`
}

const ownSchema = sql`(select oid from pg_namespace where nspname = current_schema())`

/** Not the tables of an extension, nor those in which the migrations are counted. */
export async function listTables(db: Kysely<Database>): Promise<TableShape[]> {
  const { rows } = await sql<Omit<TableShape, 'order'> & { keys: string[] }>`
    select c.relname::text as name,
      array(
        select attname::text from pg_attribute
        where attrelid = c.oid and attnum > 0 and not attisdropped and attgenerated = ''
        order by attnum
      ) as columns,
      array(
        select format(case when attcollation = 0 then '%I' else '%I collate "C"' end, attname)
        from pg_index, unnest(indkey::int2[]) with ordinality as key (attnum, position)
        join pg_attribute a using (attnum)
        where indrelid = c.oid and indisprimary and a.attrelid = c.oid
        order by position
      ) as keys
    from pg_class c
    where relkind in ('r', 'p') and not relispartition and relnamespace = ${ownSchema}
      and relname not like 'schema_migration%'
      and not exists (
        select from pg_depend where classid = 'pg_class'::regclass and objid = c.oid and deptype = 'e'
      )
    order by relname collate "C"`.execute(db)
  return rows.map(({ keys, ...table }) => ({
    ...table,
    order: keys.length > 0 ? keys.join(', ') : `${quoted(table.name)}::text collate "C"`,
  }))
}

export type SequenceState = { name: string; lastValue: number; isCalled: boolean }

export async function listSequences(db: Kysely<Database>): Promise<SequenceState[]> {
  const { rows } = await sql<{ name: string }>`
    select relname::text as name from pg_class
    where relkind = 'S' and relnamespace = ${ownSchema} order by relname collate "C"`.execute(db)
  const states: SequenceState[] = []
  for (const { name } of rows) {
    const state = await sql<Omit<SequenceState, 'name'>>`
      select last_value, is_called from ${sql.id(name)}`.execute(db)
    states.push({ name, lastValue: 0, isCalled: false, ...state.rows[0] })
  }
  return states
}

/** Statements to run before and after many rows are loaded, in any order of the tables. */
export type LoadingPlan = { before: string[]; after: string[] }

/**
 * Foreign keys are taken off and put on again, which proves all rows at once and lets tables refer to each other in
 * circles; triggers on insert rest, since what they would write is loaded too. An owner of the tables may do both; all
 * other constraints and triggers stay as they are.
 */
export async function planLoading(trx: Transaction<Database>): Promise<LoadingPlan> {
  const keys = await sql<{ table: string; name: string; definition: string }>`
    select c.relname::text as table, conname::text as name, pg_get_constraintdef(k.oid) as definition
    from pg_constraint k join pg_class c on c.oid = conrelid
    where contype = 'f' and conparentid = 0 and relnamespace = ${ownSchema}
    order by 1, 2`.execute(trx)
  const triggers = await sql<{ table: string; name: string }>`
    select c.relname::text as table, tgname::text as name
    from pg_trigger join pg_class c on c.oid = tgrelid
    where not tgisinternal and tgenabled = 'O' and tgtype & 4 <> 0 and relnamespace = ${ownSchema}
    order by 1, 2`.execute(trx)
  const alter = (table: string, change: string) => `alter table ${quoted(table)} ${change}`
  return {
    before: [
      ...keys.rows.map(({ table, name }) => alter(table, `drop constraint ${quoted(name)}`)),
      ...triggers.rows.map(({ table, name }) => alter(table, `disable trigger ${quoted(name)}`)),
    ],
    after: [
      ...keys.rows.map(({ table, name, definition }) =>
        alter(table, `add constraint ${quoted(name)} ${definition}`),
      ),
      ...triggers.rows.map(({ table, name }) => alter(table, `enable trigger ${quoted(name)}`)),
    ],
  }
}
