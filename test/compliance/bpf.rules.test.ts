import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { certificationLevels, objectives } from '../../src/catalogue/catalogue.schema.ts'
import { checkFrames } from '../../src/compliance/bpf.checks.ts'
import { formOf } from '../../src/compliance/bpf.lines.ts'
import {
  type BpfFigures,
  type LearnerGroup,
  largestRemainder,
  printFrames,
  shareOfTurnover,
  wholeEuros,
  wholeHours,
} from '../../src/compliance/bpf.rules.ts'
import type { HeadsAndHours } from '../../src/compliance/bpf.schema.ts'
import { nsfLabels, printableNsfCodes } from '../../src/compliance/nsf.ts'
import { fundingSources, traineeTypes } from '../../src/enrolment/enrolment.schema.ts'
import { subcontractings } from '../../src/planning/planning.schema.ts'

const nothing: BpfFigures = { learners: [], income: [], trainers: [], inputs: undefined }

function learners(group: Partial<LearnerGroup> & { count: number; minutes: number }): LearnerGroup {
  return {
    subcontracting: 'none',
    traineeType: 'privateEmployee',
    objective: 'other',
    certificationLevel: null,
    nsfCode: '326',
    ...group,
  }
}

const anyGroup: fc.Arbitrary<LearnerGroup> = fc
  .record({
    subcontracting: fc.constantFrom(...subcontractings),
    traineeType: fc.constantFrom(...traineeTypes, null),
    objective: fc.constantFrom(...objectives, null),
    certificationLevel: fc.constantFrom(...certificationLevels, null),
    nsfCode: fc.constantFrom('326', '313', '310', '340', '415', '333', '321', '999', null),
    count: fc.integer({ min: 1, max: 500 }),
    minutesEach: fc.integer({ min: 1, max: 2_000 }),
  })
  .map(({ minutesEach, ...group }) => ({ ...group, minutes: group.count * minutesEach }))

const anyFigures: fc.Arbitrary<BpfFigures> = fc.record({
  learners: fc.array(anyGroup, { maxLength: 40 }),
  income: fc.uniqueArray(
    fc.record({
      source: fc.constantFrom(...fundingSources),
      cents: fc.integer({ min: -5_000_000, max: 50_000_000 }),
    }),
    { selector: (part) => part.source },
  ),
  trainers: fc.constant([]),
  inputs: fc.constant(undefined),
})

function added(lines: readonly HeadsAndHours[]): HeadsAndHours {
  return {
    count: lines.reduce((sum, line) => sum + line.count, 0),
    hours: lines.reduce((sum, line) => sum + line.hours, 0),
  }
}

describe('printed hours', () => {
  test('a half hour is rounded up, less is rounded down', () => {
    expect([0, 29, 30, 89, 90].map(wholeHours)).toEqual([0, 0, 1, 1, 2])
  })

  test('the lines add up to the printed total, and each is its exact hours rounded up or down', () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 100_000 }), { maxLength: 12 }), (minutes) => {
        const sum = minutes.reduce((total, part) => total + part, 0)
        for (const total of [Math.floor(sum / 60), wholeHours(sum), Math.ceil(sum / 60)]) {
          const hours = largestRemainder(minutes, total)
          expect(hours.reduce((a, b) => a + b, 0)).toBe(total)
          for (const [index, part] of minutes.entries()) {
            expect([Math.floor(part / 60), Math.ceil(part / 60)]).toContain(hours[index])
          }
        }
      }),
    )
  })

  test('of lines with the same remainder, the earlier takes the hour left over', () => {
    expect(largestRemainder([40, 40, 40], 2)).toEqual([1, 1, 0])
    expect(largestRemainder([70, 130, 40], 4)).toEqual([1, 2, 1])
  })

  test('three learners of twenty minutes in three lines are one hour, printed once', () => {
    const twenty = { count: 1, minutes: 20 }
    const { F1 } = printFrames({
      ...nothing,
      learners: [
        learners({ ...twenty, traineeType: 'privateEmployee' }),
        learners({ ...twenty, traineeType: 'jobSeeker' }),
        learners({ ...twenty, traineeType: 'selfFunded' }),
      ],
    })
    expect(F1.total).toEqual({ count: 3, hours: 1 })
    expect([F1.a.hours, F1.c.hours, F1.d.hours]).toEqual([1, 0, 0])
  })
})

