/** What an attendance sheet (feuille d'émargement) says, frozen at the moment it is printed. */
import { z } from 'zod'

const line = z.string().min(1).max(2_000)
const minutes = z.int().min(0)
const date = z.iso.date()
const time = z.iso.time({ precision: -1 })

/** A moment by the clock of the session's time zone. */
const moment = z.strictObject({ date, time })

/** Strokes as they were drawn on a pad of 1000 × 400: each one flat, x0, y0, x1, y1 … */
const strokes = z.array(z.array(z.number()))

const company = z.strictObject({ name: line, siret: line.nullable() })

const trainer = z.strictObject({
  name: line,
  /** `strokes` are null once retention has deleted them. */
  signature: z.strictObject({ at: moment, strokes: strokes.nullable() }).nullable(),
})

const seal = z.strictObject({ at: moment, by: line.nullable(), sequence: z.int(), hash: line })

const halfDay = z.strictObject({
  id: line,
  /** Its place in the session, from 1. */
  number: z.int().min(1),
  date,
  halfDay: z.enum(['morning', 'afternoon', 'evening']),
  startTime: time,
  endTime: time,
  minutes,
  isRemote: z.boolean(),
  /** The place, or the address of the virtual room. */
  place: line.nullable(),
  topic: line.nullable(),
  hasEnded: z.boolean(),
  cancelled: z.strictObject({ reason: line.nullable() }).nullable(),
  trainers: z.array(trainer),
  seal: seal.nullable(),
})

const mark = z.strictObject({
  status: z.enum(['present', 'partial', 'absent']),
  minutes,
  reason: z.enum(['illness', 'work', 'transport', 'family', 'forceMajeure', 'unknown', 'other']).nullable(),
  justified: z.boolean().nullable(),
  arrivedAt: time.nullable(),
  leftAt: time.nullable(),
  /** The number of the addendum that it goes back to. */
  addendum: z.int().nullable(),
})

const signature = z.strictObject({
  way: z.enum(['ownDevice', 'code', 'trainerDevice', 'paper']),
  at: moment,
  /** Null on paper, and once retention has deleted them. */
  strokes: strokes.nullable(),
  /** The number of the scan that shows it. */
  scan: z.int().nullable(),
})

/** One learner in one half-day. */
const cell = z.strictObject({
  /** Whether the learner was to be there, by the dates of the enrolment. */
  isExpected: z.boolean(),
  mark: mark.nullable(),
  signature: signature.nullable(),
  /** Why a learner who was present did not sign. */
  waiver: z
    .strictObject({ reason: z.enum(['unable', 'refused', 'technical', 'other']), note: line.nullable() })
    .nullable(),
})

const learner = z.strictObject({
  firstName: line,
  lastName: line,
  company: company.nullable(),
  /** Set where it is not that of the session. */
  startedOn: date.nullable(),
  interruptedOn: date.nullable(),
  hasLeft: z.boolean(),
  attendedMinutes: minutes,
  /** Of them those of activities in the learner's own time. */
  asynchronousMinutes: minutes,
  plannedMinutes: minutes,
  /** One for each half-day, in their order. */
  cells: z.array(cell),
})

const correctedMark = mark.pick({ status: true, minutes: true, reason: true, justified: true })

const addendum = z.strictObject({
  number: z.int(),
  at: moment,
  by: line.nullable(),
  learner: line,
  /** Number of the half-day. */
  halfDay: z.int(),
  before: correctedMark.nullable(),
  after: correctedMark,
  /** Null once retention has deleted it. */
  reason: line.nullable(),
  sequence: z.int(),
})

const scan = z.strictObject({
  number: z.int(),
  mediaType: z.enum(['application/pdf', 'image/jpeg', 'image/png']),
  at: moment,
  by: line.nullable(),
  originalKeptAt: line,
  sha256: line,
  /** Numbers of the half-days it bears. */
  halfDays: z.array(z.int()),
})

const organisation = z.strictObject({
  legalName: line,
  tradeName: line.nullable(),
  siret: line,
  declarationNumber: line,
  declarationRegion: line,
  address: z.strictObject({ street: line, postalCode: line, city: line, country: line }),
  representative: z.strictObject({ firstName: line, lastName: line, title: line }),
})

/**
 * The frozen model of a sheet, of a whole session or of one half-day. Dates and times are those of the session's time
 * zone, `printedAt` an instant in UTC. Every learner has one cell for each half-day.
 */
export const attendanceSheetModel = z
  .strictObject({
    printedAt: z.iso.datetime(),
    printed: moment,
    /** To be printed and signed by hand. */
    isBlank: z.boolean(),
    organisation,
    /** Word for word as on the certificate, the agreement and the invoice. */
    training: z.strictObject({ title: line }),
    session: z.strictObject({
      reference: line,
      startsOn: date,
      endsOn: date,
      /** Set where the session has another time zone than the organisation. */
      timeZone: line.nullable(),
      client: company.nullable(),
      funders: z.array(line),
    }),
    halfDays: z.array(halfDay).min(1),
    learners: z.array(learner),
    addenda: z.array(addendum),
    scans: z.array(scan),
    /** The last event of the ledger that the sheet shows; null before there is one. */
    ledger: z.strictObject({ sequence: z.int(), hash: line }).nullable(),
    /** Where a scan of the sheet is sent to, and where the ledger is checked. */
    scanUrl: z.url({ protocol: /^https?$/ }),
    ledgerUrl: z.url({ protocol: /^https?$/ }),
  })
  .refine(({ halfDays, learners }) => learners.every(({ cells }) => cells.length === halfDays.length), {
    path: ['learners'],
    error: 'every learner must have a cell for each half-day',
  })

export type AttendanceSheetModel = z.output<typeof attendanceSheetModel>
export type SheetHalfDay = AttendanceSheetModel['halfDays'][number]
export type SheetLearner = AttendanceSheetModel['learners'][number]
export type SheetCell = SheetLearner['cells'][number]
export type SheetMoment = z.output<typeof moment>
export type SheetMark = z.output<typeof mark>
export type CorrectedMark = z.output<typeof correctedMark>
export type SheetStrokes = z.output<typeof strokes>
