/** Finding trainings in French: what somebody typed, as a question to the search documents that the database keeps. */
import { type RawBuilder, sql } from 'kysely'
import { foldedWords } from '../platform/fold.ts'

/** As typed, in any form of the word or as its beginning; or also what nearly is, or contains, one of the words. */
type Nearness = 'exact' | 'near'

// Words that say nothing of what a training is about. Elided ones too (l’, d’, qu’), as `fold` parts them.
const smallWords = new Set(
  `a ai as au aux avec c ce ces cet cette d dans de des du elle en entre es est et etre eux il ils j je l la le les leur
  leurs lui m ma mais me mes moi mon n ne nos notre nous on ont ou par pas pour qu que qui s sa sans se ses si son sont
  sur t ta te tes toi ton tu un une vers vos votre vous y`.split(/\s+/),
)

const about = {
  published: sql.raw('trainings_published_about'),
  edited: sql.raw('trainings_edited_about'),
}

/** From three letters on the beginning of a word finds it; fewer begin too many. */
const shortestBeginning = 3
/** Of a shorter word, what comes near is chance. */
const shortestNear = 4
/** Each is compared with every word of the catalogue. */
const mostNear = 8

type Token = { words: string[]; isPhrase: boolean; isExcluded: boolean }

/**
 * A training has all of these words, in any form and order, as the catalogue shows it (`published`) or with its draft
 * (`edited`): words, a "phrase in quotes", and -words that must not be there. Small words (de, la) count only where there
 * is nothing else, and then in title and code. False when `q` has no word.
 */
export function matchesTraining(
  version: keyof typeof about,
  q: string,
  nearness: Nearness,
): RawBuilder<boolean> {
  const question = questionOf(q, nearness)
  return question === undefined
    ? sql<boolean>`false`
    : sql<boolean>`training.id in (select id from ${about[version]}(${question}) id)`
}

function questionOf(q: string, nearness: Nearness): RawBuilder<unknown> | undefined {
  const tokens = readTokens(q)
  const wanted = tokens.filter((token) => !token.isExcluded)
  const telling = wanted.flatMap((token) => (token.isPhrase ? token.words : tellingWords(token)))
  if (nearness === 'near' && telling.length > mostNear) return undefined
  const parts =
    telling.length > 0
      ? wanted.flatMap((token) => asked(token, nearness))
      : wanted.flatMap((token) => token.words.map(inTitle))
  const excluded = tokens.filter((token) => token.isExcluded).map(without)
  const all = [...parts, ...excluded]
  return all.length === 0 ? undefined : sql`(${sql.join(all, sql` && `)})`
}

function tellingWords({ words }: Token): string[] {
  return words.filter((word) => !smallWords.has(word))
}

/** Each once, however often it was typed. */
function readTokens(q: string): Token[] {
  const tokens = [...q.matchAll(/(?<!\S)(-?)"([^"]*)"?|(\S+)/g)]
    .map(([, minus, phrase, plain = '']) => ({
      words: foldedWords(phrase ?? plain),
      isPhrase: phrase !== undefined,
      isExcluded: minus === '-' || /^-[\p{L}\p{N}]/u.test(plain),
    }))
    .filter((token) => token.words.length > 0)
  return [...new Map(tokens.map((token) => [JSON.stringify(token), token])).values()]
}

function asked(token: Token, nearness: Nearness): RawBuilder<unknown>[] {
  if (token.isPhrase) return [sql`phraseto_tsquery('preau_french', ${token.words.join(' ')})`]
  const telling = tellingWords(token)
  if (nearness === 'near') return telling.map(comesNear)
  const [only] = telling
  if (only === undefined) return []
  return [telling.length === 1 ? inAnyForm(only) : together(telling)]
}

/** `evaluations`: its stem, or a word that begins so. */
function inAnyForm(word: string): RawBuilder<unknown> {
  return sql`(to_tsquery('preau_french', ${quoted(word)}) || to_tsquery('simple', ${beginning(word)}))`
}

/** What was typed as one, `e-learning` or `Word/Excel`: side by side, or written as one word. */
function together(words: readonly string[]): RawBuilder<unknown> {
  const last = words.length - 1
  const sideBySide = words.map((word, index) => (index === last ? beginning(word) : quoted(word)))
  return sql`(phraseto_tsquery('preau_french', ${words.join(' ')})
    || to_tsquery('simple', ${sideBySide.join(' <-> ')}) || to_tsquery('simple', ${beginning(words.join(''))}))`
}

/** As typed, or any word of the catalogue that it may be a slip of, or a part of. */
function comesNear(word: string): RawBuilder<unknown> {
  if (word.length < shortestNear) return sql`to_tsquery('simple', ${`${quoted(word)}:*`})`
  return sql`(${inAnyForm(word)} || coalesce((
    select to_tsquery('simple', string_agg(quote_literal(word), ' | ')) from training_word
    where is_typo_of(word, ${word}) or word like ${`%${word}%`}
  ), ''))`
}

function inTitle(word: string): RawBuilder<unknown> {
  return sql`to_tsquery('simple', ${`${quoted(word)}:A`})`
}

function without({ words, isPhrase }: Token): RawBuilder<unknown> {
  const text = words.join(' ')
  if (isPhrase || words.length > 1) return sql`!! phraseto_tsquery('preau_french', ${text})`
  return sql`!! (to_tsquery('preau_french', ${quoted(text)}) || to_tsquery('simple', ${quoted(text)}))`
}

function beginning(word: string): string {
  return word.length < shortestBeginning ? quoted(word) : `${quoted(word)}:*`
}

/** A word as `to_tsquery` reads it: folded words have neither quotes nor backslashes. */
function quoted(word: string): string {
  return `'${word}'`
}
