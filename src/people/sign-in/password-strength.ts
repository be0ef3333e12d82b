/**
 * How easily a password is guessed, by what attackers try first: lists of breached passwords, French and English words,
 * names, dates, keyboard rows (OWASP ASVS 6.2.4, 6.2.12), and what this person and this organisation are called (6.2.11).
 * Nothing is asked of the network.
 */
import type { ZxcvbnFactory } from '@zxcvbn-ts/core'
import { fold } from '../../platform/fold.ts'

/** What must be tried before it is found: a month of one core against a stolen hash; no online attack comes near. */
const fewestGuesses = 1e8

/**
 * Longer than any attack reaches; what comes after them makes no password weaker. To judge a hundred of them takes up to
 * a third of a second, in which this process does nothing else.
 */
const charactersLookedAt = 40

let estimator: Promise<ZxcvbnFactory> | undefined

// 45 MB of lists, for something done once a year by each person: loaded with the first password that is set.
async function createEstimator(): Promise<ZxcvbnFactory> {
  const [{ ZxcvbnFactory }, common, french] = await Promise.all([
    import('@zxcvbn-ts/core'),
    import('@zxcvbn-ts/language-common'),
    import('@zxcvbn-ts/language-fr'),
  ])
  return new ZxcvbnFactory({
    dictionary: { ...common.dictionary, ...french.dictionary },
    graphs: common.adjacencyGraphs,
    maxLength: charactersLookedAt,
  })
}

/** Whether attackers would come to it early; `about`: names and addresses that are no secret to them. */
export async function isGuessable(password: string, about: readonly string[]): Promise<boolean> {
  estimator ??= createEstimator()
  const zxcvbn = await estimator
  const words = wordsOf(about)
  const isFound = (text: string, tries = 1) => tries * zxcvbn.check(text, words).guesses < fewestGuesses
  const typed = password.normalize('NFKC')
  // «Soleil1234!»: a sign at either end is what everybody adds when told to add one, so it counts for no more than a digit.
  const bare = typed.replaceAll(/^[\p{Punctuation}\p{Symbol}]+|[\p{Punctuation}\p{Symbol}]+$/gu, '')
  const signs = bare === typed ? 1 : 10
  if (isMadeOf(words, typed) || isFound(typed)) return true
  return (bare !== typed && isFound(bare, signs)) || isFound(onEnglishKeys(bare), signs)
}

/** What the same keys write on an English keyboard: «1a2z3e4r» is as well known as `1q2w3e4r`, but not to the lists. */
function onEnglishKeys(text: string): string {
  const keys: Record<string, string> = { a: 'q', q: 'a', z: 'w', w: 'z', A: 'Q', Q: 'A', Z: 'W', W: 'Z' }
  return text.replaceAll(/[aqzw]/gi, (letter) => keys[letter] ?? letter)
}

/** Whether names leave no more of it than a year: `legoff-camille29`. */
function isMadeOf(words: readonly string[], password: string): boolean {
  const letters = fold(password).replaceAll(' ', '')
  const longestFirst = words.toSorted((a, b) => b.length - a.length)
  const rest = longestFirst.reduce((text, word) => text.replaceAll(word, ''), letters)
  return rest !== letters && rest.length <= 4
}

/** Names whole and in parts, with and without their accents. */
function wordsOf(about: readonly string[]): string[] {
  const parts = about.flatMap((text) => [
    text.toLowerCase(),
    fold(text).replaceAll(' ', ''),
    ...fold(text).split(' '),
  ])
  return [...new Set(parts)].filter((word) => word.length >= 3)
}
