/** Filters shared by the slices' queries. */
import { type RawBuilder, sql } from 'kysely'
import { fold } from '../fold.ts'

/**
 * `text` contains `part`, whatever case, accents and punctuation; a part without a letter or digit is in none. Quick
 * where there is a trigram index on `fold(text)`.
 */
export function contains(text: RawBuilder<string>, part: string): RawBuilder<boolean> {
  const folded = fold(part)
  return folded === '' ? sql<boolean>`false` : like(sql`fold(${text})`, `%${asWritten(folded)}%`)
}

/** `text like pattern`; see `asWritten`. */
export function like(text: RawBuilder<string>, pattern: string): RawBuilder<boolean> {
  return sql<boolean>`${text} like ${pattern}`
}

/** For a pattern of `like`: `%`, `_` and `\` mean themselves. */
export function asWritten(text: string): string {
  return text.replaceAll(/[\\%_]/g, (character) => `\\${character}`)
}

/** For `=`: one of these ids, in one parameter however many there are. */
export function anyOf(ids: readonly string[]): RawBuilder<string> {
  return sql<string>`any(${[...ids]}::uuid[])`
}

/** For `=` on a lower-cased column: one of these texts, whatever their case. */
export function anyOfLower(texts: readonly string[]): RawBuilder<string> {
  return sql<string>`any(select lower(wanted) from unnest(${[...texts]}::text[]) wanted)`
}