describe('printed euros', () => {
  test('a credit note cancels its invoice on paper too', () => {
    expect([-150, -149, -50, -49, 0, 49, 50, 149, 150].map(wholeEuros)).toEqual([
      -2, -1, -1, 0, 0, 0, 1, 1, 2,
    ])
    fc.assert(fc.property(fc.integer(), (cents) => wholeEuros(-cents) + wholeEuros(cents) === 0))
  })

  test('line 2 and the total add up the printed lines, not the exact cents', () => {
    const { C } = printFrames({
      ...nothing,
      income: [
        { source: 'fundCpf', cents: 50 },
        { source: 'fundSelfEmployed', cents: 50 },
        { source: 'employer', cents: 149 },
      ],
    })
    expect(C).toMatchObject({ e: 1, g: 1, '2': 2, '1': 1, total: 3 })
  })

  test.for([
    ['employer', '1'],
    ['fundApprenticeship', 'a'],
    ['fundProfessionalisation', 'b'],
    ['fundReconversion', 'c'],
    ['fundTransition', 'd'],
    ['fundCpf', 'e'],
    ['fundJobSeeker', 'f'],
    ['fundSelfEmployed', 'g'],
    ['fundDevelopmentPlan', 'h'],
    ['publicAgents', '3'],
    ['europe', '4'],
    ['state', '5'],
    ['region', '6'],
    ['franceTravail', '7'],
    ['otherPublic', '8'],
    ['individual', '9'],
    ['trainingOrganisation', '10'],
    ['otherIncome', '11'],
  ] as const)('what is invoiced to %s stands on line C-%s and in the total', ([source, line]) => {
    const { C } = printFrames({ ...nothing, income: [{ source, cents: 12_345_00 }] })
    const { total, shareOfTurnover: _, ...lines } = C
    const printed = Object.entries(lines).filter(([, euros]) => euros !== 0)
    const isFundLine = /^[a-h]$/.test(line)
    expect(Object.fromEntries(printed)).toEqual(
      isFundLine ? { [line]: 12_345, '2': 12_345 } : { [line]: 12_345 },
    )
    expect(total).toBe(12_345)
  })

  test('a share of the turnover below one percent is printed as one', () => {
    expect(shareOfTurnover(1, 1_000_000)).toBe(1)
    expect(shareOfTurnover(100, 10_000)).toBe(1)
    expect(shareOfTurnover(150, 10_000)).toBe(2)
    expect(shareOfTurnover(10_000, 10_000)).toBe(100)
    expect(shareOfTurnover(0, 10_000)).toBe(0)
    expect(shareOfTurnover(-500, 10_000)).toBe(0)
  })

  test('without a turnover there is no share', () => {
    expect(shareOfTurnover(100, undefined)).toBeNull()
    expect(shareOfTurnover(100, 0)).toBeNull()
  })

  test('expenses nobody has given are printed as zeros', () => {
    expect(printFrames(nothing).D).toEqual({ total: 0, trainersPay: 0, purchases: 0 })
  })
})

