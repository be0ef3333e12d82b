import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { cents, hours, minutes, price } from '../../../src/commands/import/amounts.ts'
import {
  type CellReader,
  choice,
  date,
  each,
  emailAddress,
  line,
  list,
  personName,
  phoneNumber,
  prose,
  siretNumber,
  time,
} from '../../../src/commands/import/cells.ts'
import { civilDate, localTime, paragraphs, text } from '../../../src/platform/text.ts'

/** The value read, or the reason of the refusal. */
function read<T>(reader: CellReader<T>, cell: string): T | string {
  const result = reader(cell)
  return 'value' in result ? result.value : result.reason
}

describe('dates', () => {
  test.each([
    ['02/03/2026', '2026-03-02'],
    ['2/3/2026', '2026-03-02'],
    ['02-03-2026', '2026-03-02'],
    ['02.03.2026', '2026-03-02'],
    ['2026-03-02', '2026-03-02'],
    ['29/02/2024', '2024-02-29'],
    ['02/03/2026 00:00:00', '2026-03-02'],
    ['2026-03-02T00:00:00.000Z', '2026-03-02'],
  ])('%s is the day %s', (cell, day) => {
    expect(date(cell)).toEqual({ value: day })
  })

  test.each([
    ['31/02/2026', 'n’est pas une date qui existe'],
    ['29/02/2026', 'n’est pas une date qui existe'],
    ['03/25/2026', 'n’est pas une date qui existe'],
    ['02/03/0026', 'n’est pas une date qui existe'],
    ['02/03/26', 'deux chiffres pour l’année'],
    ['46083', 'mettez la colonne au format date'],
    ['02/03/2026 09:00', 'n’est pas une date'],
    ['2/3-2026', 'n’est pas une date'],
    ['mars 2026', 'n’est pas une date'],
  ])('%s is refused: %s', (cell, reason) => {
    expect(date(cell)).toEqual({ reason: expect.stringContaining(reason) })
  })

  test('every day of two centuries is read in both writings', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 80_000 }), (days) => {
        const day = Temporal.PlainDate.from('1950-01-01').add({ days })
        const iso = day.toString()
        expect(read(date, `${day.day}/${day.month}/${day.year}`)).toBe(iso)
        expect(read(date, iso)).toBe(iso)
        expect(civilDate().safeParse(iso).success).toBe(true)
      }),
    )
  })
})

test.each([
  ['9h', '09:00'],
  ['9h30', '09:30'],
  ['9 h 30', '09:30'],
  ['09H05', '09:05'],
  ['09:30', '09:30'],
  ['9:30:00', '09:30'],
  ['0h00', '00:00'],
])('%s is the time %s', (cell, expected) => {
  expect(time(cell)).toEqual({ value: expected })
  expect(localTime().safeParse(expected).success).toBe(true)
})

test.each(['24h', '9h60', '9', '9:30:15', '0,375', '9h5', '9 heures'])('%s is not a time', (cell) => {
  expect(time(cell)).toEqual({ reason: expect.stringContaining('n’est pas une heure') })
})

