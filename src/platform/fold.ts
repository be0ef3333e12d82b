/** How texts are compared when people wrote them: headings, names, values of a closed list, words searched for. */

// Letters that have no accent to take off, yet are typed without their stroke or ligature.
const plainLetters: Record<string, string> = {
  œ: 'oe',
  æ: 'ae',
  ß: 'ss',
  þ: 'th',
  ø: 'o',
  ł: 'l',
  đ: 'd',
  ð: 'd',
  ı: 'i',
  ς: 'σ',
}

// Ranges instead of classes of characters: the database has the same, whatever Unicode it was built with.
const accents = /[\u0300-\u036f\u00ad\u200b-\u200d\u2060\ufeff]+/gu
const betweenWords =
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters part words too
  /[\u0000-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u00d7\u00f7\u1680\u2000-\u2bff\u2e00-\u2e7f\u3000-\u303f\ufe10-\ufe6f\u{1f000}-\u{1fbff}]+/gu

/**
 * Without case, accents and punctuation, words one space apart: `N° de facture` → `n de facture`. The function `fold`
 * of the database (0013_search.sql) gives the same.
 */
export function fold(text: string): string {
  return text
    .normalize('NFKD')
    .toLowerCase()
    .replace(accents, '')
    .replace(/[œæßþøłđðıς]/g, (letter) => plainLetters[letter] ?? letter)
    .replace(betweenWords, ' ')
    .trim()
}

/** The words of a text, folded; none of a text of signs alone. */
export function foldedWords(text: string): string[] {
  return fold(text)
    .split(' ')
    .filter((word) => word !== '')
}