describe('frames', () => {
  test('every learner stands once in F-1, F-3 and F-4, and the lines of each add up to the same total', () => {
    fc.assert(
      fc.property(anyFigures, (figures) => {
        const { F1, F2, F3, F4, C } = printFrames(figures)
        expect(F3.total).toEqual(F1.total)
        expect(F4.total).toEqual(F1.total)
        expect(added([F1.a, F1.b, F1.c, F1.d, F1.e])).toEqual(F1.total)
        expect(added([F3.a, F3.b, F3.c, F3.d, F3.e, F3.f])).toEqual(F3.total)
        expect(added([...F4.rows, F4.other])).toEqual(F4.total)
        const levels = added([F3['a.n6-8'], F3['a.n5'], F3['a.n4'], F3['a.n3'], F3['a.n2'], F3['a.cqp']])
        expect(levels.count).toBeLessThanOrEqual(F3.a.count)
        expect(levels.hours).toBeLessThanOrEqual(F3.a.hours)
        expect(F2.total.count).toBeLessThanOrEqual(F1.total.count)
        expect(C['2']).toBe(C.a + C.b + C.c + C.d + C.e + C.f + C.g + C.h)
      }),
    )
  })

  test('the form’s own arithmetic always holds on what is printed', () => {
    fc.assert(
      fc.property(anyFigures, (figures) => {
        const outcomes = checkFrames(printFrames(figures))
        const arithmetic = outcomes.filter(({ id }) => !['GvsC10', 'FvsC', 'zero'].includes(id))
        expect(arithmetic.filter((outcome) => !outcome.ok)).toEqual([])
      }),
    )
  })

  test('levels that are all known share the whole of F-3 a', () => {
    const { F3 } = printFrames({
      ...nothing,
      learners: [
        learners({ objective: 'rncp', certificationLevel: '7', count: 2, minutes: 100 }),
        learners({ objective: 'rncp', certificationLevel: '6', count: 1, minutes: 45 }),
        learners({ objective: 'rncp', certificationLevel: 'cqp', count: 1, minutes: 35 }),
        learners({ objective: 'rs', certificationLevel: '5', count: 1, minutes: 60 }),
      ],
    })
    expect(F3.a).toEqual({ count: 4, hours: 3 })
    expect(F3['a.n6-8']).toEqual({ count: 3, hours: 2 })
    expect(F3['a.cqp']).toEqual({ count: 1, hours: 1 })
    expect(F3['a.n5']).toEqual({ count: 0, hours: 0 })
  })

  test('an unknown level keeps its hours in F-3 a and out of the level lines', () => {
    const { F3 } = printFrames({
      ...nothing,
      learners: [
        learners({ objective: 'rncp', certificationLevel: null, count: 1, minutes: 600 }),
        learners({ objective: 'rncp', certificationLevel: '4', count: 1, minutes: 60 }),
      ],
    })
    expect(F3.a).toEqual({ count: 2, hours: 11 })
    expect(F3['a.n4']).toEqual({ count: 1, hours: 1 })
  })

  test('F-4 prints the five specialities with the most hours and adds up the others', () => {
    const codes = ['100', '114', '310', '313', '326', '333', '415']
    const { F4 } = printFrames({
      ...nothing,
      learners: codes.map((nsfCode, index) => learners({ nsfCode, count: 1, minutes: (index + 1) * 60 })),
    })
    expect(F4.rows.map((row) => row.nsfCode)).toEqual(['415', '333', '326', '313', '310'])
    expect(F4.rows[2]?.label).toBe(
      "Informatique, traitement de l'information, réseaux de transmission des données",
    )
    expect(F4.other).toEqual({ count: 2, hours: 3 })
  })

  test('specialities with the same hours are ordered by heads, then by code', () => {
    const { F4 } = printFrames({
      ...nothing,
      learners: [
        learners({ nsfCode: '326', count: 1, minutes: 120 }),
        learners({ nsfCode: '313', count: 1, minutes: 120 }),
        learners({ nsfCode: '415', count: 2, minutes: 120 }),
      ],
    })
    expect(F4.rows.map((row) => row.nsfCode)).toEqual(['415', '313', '326'])
  })

  test('340, which the notice leaves out, an unknown code and no code count among the other specialities', () => {
    const { F4 } = printFrames({
      ...nothing,
      learners: ['340', '999', null].map((nsfCode) => learners({ nsfCode, count: 1, minutes: 60 })),
    })
    expect(F4).toEqual({ rows: [], other: { count: 3, hours: 3 }, total: { count: 3, hours: 3 } })
  })

  test('the nomenclature has the 92 codes of the notice, and 340', () => {
    expect(printableNsfCodes).toHaveLength(92)
    expect(nsfLabels['340']).toBe('Spécialités plurivalentes des services à la collectivité')
    expect(printableNsfCodes).not.toContain('340')
  })

  test('what was given out stands in F-1 and F-2, what was received in G alone', () => {
    const { F1, F2, G } = printFrames({
      ...nothing,
      learners: [
        learners({ subcontracting: 'none', count: 1, minutes: 60 }),
        learners({ subcontracting: 'givenOut', count: 2, minutes: 120 }),
        learners({ subcontracting: 'received', count: 4, minutes: 240 }),
      ],
    })
    expect(F1.total).toEqual({ count: 3, hours: 3 })
    expect(F2.total).toEqual({ count: 2, hours: 2 })
    expect(G.total).toEqual({ count: 4, hours: 4 })
  })
})