describe('amounts', () => {
  test.each([
    ['1250', 125_000],
    ['1250,5', 125_050],
    ['1250.50', 125_050],
    ['1 250,00 €', 125_000],
    ['1\u00a0250,00\u00a0€', 125_000],
    ['1\u202f250,00', 125_000],
    ['1.250,00', 125_000],
    ['1,250.00', 125_000],
    ['1 234 567,89 euros HT', 123_456_789],
    ['-150,00', -15_000],
    ['−150', -15_000],
    ['- 150 EUR', -15_000],
    ['0,01', 1],
    ['0,29', 29],
    ['1250,0000', 125_000],
  ])('%s is %i cents', (cell, expected) => {
    expect(cents(cell)).toEqual({ value: expected })
  })

  test.each([
    ['1,250', 'se lit de deux façons'],
    ['1.250 €', 'se lit de deux façons'],
    ['12,345', 'se lit de deux façons'],
    ['1250,555', 'fractions de centime'],
    ['1 25,00', 'n’est pas un montant'],
    ['1,25E+03', 'n’est pas un montant'],
    ['#REF!', 'n’est pas un montant'],
    ['12,50 $', 'n’est pas un montant'],
    ['€', 'n’est pas un montant'],
    ['10 000 000,01', 'dépasse dix millions'],
  ])('%s is refused: %s', (cell, reason) => {
    expect(cents(cell)).toEqual({ reason: expect.stringContaining(reason) })
  })

  test('every amount is read to the cent, however it is written', () => {
    const amounts = fc.integer({ min: -1_000_000_000, max: 1_000_000_000 })
    const writings = fc.record({
      thousands: fc.constantFrom('', ' ', '\u00a0', '\u202f'),
      comma: fc.constantFrom(',', '.'),
      after: fc.constantFrom('', ' €', '\u00a0€', '€', ' EUR'),
    })
    fc.assert(
      fc.property(amounts, writings, (amount, { thousands, comma, after }) => {
        const digits = String(Math.abs(amount)).padStart(3, '0')
        const euros = digits.slice(0, -2).replace(/\B(?=(\d{3})+$)/g, thousands)
        const cell = `${amount < 0 ? '-' : ''}${euros}${comma}${digits.slice(-2)}${after}`
        expect(cents(cell)).toEqual({ value: amount })
      }),
    )
  })

  test('a price is not negative', () => {
    expect(price('490')).toEqual({ value: 49_000 })
    expect(price('-1')).toEqual({ reason: expect.stringContaining('prix négatif') })
  })
})

describe('durations', () => {
  test.each([
    ['7', 420],
    ['7,5', 450],
    ['7.5', 450],
    ['7,25 h', 435],
    ['14 heures', 840],
    ['1,55', 93],
    ['7h30', 450],
    ['7:30', 450],
    ['1 200', 72_000],
  ])('%s hours are %i minutes', (cell, expected) => {
    expect(hours(cell)).toEqual({ value: expected })
  })

  test.each([
    ['7,333', 'nombre entier de minutes'],
    ['7,33', 'nombre entier de minutes'],
    ['0', 'n’est pas une durée'],
    ['-7', 'n’est pas une durée'],
    ['5001', 'dépasse 5\u202f000 heures'],
    ['sept', 'n’est pas une durée en heures'],
  ])('%s hours are refused: %s', (cell, reason) => {
    expect(hours(cell)).toEqual({ reason: expect.stringContaining(reason) })
  })

  test.each([
    ['195', 195],
    ['195 min', 195],
    ['195,0', 195],
    ['3h15', 195],
    ['0', 0],
  ])('%s is %i minutes of attendance', (cell, expected) => {
    expect(minutes(cell)).toEqual({ value: expected })
  })

  test.each(['19,5', '-5', 'toutes'])('%s is not a number of minutes', (cell) => {
    expect(minutes(cell)).toEqual({ reason: expect.stringContaining('nombre entier de minutes') })
  })
})

describe('identifiers', () => {
  test.each([
    ['73282932000074', '73282932000074'],
    ['732 829 320 00074', '73282932000074'],
    ['732\u00a0829\u00a0320\u00a000074', '73282932000074'],
    ['00512345600017', '00512345600017'],
  ])('%s is the SIRET %s', (cell, expected) => {
    expect(siretNumber(cell)).toEqual({ value: expected })
  })

  test.each([
    ['7,32829E+13', 'arrondi par le tableur'],
    ['7.32829320000740E+13', 'arrondi par le tableur'],
    ['73282900000000', 'arrondi par le tableur'],
    ['732829320', 'est un SIREN'],
    ['5123456000017', 'effacé un zéro au début'],
    ['FR73282932000074', 'n’est pas un SIRET'],
  ])('the SIRET %s is refused: %s', (cell, reason) => {
    expect(siretNumber(cell)).toEqual({ reason: expect.stringContaining(reason) })
  })

  test('a telephone number gets back the zero that a spreadsheet has eaten', () => {
    expect(read(phoneNumber, '639980012')).toBe('0639980012')
    expect(read(phoneNumber, '06\u00a039\u00a098\u00a000\u00a012')).toBe('06 39 98 00 12')
    expect(read(phoneNumber, '+33 6 39 98 00 12')).toBe('+33 6 39 98 00 12')
    expect(read(phoneNumber, '6,4E+08')).toContain('arrondi par le tableur')
    expect(read(phoneNumber, 'sur demande')).toContain('n’est pas un numéro de téléphone')
  })

  test('an e-mail is an address and nothing around it', () => {
    expect(emailAddress('Camille@Example.org')).toEqual({ value: 'Camille@Example.org' })
    expect(emailAddress('Camille <camille@example.org>')).toEqual({
      reason: expect.stringContaining('adresse e-mail'),
    })
    expect(emailAddress('camille@example')).toEqual({ reason: expect.stringContaining('adresse e-mail') })
  })
})

