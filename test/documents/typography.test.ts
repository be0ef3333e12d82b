import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  declarationNumberInGroups,
  euros,
  frenchDate,
  hoursAndMinutes,
  ofPerson,
  ofRegion,
  siretInGroups,
  typeset,
} from '../../src/documents/typography.ts'

describe('durations', () => {
  test.each([
    [1110, '18\u00a0h\u00a030'],
    [720, '12\u00a0h'],
    [45, '0\u00a0h\u00a045'],
    [65, '1\u00a0h\u00a005'],
    [0, '0\u00a0h'],
    [72_000, '1200\u00a0h'],
  ])('%i minutes are printed "%s"', (minutes, printed) => {
    expect(hoursAndMinutes(minutes)).toBe(printed)
  })

  test('every duration can be read back to the minute, and never breaks at the end of a line', () => {
    fc.assert(
      fc.property(fc.nat(10_000_000), (minutes) => {
        const printed = hoursAndMinutes(minutes)
        const [, hours, rest] = /^(\d+)\u00a0h(?:\u00a0(\d\d))?$/.exec(printed) ?? []
        expect(Number(hours) * 60 + Number(rest ?? 0)).toBe(minutes)
      }),
    )
  })

  test.each([-1, 0.5, Number.NaN, Number.POSITIVE_INFINITY])('%d is not a duration', (minutes) => {
    expect(() => hoursAndMinutes(minutes)).toThrow(RangeError)
  })
})

describe('amounts', () => {
  test.each([
    [125_000, '1\u202f250,00\u00a0€'],
    [5, '0,05\u00a0€'],
    [0, '0,00\u00a0€'],
    [-123_456_789, '-1\u202f234\u202f567,89\u00a0€'],
  ])('%i cents are printed "%s"', (cents, printed) => {
    expect(euros(cents)).toBe(printed)
  })

  test('every amount can be read back to the cent', () => {
    fc.assert(
      fc.property(fc.integer({ min: -(10 ** 14), max: 10 ** 14 }), (cents) => {
        const digits = euros(cents).replace(/[\u202f\u00a0,€]/g, '')
        expect(Number(digits)).toBeCloseTo(cents, 0)
      }),
    )
  })

  test('half a cent is not an amount', () => {
    expect(() => euros(0.5)).toThrow(RangeError)
  })
})

describe('dates', () => {
  test.each([
    ['2026-03-02', '2\u00a0mars\u00a02026'],
    ['2026-08-01', '1er\u00a0août\u00a02026'],
    ['2025-12-31', '31\u00a0décembre\u00a02025'],
  ])('%s is printed "%s"', (date, printed) => {
    expect(frenchDate(date)).toBe(printed)
  })

  test.each(['2026-02-30', '2026-13-01', 'hier'])('%s is not a date', (date) => {
    expect(() => frenchDate(date)).toThrow(RangeError)
  })
})

describe('spaces', () => {
  test.each([
    ['Pourquoi ? Parce que ; voilà !', 'Pourquoi\u202f? Parce que\u202f; voilà\u202f!'],
    ['« action »', '«\u202faction\u202f»'],
    ['atteste que :', 'atteste que\u00a0:'],
    ['à 12:30 sur https://preau.example', 'à 12:30 sur https://preau.example'],
    ['une image ![code](qr:x)', 'une image ![code](qr:x)'],
    ['| a | b |\n| :--- | ---: |', '| a | b |\n| :--- | ---: |'],
  ])('"%s" gets the spaces of French typography', (typed, printed) => {
    expect(typeset(typed)).toBe(printed)
  })

  test('no letter is ever changed, and doing it twice changes nothing', () => {
    const text = fc.string({ unit: fc.constantFrom(...'aé1 :;!?«»[\n(') })
    fc.assert(
      fc.property(text, (typed) => {
        const printed = typeset(typed)
        expect(printed.replace(/[\u00a0\u202f]/g, ' ')).toBe(typed)
        expect(typeset(printed)).toBe(printed)
      }),
    )
  })
})

describe('official numbers and names', () => {
  test('a SIRET and a declaration of activity are printed in groups that do not break', () => {
    expect(siretInGroups('73282932000074')).toBe('732\u00a0829\u00a0320\u00a000074')
    expect(declarationNumberInGroups('11756123475')).toBe('11\u00a075\u00a061234\u00a075')
    expect(declarationNumberInGroups('942A123452A')).toBe('94\u00a02A\u00a012345\u00a02A')
  })

  test('a number of another shape is printed as it stands', () => {
    expect(siretInGroups('SIRET en cours')).toBe('SIRET en cours')
    expect(declarationNumberInGroups('en cours')).toBe('en cours')
  })

  test.each([
    ['Île-de-France', 'd’Île-de-France'],
    ['Auvergne-Rhône-Alpes', 'd’Auvergne-Rhône-Alpes'],
    ['Occitanie', 'd’Occitanie'],
    ['Bretagne', 'de Bretagne'],
    ['La Réunion', 'de La Réunion'],
    ['Hauts-de-France', 'des Hauts-de-France'],
    ['Pays de la Loire', 'des Pays de la Loire'],
    ['Grand Est', 'du Grand Est'],
    ['Centre-Val de Loire', 'du Centre-Val de Loire'],
  ])('the prefect of %s is "préfet de région %s"', (region, printed) => {
    expect(ofRegion(region)).toBe(printed)
  })
})

describe('whose it is', () => {
  test.for([
    ['Camille Le Goff', 'de Camille Le Goff'],
    ['Émile Roux', 'd’Émile Roux'],
    ['Yves Ba', 'd’Yves Ba'],
    ['Yann Kerdoncuff', 'de Yann Kerdoncuff'],
    ['Hélène Aïssé', 'de Hélène Aïssé'],
    ['Łukasz Żółć', 'de Łukasz Żółć'],
  ])('%s', ([name = '', printed]) => {
    expect(ofPerson(name)).toBe(printed)
  })
})