describe('checks', () => {
  const ok = (figures: BpfFigures) =>
    Object.fromEntries(checkFrames(printFrames(figures)).map((check) => [check.id, check.ok]))

  test('learners received from another organisation go with income on line 10', () => {
    const received = [learners({ subcontracting: 'received', count: 1, minutes: 60 })]
    const income = [{ source: 'trainingOrganisation' as const, cents: 100_00 }]
    expect(ok({ ...nothing, learners: received }).GvsC10).toBe(false)
    expect(ok({ ...nothing, income }).GvsC10).toBe(false)
    expect(ok({ ...nothing, learners: received, income }).GvsC10).toBe(true)
  })

  test('learners of frame F go with income on lines 1 to 9 and 11', () => {
    const own = [learners({ count: 1, minutes: 60 })]
    expect(ok({ ...nothing, learners: own }).FvsC).toBe(false)
    expect(
      ok({ ...nothing, learners: own, income: [{ source: 'trainingOrganisation', cents: 1_00 }] }).FvsC,
    ).toBe(false)
    expect(ok({ ...nothing, learners: own, income: [{ source: 'otherIncome', cents: 1_00 }] }).FvsC).toBe(
      true,
    )
  })

  test('an exercise without any activity is reported, since it lets the declaration lapse', () => {
    expect(ok(nothing).zero).toBe(false)
    expect(ok({ ...nothing, income: [{ source: 'employer', cents: 1_00 }] }).zero).toBe(true)
  })

  test('a figure that was altered fails its check', () => {
    const frames = printFrames({
      ...nothing,
      learners: [learners({ objective: 'rncp', certificationLevel: '5', count: 2, minutes: 120 })],
      income: [{ source: 'fundCpf', cents: 100_00 }],
    })
    const failing = (altered: Partial<typeof frames>) =>
      checkFrames({ ...frames, ...altered }).flatMap((check) => (check.ok ? [] : [check.id]))
    expect(failing({})).toEqual([])
    expect(failing({ C: { ...frames.C, '2': 99 } })).toEqual(['C2', 'Ctotal'])
    expect(failing({ C: { ...frames.C, total: 101 } })).toEqual(['Ctotal'])
    expect(failing({ F1: { ...frames.F1, b: { count: 0, hours: 1 } } })).toEqual(['F1F3F4'])
    expect(failing({ F4: { ...frames.F4, total: { count: 1, hours: 2 } } })).toEqual(['F1F3F4'])
    expect(failing({ F2: { total: { count: 3, hours: 2 } } })).toEqual(['F2inF1'])
    expect(failing({ F3: { ...frames.F3, 'a.n4': { count: 0, hours: 1 } } })).toEqual(['F3levels'])
  })

  test('each check states its figures in French', () => {
    const frames = printFrames({
      ...nothing,
      learners: [learners({ count: 1_250, minutes: 75_000 })],
      income: [{ source: 'employer', cents: 31_250_00 }],
    })
    const details = Object.fromEntries(checkFrames(frames).map((check) => [check.id, check.detail]))
    expect(details.F2inF1).toBe(
      'F-2 (activité confiée)\u00a0: 0\u00a0stagiaire, 0\u00a0h, au plus le total de F-1\u00a0: 1\u202f250\u00a0stagiaires, 1\u202f250\u00a0h.',
    )
    expect(details.C2).toBe('Cadre C, ligne 2\u00a0: 0\u00a0€\u202f; somme des lignes a à h\u00a0: 0\u00a0€.')
  })
})

test('the form is *17 for exercises that end in 2023 or later, *16 before', () => {
  expect(formOf('2022-12-31')).toBe('10443*16')
  expect(formOf('2023-01-01')).toBe('10443*17')
})
