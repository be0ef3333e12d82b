import { z } from '@hono/zod-openapi'
import { dateAnswer, entityFields, idAnswer } from '../platform/http/entity.ts'
import { civilDate, instant } from '../platform/text.ts'

export const periodQuery = z.strictObject({
  from: civilDate().describe('First day of the period, which it includes.'),
  to: civilDate().describe('Last day of the period, which it includes; at most ten years later.'),
})
/** Both days belong to it: an exercise (*exercice comptable*) of any length up to ten years. */
export type Period = z.output<typeof periodQuery>

/** Far above `cents()`: the turnover of a national organisation passes ten million euros. */
const yearlyCents = () => z.int().min(0).max(100_000_000_000_000)

export const bpfInputsBody = z.strictObject({
  turnoverCents: yearlyCents().describe(
    'Turnover of the whole organisation («chiffre d’affaires»), before VAT.',
  ),
  expenses: z.strictObject({
    totalCents: yearlyCents().describe('Expenses of continuing training (frame D).'),
    trainersPayCents: yearlyCents().describe('Of these, salaries of trainers.'),
    purchasesCents: yearlyCents().describe('Of these, training and fees bought from others.'),
  }),
})
/** What no other row knows: the turnover (frame C, share) and the expenses (frame D), before VAT. */
export type BpfInputs = z.output<typeof bpfInputsBody>

export const bpfInputsAnswer = bpfInputsBody
  .extend({ period: periodQuery, version: entityFields.version, updatedAt: instant() })
  .openapi('BpfInputs')
export type StoredBpfInputs = z.output<typeof bpfInputsAnswer>

const euros = z.int()
const headsAndHours = z.object({
  count: z.int().describe('Heads.'),
  hours: z.int().describe('Whole hours.'),
})
/** The two columns of frames E, F and G as printed: heads, whole hours. */
export type HeadsAndHours = z.output<typeof headsAndHours>

const frameC = z.object({
  '1': euros,
  a: euros,
  b: euros,
  c: euros,
  d: euros,
  e: euros,
  f: euros,
  g: euros,
  h: euros,
  '2': euros,
  '3': euros,
  '4': euros,
  '5': euros,
  '6': euros,
  '7': euros,
  '8': euros,
  '9': euros,
  '10': euros,
  '11': euros,
  total: euros,
  shareOfTurnover: z.int().nullable().describe('Per cent; null while the turnover is not known.'),
})

const frameF1 = z.object({
  a: headsAndHours,
  b: headsAndHours,
  c: headsAndHours,
  d: headsAndHours,
  e: headsAndHours,
  total: headsAndHours,
})

const frameF3 = z.object({
  a: headsAndHours,
  'a.n6-8': headsAndHours,
  'a.n5': headsAndHours,
  'a.n4': headsAndHours,
  'a.n3': headsAndHours,
  'a.n2': headsAndHours,
  'a.cqp': headsAndHours,
  b: headsAndHours,
  c: headsAndHours,
  d: headsAndHours,
  e: headsAndHours,
  f: headsAndHours,
  total: headsAndHours,
})

const frames = z.object({
  C: frameC,
  D: z.object({ total: euros, trainersPay: euros, purchases: euros }),
  E: z.object({ internal: headsAndHours, external: headsAndHours }),
  F1: frameF1,
  F2: z.object({ total: headsAndHours }),
  F3: frameF3,
  F4: z.object({
    rows: z.array(headsAndHours.extend({ nsfCode: z.string().describe('Three digits.'), label: z.string() })),
    other: headsAndHours,
    total: headsAndHours,
  }),
  G: z.object({ total: headsAndHours }),
})
/** The figures of the form: whole euros, heads and whole hours. */
export type BpfFrames = z.output<typeof frames>

const checkIds = ['C2', 'Ctotal', 'F1F3F4', 'F2inF1', 'F3levels', 'GvsC10', 'FvsC', 'zero'] as const

const checkOutcome = z.object({
  id: z.enum(checkIds),
  ok: z.boolean(),
  detail: z.string().describe('The figures compared, in a French sentence.'),
})
export type BpfCheck = z.output<typeof checkOutcome>

const unresolvedKinds = [
  'noFundingDecision',
  'noTraineeType',
  'noNsfCode',
  'noObjective',
  'noCertificationLevel',
  'notInvoiced',
  'fundingOutOfScope',
  'fundingContradictsSubcontracting',
  'slotNotMarked',
  'inputsMissing',
] as const
export type UnresolvedKind = (typeof unresolvedKinds)[number]

const unresolved = z.object({
  kind: z.enum(unresolvedKinds).describe('What has to be decided or done.'),
  enrolmentId: idAnswer().optional(),
  sessionId: idAnswer().optional(),
  detail: z.string().describe('What is missing, in a French sentence that names session and learner.'),
})
/** Something that a person has to decide before the figures can be believed. */
export type Unresolved = z.output<typeof unresolved>

export const bpfReportAnswer = z
  .object({
    form: z.string().describe('Number of the form («Cerfa»).'),
    period: periodQuery,
    frames: frames.describe('Letters and figures of the form; euros, heads and hours are whole.'),
    checks: z.array(checkOutcome).describe('The form’s own checks, made on the printed figures.'),
    unresolved: z
      .array(unresolved)
      .describe('What somebody has to decide before the figures can be believed.'),
  })
  .openapi('BpfReport')
export type BpfReport = z.output<typeof bpfReportAnswer>

const drillDownRow = z.object({
  fundingLineId: idAnswer().optional(),
  enrolmentId: idAnswer().optional(),
  personId: idAnswer().optional(),
  sessionId: idAnswer(),
  slotId: idAnswer().optional(),
  activityId: idAnswer().optional().describe('Work done alone, which is of no half-day.'),
  heldOn: dateAnswer().optional(),
  invoicedOn: dateAnswer().optional(),
  minutes: z.int().optional(),
  cents: z.int().optional(),
})
export type DrillDownRow = z.output<typeof drillDownRow>

export const drillDownAnswer = z
  .object({
    printed: z.int().describe('The figure of the form: whole hours or euros.'),
    exactMinutes: z.int().optional().describe('Sum of the rows, of a figure in hours.'),
    exactCents: z.int().optional().describe('Sum of the rows, of a figure in euros.'),
    count: z.int().optional().describe('Heads, of a figure in hours.'),
    rows: z.array(drillDownRow),
  })
  .openapi('BpfDrillDown')
/** A printed figure and the rows behind it, which sum to the exact one. */
export type DrillDown = z.output<typeof drillDownAnswer>
