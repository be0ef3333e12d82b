/** Proves stored files: their bytes are their hash and size, and each belongs to something. */
import { type Kysely, sql } from 'kysely'
import type { Database } from '../../database.ts'
import type { OnAlteration } from '../alteration.ts'

/** Hashed by the database, so that no byte travels: a few hundred at a time, which keeps a statement short. */
const atOnce = 500

type CheckedFile = { sha256: string; isItsHash: boolean; isItsSize: boolean }

/** In the caller's snapshot; returns how many there are. */
export async function verifyFiles(
  db: Kysely<Database>,
  onAlteration: OnAlteration,
  onProgress: (files: number) => void = () => {},
): Promise<number> {
  let count = 0
  let after = ''
  for (;;) {
    const { rows } = await sql<CheckedFile>`
      select sha256, sha256 = encode(sha256(bytes), 'hex') as is_its_hash, size = octet_length(bytes) as is_its_size
      from stored_file where sha256 > ${after} order by sha256 limit ${atOnce}`.execute(db)
    for (const { sha256, isItsHash, isItsSize } of rows) {
      if (!isItsHash) onAlteration(fault(sha256, 'wrong-hash', 'the bytes are not those of this hash'))
      if (!isItsSize) onAlteration(fault(sha256, 'wrong-size', 'the size is not that of the bytes'))
    }
    count += rows.length
    onProgress(count)
    if (rows.length < atOnce) break
    after = rows.at(-1)?.sha256 ?? ''
  }
  await verifyBelonging(db, onAlteration)
  return count
}

function fault(sha256: string, code: string, detail: string): Parameters<OnAlteration>[0] {
  return { kind: 'file', id: sha256, reference: null, code, sequence: null, detail }
}

/** A file is stored in the transaction of what refers to it: one by itself was slipped in, or has lost it. */
async function verifyBelonging(db: Kysely<Database>, onAlteration: OnAlteration): Promise<void> {
  const references = await sql<{ table: string; column: string }>`
    select c.relname::text as table, attname::text as column
    from pg_constraint k join pg_class c on c.oid = conrelid join pg_attribute on attrelid = c.oid and attnum = conkey[1]
    where contype = 'f' and confrelid = 'stored_file'::regclass`.execute(db)
  if (references.rows.length === 0) return
  const belongsNot = references.rows.map(
    ({ table, column }) =>
      sql`not exists (select from ${sql.id(table)} where ${sql.id(table, column)} = stored_file.sha256)`,
  )
  const { rows } = await sql<{ sha256: string }>`
    select sha256 from stored_file where ${sql.join(belongsNot, sql` and `)} order by sha256`.execute(db)
  for (const { sha256 } of rows) onAlteration(fault(sha256, 'unfounded', 'no document has this file'))
}
