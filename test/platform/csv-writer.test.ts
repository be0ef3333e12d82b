import { parse } from 'csv-parse/sync'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { csvFile } from '../../src/platform/csv-writer.ts'

test('a file opens in a French Excel: byte order mark, semicolons, CRLF, decimal commas', () => {
  expect(csvFile(['Nom', 'Heures', 'Note'], [['Zoé', 7.5, null]])).toBe(
    '\ufeffNom;Heures;Note\r\nZoé;7,5;\r\n',
  )
})

test('semicolons, quotes and line breaks stay inside their cell', () => {
  expect(csvFile(['a'], [['x;y'], ['dit "oui"'], ['deux\nlignes']])).toBe(
    '\ufeffa\r\n"x;y"\r\n"dit ""oui"""\r\n"deux\nlignes"\r\n',
  )
})

test('a name that a spreadsheet would run as a formula is kept as text', () => {
  const names = ['=HYPERLINK("http://exemple.fr")', '+33', '-1+1', '@SUM(A1)', '\t=1', '\r=1']
  const lines = parse(
    csvFile(
      ['nom'],
      names.map((name) => [name]),
    ),
    { delimiter: ';', bom: true },
  )
  expect(lines.slice(1).flat()).toEqual(names.map((name) => `'${name}`))
})

test('a negative number is a number, not a formula', () => {
  expect(csvFile(['montant'], [[-12.5]])).toBe('\ufeffmontant\r\n-12,5\r\n')
})

test('any text comes back as it was', () => {
  const text = fc.string().filter((value) => !/^[=+\-@\t\r\n]/.test(value))
  fc.assert(
    fc.property(fc.array(fc.tuple(text, text), { minLength: 1 }), (rows) => {
      const options = { delimiter: ';', bom: true, record_delimiter: '\r\n' }
      expect(parse(csvFile(['a', 'b'], rows), options)).toEqual([['a', 'b'], ...rows])
    }),
  )
})
