import { expect, test } from 'vitest'
import { missingGlyphs, printable } from '../../src/documents/fonts.ts'

test.each([
  'Nguyễn Thị Ánh Nguyệt',
  'Świętosława Żółkiewska',
  'Ελένη Παπαδοπούλου',
  'Олександра Щербаківська',
  'Ærøskøbing Þórunn ß ẞ Čapek Őry Iğdır Ștefan L·L',
  '«\u202f18\u00a0h\u00a030\u202f» – — … € ☐ ☑ ’ ‑ œ Œ',
])('every character of "%s" can be printed', (text) => {
  expect(missingGlyphs(text)).toEqual([])
  expect(printable(text)).toBe(text)
})

test('the characters that cannot be printed are named, each once', () => {
  expect(missingGlyphs('王小明 and 王 😀 Amina')).toEqual(['王', '小', '明', '😀'])
  expect(printable('😀')).toBe('[U+1F600]')
})

test('characters without a picture are neither missing nor printed', () => {
  expect(missingGlyphs('A\u200dmi\u00adna\u200f\ufe0f\u0007')).toEqual([])
  expect(printable('A\u200dmi\u00adna\u200f\ufe0f\u0007')).toBe('Amina')
})
