/** What the database itself promises, proved: it can be told to look away, and then keeps what should not be. */
import { type Kysely, sql } from 'kysely'
import type { Database } from '../../database.ts'
import type { OnAlteration } from '../alteration.ts'

type ForeignKey = { name: string; from: string; to: string; columns: string[]; toColumns: string[] }

/** Rows that refer to rows that are not there; returns how many kinds of references were followed. */
export async function verifyReferences(db: Kysely<Database>, onAlteration: OnAlteration): Promise<number> {
  const keys = await sql<ForeignKey>`
    select conname::text as name, conrelid::regclass::text as from, confrelid::regclass::text as to,
      array(select attname::text from unnest(conkey) with ordinality as k (attnum, position)
        join pg_attribute a using (attnum) where a.attrelid = conrelid order by position) as columns,
      array(select attname::text from unnest(confkey) with ordinality as k (attnum, position)
        join pg_attribute a using (attnum) where a.attrelid = confrelid order by position) as to_columns
    from pg_constraint
    where contype = 'f' and connamespace = (select oid from pg_namespace where nspname = current_schema())
    order by 1`.execute(db)
  for (const key of keys.rows) await verifyReference(db, key, onAlteration)
  return keys.rows.length
}

async function verifyReference(
  db: Kysely<Database>,
  { from, to, columns, toColumns }: ForeignKey,
  onAlteration: OnAlteration,
): Promise<void> {
  const refers = columns.map((column) => sql`origin.${sql.id(column)} is not null`)
  const leadsTo = columns.map(
    (column, index) => sql`target.${sql.id(toColumns[index] ?? '')} = origin.${sql.id(column)}`,
  )
  const values = columns.map((column) => sql`origin.${sql.id(column)}::text`)
  const { rows } = await sql<{ key: string; value: string }>`
    select coalesce(to_jsonb(origin) ->> 'id', to_jsonb(origin) ->> ${columns[0] ?? ''}) as key,
      concat_ws(' ', ${sql.join(values)}) as value
    from ${sql.raw(from)} origin
    where ${sql.join(refers, sql` and `)}
      and not exists (select from ${sql.raw(to)} target where ${sql.join(leadsTo, sql` and `)})
    order by 1, 2`.execute(db)
  for (const { key, value } of rows) {
    const detail = `${from}.${columns.join(', ')} says ${value}, which is not in ${to}`
    onAlteration({
      kind: 'reference',
      id: key,
      reference: null,
      code: 'leads-nowhere',
      sequence: null,
      detail,
    })
  }
}

/** Triggers that keep evidence as it is and were switched off. */
export async function verifyTriggers(db: Kysely<Database>, onAlteration: OnAlteration): Promise<number> {
  const { rows } = await sql<{ id: string; isOn: boolean; table: string; name: string }>`
    select tgname::text as id, tgenabled in ('O', 'A') as is_on, c.relname::text as table
    from pg_trigger join pg_class c on c.oid = tgrelid
    where relnamespace = (select oid from pg_namespace where nspname = current_schema()) and not tgisinternal
    order by 3, 1`.execute(db)
  for (const { id, isOn, table } of rows) {
    if (isOn) continue
    const detail = `a trigger of ${table} is switched off`
    onAlteration({ kind: 'trigger', id, reference: null, code: 'switched-off', sequence: null, detail })
  }
  return rows.length
}
