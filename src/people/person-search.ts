/** Finding people by what somebody has typed so far of their names or address. */
import { type Kysely, type RawBuilder, sql } from 'kysely'
import type { Database } from '../database.ts'
import { asWritten, like } from '../platform/db/filter.ts'
import { foldedWords } from '../platform/fold.ts'

const searchWords = sql<string>`person.search_words`

// A slip in three letters leaves nothing to go by.
const shortestMistyped = 4
/** Names have fewer words; each costs a look at all that resemble it. */
const mostNear = 8

/**
 * Each word of `q`, in any order, begins a word of the person's names or of the address up to its @; what has an @ is a
 * part of the address. `near`: or is within a word, or is nearly one. False when `q` has no word.
 */
export function matchesPerson(q: string, nearness: 'exact' | 'near'): RawBuilder<boolean> {
  const conditions = [...new Set(q.split(/\s+/))].flatMap((token) => {
    const words = foldedWords(token)
    if (words.length > 0 && token.includes('@')) return [isPart(token.toLowerCase())]
    return words.map(nearness === 'exact' ? begins : comesNear)
  })
  if (nearness === 'near' && conditions.length > mostNear) return sql<boolean>`false`
  return conditions.length === 0 ? sql<boolean>`false` : sql.join<boolean>(conditions, sql` and `)
}

function begins(word: string): RawBuilder<boolean> {
  return like(searchWords, `% ${asWritten(word)}%`)
}

function isPart(text: string): RawBuilder<boolean> {
  return like(searchWords, `%${asWritten(text)}%`)
}

function comesNear(word: string): RawBuilder<boolean> {
  if (word.length < shortestMistyped) return begins(word)
  return sql<boolean>`(${isPart(word)} or ${word} <% ${searchWords} and exists (
    select from unnest(string_to_array(${searchWords}, ' ')) word where is_typo_of(word, ${word})
  ))`
}

/**
 * For a read with `matchesPerson(…, 'near')`: words that share three tenths of their trigrams are looked at, which is
 * what a slip leaves of a short name; whether it is one, `is_typo_of` decides.
 */
export async function withNearWords<T>(
  db: Kysely<Database>,
  read: (db: Kysely<Database>) => Promise<T>,
): Promise<T> {
  if (!db.isTransaction)
    return db
      .transaction()
      .setAccessMode('read only')
      .execute((trx) => withNearWords(trx, read))
  await sql`set local pg_trgm.word_similarity_threshold = 0.3`.execute(db)
  return read(db)
}
