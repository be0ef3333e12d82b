/** How a session writes values as text. */
import { type Kysely, sql } from 'kysely'
import type { Database } from '../../database.ts'

/** Until the end of the transaction: the same on every server, whatever its settings, in UTC. */
export async function speakPlainly(db: Kysely<Database>): Promise<void> {
  const settings = {
    TimeZone: 'UTC',
    DateStyle: 'ISO, YMD',
    IntervalStyle: 'iso_8601',
    bytea_output: 'hex',
    extra_float_digits: '1',
    client_encoding: 'UTF8',
    row_security: 'off',
  }
  for (const [name, value] of Object.entries(settings)) {
    await sql`select set_config(${name}, ${value}, true)`.execute(db)
  }
}