describe('texts', () => {
  test('a title is one line, a name has plain spaces, a programme keeps its lines', () => {
    expect(read(line(50), 'Numérique\n responsable\u00a0: les bases')).toBe(
      'Numérique responsable\u00a0: les bases',
    )
    expect(read(personName, 'Le\u00a0 Goff')).toBe('Le Goff')
    expect(read(prose(), 'Jour 1\nJour 2')).toBe('Jour 1\nJour 2')
  })

  test('they are no longer than their place', () => {
    expect(read(personName, 'x'.repeat(100))).toHaveLength(100)
    expect(read(personName, 'x'.repeat(101))).toBe('plus de 100 caractères')
    expect(read(prose(), 'x'.repeat(20_000))).toHaveLength(20_000)
    expect(read(prose(), 'x'.repeat(20_001))).toBe('plus de 20\u202f000 caractères')
  })

  test('whatever is accepted passes the schemas that guard the database', () => {
    const cells = fc
      .string({ unit: 'grapheme', minLength: 1, maxLength: 60 })
      .map((cell) =>
        cell
          .replace(/[\p{Cc}\u2028\u2029]/gu, '\n')
          .normalize('NFC')
          .trim(),
      )
      .filter((cell) => cell !== '')
    fc.assert(
      fc.property(cells, (cell) => {
        for (const reader of [line(200), personName])
          expect(text(200).parse(read(reader, cell))).toBe(read(reader, cell))
        expect(paragraphs().parse(read(prose(), cell))).toBe(read(prose(), cell))
      }),
    )
  })

  test('a list is one item per line or between bars, without its bullets', () => {
    expect(list(50)('- Mesurer\n• Réduire\n\n2) Décider\n-5 % de poids')).toEqual({
      value: ['Mesurer', 'Réduire', 'Décider', '-5 % de poids'],
    })
    expect(list(50)('Mesurer | Réduire')).toEqual({ value: ['Mesurer', 'Réduire'] })
    expect(list(50)('x\n'.repeat(51))).toEqual({ reason: 'plus de 50 points' })
    expect(list(5)('Mesurer')).toEqual({ reason: '«\u202fMesurer\u202f» a plus de 5 caractères' })
  })

  test('a value of a closed list goes by its code or any of its words, and the words are told', () => {
    const colour = choice({ red: ['rouge', 'écarlate'], skyBlue: ['bleu ciel'] })
    expect(['Rouge', 'ECARLATE', 'red', 'Bleu-ciel', 'skyBlue'].map((cell) => read(colour, cell))).toEqual([
      'red',
      'red',
      'red',
      'skyBlue',
      'skyBlue',
    ])
    expect(read(colour, 'vert')).toBe(
      '«\u202fvert\u202f» n’est pas une valeur connue\u202f; valeurs possibles\u00a0: rouge, bleu ciel',
    )
    expect(each(/,/, colour)('rouge, bleu ciel,')).toEqual({ value: ['red', 'skyBlue'] })
    expect(each(/,/, colour)('rouge, vert')).toEqual({ reason: expect.stringContaining('vert') })
  })
})
