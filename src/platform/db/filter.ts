/** Filters shared by the slices' queries. */
import { type RawBuilder, sql } from 'kysely'

/** `text` contains `part`, whatever case and accents; `%` and `_` mean themselves. */
export function contains(text: RawBuilder<string>, part: string): RawBuilder<boolean> {
  const pattern = `%${part.replaceAll(/[\\%_]/g, (character) => `\\${character}`)}%`
  return sql<boolean>`unaccent(${text}) ilike unaccent(${pattern})`
}

/** For `=`: one of these ids, in one parameter however many there are. */
export function anyOf(ids: readonly string[]): RawBuilder<string> {
  return sql<string>`any(${[...ids]}::uuid[])`
}

/** For `=` on a lower-cased column: one of these texts, whatever their case. */
export function anyOfLower(texts: readonly string[]): RawBuilder<string> {
  return sql<string>`any(select lower(wanted) from unnest(${[...texts]}::text[]) wanted)`
}
