/** Random organisations on a real database, counted a second time by a plain model. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import type { BpfReport, DrillDown, HeadsAndHours, Period } from '../../src/compliance/bpf.schema.ts'
import { bpfDrillDown, bpfReport } from '../../src/compliance/bpf.service.ts'
import type { Ctx } from '../../src/platform/ctx.ts'
import { type TestApp, testApp } from '../support/app.ts'
import { type BpfModel, bpfModel } from '../support/bpf-model.ts'
import {
  anyDay,
  anyOrganisation,
  insertOrganisation,
  type Organisation,
} from '../support/random-organisation.ts'

let app: TestApp
beforeAll(async () => {
  app = await testApp({ now: '2026-06-01T00:00:00Z' })
})
afterAll(() => app.close())

/** Every organisation has the database for itself: what it wrote is rolled back. */
async function withOrganisation(
  organisation: Organisation,
  work: (ctx: Ctx) => Promise<void>,
): Promise<void> {
  const trx = await app.deps.db.startTransaction().execute()
  try {
    await insertOrganisation(trx, organisation)
    await work({ ...app.system, db: trx })
  } finally {
    await trx.rollback().execute()
  }
}

const anyPeriod: fc.Arbitrary<Period> = fc.oneof(
  fc.constant({ from: '2024-01-01', to: '2025-12-31' }),
  fc.constant({ from: '2024-07-01', to: '2025-06-30' }),
  fc.tuple(anyDay, anyDay).map(([a, b]) => (a < b ? { from: a, to: b } : { from: b, to: a })),
)

const incomeLines = [
  '1',
  'a',
  'b',
  'c',
  'd',
  'e',
  'f',
  'g',
  'h',
  '3',
  '4',
  '5',
  '6',
  '7',
  '8',
  '9',
  '10',
  '11',
]
const learnerLines = {
  F1: ['a', 'b', 'c', 'd', 'e', 'total'],
  F2: ['total'],
  F3: ['a', 'a.n6-8', 'a.n5', 'a.n4', 'a.n3', 'a.n2', 'a.cqp', 'b', 'c', 'd', 'e', 'f', 'total'],
  G: ['total'],
} as const

/** Every figure with two columns: `F1/a` → heads and hours as printed. */
function printedFigures({ frames }: BpfReport): Map<string, HeadsAndHours> {
  const figures = new Map<string, HeadsAndHours>([
    ['E/internal', frames.E.internal],
    ['E/external', frames.E.external],
    ['F2/total', frames.F2.total],
    ['F4/other', frames.F4.other],
    ['F4/total', frames.F4.total],
    ['G/total', frames.G.total],
  ])
  for (const line of learnerLines.F1) figures.set(`F1/${line}`, frames.F1[line])
  for (const line of learnerLines.F3) figures.set(`F3/${line}`, frames.F3[line])
  for (const row of frames.F4.rows) figures.set(`F4/${row.nsfCode}`, row)
  return figures
}

/** What F-4 should print: the model's five main specialities, and the others together. */
function specialityLines({ specialities }: BpfModel): Map<string, { heads: number; minutes: number }> {
  const coded = [...specialities].filter(([code]) => code !== 'other')
  const ranked = coded.sort(
    ([codeA, a], [codeB, b]) => b.minutes - a.minutes || b.heads - a.heads || codeA.localeCompare(codeB),
  )
  const others = [...ranked.slice(5), ...[...specialities].filter(([code]) => code === 'other')]
  const other = { heads: 0, minutes: 0 }
  for (const [, line] of others) {
    other.heads += line.heads
    other.minutes += line.minutes
  }
  return new Map([
    ...ranked.slice(0, 5).map(([code, line]) => [`F4/${code}`, line] as const),
    ['F4/other', other] as const,
  ])
}

function sumOf(drillDown: DrillDown, unit: 'minutes' | 'cents'): number {
  return drillDown.rows.reduce((sum, row) => sum + (row[unit] ?? Number.NaN), 0)
}

function drill(ctx: Ctx, period: Period, figure: string): Promise<DrillDown> {
  const [frame = '', line = ''] = figure.split('/')
  return bpfDrillDown(ctx, period, frame, line)
}

function added(lines: readonly HeadsAndHours[]): HeadsAndHours {
  return {
    count: lines.reduce((sum, line) => sum + line.count, 0),
    hours: lines.reduce((sum, line) => sum + line.hours, 0),
  }
}

