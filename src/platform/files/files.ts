/** Bytes addressed by their SHA-256, in PostgreSQL. */
import { createHash } from 'node:crypto'
import type { Kysely, Transaction } from 'kysely'
import type { Database } from '../../database.ts'

/** In lower case; a string counts as its UTF-8 bytes. */
export function sha256Hex(data: Uint8Array | string): string {
  return createHash('sha256').update(data).digest('hex')
}

/** Stores bytes once, whoever stores them at the same moment; returns their SHA-256. */
export async function storeFile(
  trx: Transaction<Database>,
  file: { bytes: Uint8Array; mediaType: string; storedAt: Temporal.Instant },
): Promise<string> {
  const sha256 = sha256Hex(file.bytes)
  await trx
    .insertInto('storedFile')
    .values({
      sha256,
      mediaType: file.mediaType,
      size: file.bytes.byteLength,
      bytes: Buffer.from(file.bytes),
      createdAt: file.storedAt,
    })
    .onConflict((conflict) => conflict.column('sha256').doNothing())
    .execute()
  return sha256
}

/** Undefined when no file has this hash. */
export async function readStoredFile(
  db: Kysely<Database>,
  sha256: string,
): Promise<{ bytes: Buffer; mediaType: string } | undefined> {
  return db
    .selectFrom('storedFile')
    .select(['bytes', 'mediaType'])
    .where('sha256', '=', sha256)
    .executeTakeFirst()
}
