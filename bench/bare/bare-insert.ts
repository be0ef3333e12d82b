/** The least that keeping a signature can cost: one row, in a table that nothing else is asked of. */
import type pg from 'pg'

export async function makeTable(pool: pg.Pool): Promise<void> {
  await pool.query(`create table bare_signature (
    id uuid primary key default gen_random_uuid(), slot_id uuid not null, signed_at timestamptz not null default now(),
    strokes jsonb not null)`)
}

export async function bareInsert(
  pool: pg.Pool,
  { slotId, strokes }: { slotId: string; strokes: unknown },
): Promise<unknown> {
  const { rows } = await pool.query(
    'insert into bare_signature (slot_id, strokes) values ($1, $2) returning id, signed_at',
    [slotId, JSON.stringify(strokes)],
  )
  return rows[0]
}