describe('for any organisation and any period', () => {
  test('the report says what a count by hand says, and lists what is unresolved', async () => {
    await fc.assert(
      fc.asyncProperty(anyOrganisation, anyPeriod, async (organisation, period) => {
        await withOrganisation(organisation, async (ctx) => {
          const report = await bpfReport(ctx, period)
          const model = bpfModel(organisation, period)
          const expected = new Map([...model.lines, ...specialityLines(model)])
          for (const [figure, { count, hours }] of printedFigures(report)) {
            const exact = expected.get(figure) ?? { heads: 0, minutes: 0 }
            expect([figure, count]).toEqual([figure, exact.heads])
            expect([Math.floor(exact.minutes / 60), Math.ceil(exact.minutes / 60)]).toContain(hours)
            expected.delete(figure)
          }
          expect([...expected.keys()]).toEqual([])
          for (const line of incomeLines) {
            const cents = model.cents.get(line) ?? 0
            const euros = Math.sign(cents) * Math.floor((Math.abs(cents) + 50) / 100)
            expect(report.frames.C[line as '1'] === euros, `C-${line}`).toBe(true)
          }
          const unresolved = report.unresolved.map(({ kind, sessionId = '', enrolmentId = '' }) =>
            [kind, sessionId, enrolmentId].join(' ').trim(),
          )
          expect(unresolved.sort()).toEqual(model.unresolved)
        })
      }),
      { numRuns: 80 },
    )
  })

  test('F-1, F-3 and F-4 are the same learners, and printed lines add up to printed totals', async () => {
    await fc.assert(
      fc.asyncProperty(anyOrganisation, anyPeriod, async (organisation, period) => {
        await withOrganisation(organisation, async (ctx) => {
          const { frames, checks } = await bpfReport(ctx, period)
          const { C, F1, F3, F4 } = frames
          expect(F3.total).toEqual(F1.total)
          expect(F4.total).toEqual(F1.total)
          expect(added([F1.a, F1.b, F1.c, F1.d, F1.e])).toEqual(F1.total)
          expect(added([F3.a, F3.b, F3.c, F3.d, F3.e, F3.f])).toEqual(F1.total)
          expect(added([...F4.rows, F4.other])).toEqual(F1.total)
          expect(C['2']).toBe(C.a + C.b + C.c + C.d + C.e + C.f + C.g + C.h)
          expect(C.total).toBe(
            C['1'] +
              C['2'] +
              C['3'] +
              C['4'] +
              C['5'] +
              C['6'] +
              C['7'] +
              C['8'] +
              C['9'] +
              C['10'] +
              C['11'],
          )
          const arithmetic = checks.filter(({ id }) => !['GvsC10', 'FvsC', 'zero'].includes(id))
          expect(arithmetic.every((check) => check.ok)).toBe(true)
        })
      }),
      { numRuns: 30 },
    )
  })

  test('every figure opens down to rows that sum to it', async () => {
    await fc.assert(
      fc.asyncProperty(anyOrganisation, anyPeriod, async (organisation, period) => {
        await withOrganisation(organisation, async (ctx) => {
          const report = await bpfReport(ctx, period)
          const model = bpfModel(organisation, period)
          const exact = new Map([...model.lines, ...specialityLines(model)])
          for (const [figure, { count, hours }] of printedFigures(report)) {
            const found = await drill(ctx, period, figure)
            const minutes = exact.get(figure)?.minutes ?? 0
            expect(found).toMatchObject({ printed: hours, count, exactMinutes: minutes })
            expect(sumOf(found, 'minutes')).toBe(minutes)
            const heads = new Set(found.rows.map((row) => row.personId ?? row.enrolmentId))
            expect(heads.size).toBe(count)
          }
          for (const line of [...incomeLines, '2', 'total'] as '1'[]) {
            const found = await bpfDrillDown(ctx, period, 'C', line)
            expect(found.printed).toBe(report.frames.C[line])
            expect(sumOf(found, 'cents')).toBe(found.exactCents)
          }
        })
      }),
      { numRuns: 12 },
    )
  })

  test('two consecutive exercises add up to the long one in minutes and cents', async () => {
    const figures = ['F1/total', 'F2/total', 'F3/a', 'F4/total', 'G/total', 'E/internal', 'E/external']
    await fc.assert(
      fc.asyncProperty(anyOrganisation, anyDay, async (organisation, lastDay) => {
        await withOrganisation(organisation, async (ctx) => {
          const nextDay = Temporal.PlainDate.from(lastDay).add({ days: 1 }).toString()
          const first = { from: '2023-12-31', to: lastDay }
          const second = { from: nextDay, to: '2026-01-31' }
          const both = { from: first.from, to: second.to }
          for (const figure of [...figures, 'C/2', 'C/total', 'C/9']) {
            const [a, b, whole] = [
              await drill(ctx, first, figure),
              await drill(ctx, second, figure),
              await drill(ctx, both, figure),
            ]
            const unit = figure.startsWith('C') ? 'exactCents' : 'exactMinutes'
            expect((a[unit] ?? 0) + (b[unit] ?? 0)).toBe(whole[unit])
            expect(a.rows.length + b.rows.length).toBe(whole.rows.length)
          }
        })
      }),
      { numRuns: 20 },
    )
  })
})
