/** Filters shared by the lists. */
import { type RawBuilder, sql } from 'kysely'

/** `text` contains `part`, whatever case and accents; `%` and `_` mean themselves. */
export function contains(text: RawBuilder<string>, part: string): RawBuilder<boolean> {
  const pattern = `%${part.replaceAll(/[\\%_]/g, (character) => `\\${character}`)}%`
  return sql<boolean>`unaccent(${text}) ilike unaccent(${pattern})`
}
