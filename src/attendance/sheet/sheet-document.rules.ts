/** From what a session's sheet holds to what is printed of it, without any I/O. */

import type {
  AttendanceSheetModel,
  SheetCell,
  SheetHalfDay,
  SheetLearner,
  SheetMoment,
} from '../../documents/attendance-sheet.model.ts'
import { takesPart } from '../../enrolment/enrolment.rules.ts'
import { stands } from '../../planning/planning.rules.ts'
import { civilDateOf, localTimeOf } from '../../platform/civil-time.ts'
import { kindOf } from '../attendance.rules.ts'
import { markKey } from '../ledger/ledger-fold.ts'
import type { Sheet } from './sheet.service.ts'
import type { EnrolmentFacts, PrintedSlot } from './sheet-document.queries.ts'
import type { SheetRows, SheetWanted } from './sheet-document.ts'

type Printed = Omit<SheetRows, 'issuer'> & {
  issuer: NonNullable<SheetRows['issuer']>
  sheet: Sheet
  wanted: SheetWanted
  now: Temporal.Instant
  baseUrl: string
}

type Learner = Sheet['learners'][number]

/** What the sheet says. Half-days keep the numbers that they have in the session, also where one is printed alone. */
export function sheetModelOf(printed: Printed): AttendanceSheetModel {
  const { issuer, session, wanted, slots, now, baseUrl, ledger } = printed
  const { timeZone: issuerZone, ...organisation } = issuer
  const halfDays = slots
    .map((slot, index) => halfDayOf(printed, slot, index + 1))
    .filter(({ id }) => wanted.slotId === undefined || id === wanted.slotId)
  const numbers = new Map(halfDays.map(({ id, number }) => [id, number]))
  const scans = scansOf(printed, numbers)
  const addenda = addendaOf(printed, numbers)
  const address = `${baseUrl}/api/sessions/${session.id}`
  return {
    // To the minute, as it is printed: asked for twice in a minute it is the same file.
    printedAt: now.round({ smallestUnit: 'minute', roundingMode: 'trunc' }).toString(),
    printed: momentOf(printed, now),
    isBlank: wanted.isBlank,
    organisation: { ...organisation, representative: { ...organisation.representative } },
    training: { title: session.title },
    session: {
      reference: session.reference,
      startsOn: slots[0]?.heldOn ?? '',
      endsOn: slots.at(-1)?.heldOn ?? '',
      timeZone: session.timeZone === issuerZone ? null : session.timeZone,
      client: companyOf(session.clientName, session.clientSiret),
      funders: printed.funders,
    },
    halfDays,
    learners: learnersOf(printed, halfDays, { scans, addenda }),
    addenda: addenda.map(({ slotId: _, enrolmentId: __, ...addendum }) => addendum),
    scans: scans.map(({ id: _, ...scan }) => scan),
    ledger: ledger ?? null,
    scanUrl: `${baseUrl}/sessions/${session.id}/scan`,
    ledgerUrl: `${address}/ledger`,
  }
}

function momentOf({ session }: Printed, instant: Temporal.Instant): SheetMoment {
  return { date: civilDateOf(instant, session.timeZone), time: localTimeOf(instant, session.timeZone) }
}

function companyOf(name: string | null, siret: string | null): SheetLearner['company'] {
  return name === null ? null : { name, siret }
}

function halfDayOf(printed: Printed, slot: PrintedSlot, number: number): SheetHalfDay {
  const { session, now } = printed
  const isRemote = kindOf(slot, session) === 'synchronous'
  return {
    id: slot.id,
    number,
    date: slot.heldOn,
    halfDay: slot.halfDay,
    startTime: localTimeOf(slot.startsAt, session.timeZone),
    endTime: localTimeOf(slot.endsAt, session.timeZone),
    minutes: slot.durationMinutes,
    isRemote,
    place: isRemote ? roomOf(session.remoteUrl) : (slot.place ?? session.place),
    topic: slot.topic,
    hasEnded: Temporal.Instant.compare(slot.endsAt, now) <= 0,
    cancelled: slot.cancelledAt === null ? null : { reason: slot.cancelledReason },
    ...closingOf(printed, slot),
  }
}

/** The address of the virtual room without what only its guests may know: its query, where the password stands. */
function roomOf(remoteUrl: string | null): string | null {
  const url = remoteUrl === null ? null : URL.parse(remoteUrl)
  return url === null ? null : `${url.host}${url.pathname}`.replace(/\/$/, '')
}

/** Who teaches and has signed, and the seal. */
function closingOf(printed: Printed, slot: PrintedSlot): Pick<SheetHalfDay, 'trainers' | 'seal'> {
  const shown = printed.sheet.slots.find(({ id }) => id === slot.id)
  const drawn = printed.countersignatures.filter(({ slotId }) => slotId === slot.id)
  const trainers = (shown?.trainers ?? []).map(({ personId, name, signedAt }) => ({
    name,
    signature:
      signedAt === null
        ? null
        : {
            at: momentOf(printed, signedAt),
            strokes: drawn.find((signature) => signature.personId === personId)?.strokes ?? null,
          },
  }))
  const { seal } = shown ?? {}
  if (!seal) return { trainers, seal: null }
  const by = shown?.trainers.find(({ personId }) => personId === seal.trainerPersonId)?.name ?? null
  const { sequence, hash } = seal
  return { trainers, seal: { at: momentOf(printed, seal.sealedAt), by, sequence, hash } }
}

type NumberedScan = AttendanceSheetModel['scans'][number] & { id: string }

function scansOf(printed: Printed, numbers: ReadonlyMap<string, number>): NumberedScan[] {
  return printed.scans
    .map((scan, index) => ({
      id: scan.id,
      number: index + 1,
      mediaType: scan.mediaType,
      at: momentOf(printed, scan.uploadedAt),
      by: scan.by,
      originalKeptAt: scan.originalKeptAt,
      sha256: scan.sha256,
      halfDays: printed.sheet.slots
        .filter(({ scans }) => scans.some(({ id }) => id === scan.id))
        .flatMap(({ id }) => numbers.get(id) ?? []),
    }))
    .filter(({ halfDays }) => halfDays.length > 0)
}

type NumberedAddendum = AttendanceSheetModel['addenda'][number] & { slotId: string; enrolmentId: string }

/** In the order of the ledger; numbered from 1 on this sheet. */
function addendaOf(printed: Printed, numbers: ReadonlyMap<string, number>): NumberedAddendum[] {
  return printed.sheet.learners
    .flatMap(({ name, marks }) => marks.flatMap(({ addenda }) => addenda.map((one) => ({ ...one, name }))))
    .sort((a, b) => a.sequence - b.sequence)
    .flatMap(({ slotId, enrolmentId, name, at, by, before, after, reason, sequence }) => {
      const halfDay = numbers.get(slotId)
      if (halfDay === undefined) return []
      const states = { before: before && stateOf(before), after: stateOf(after) }
      const facts = { at: momentOf(printed, at), by, learner: name, halfDay, reason, sequence }
      return [{ slotId, enrolmentId, ...facts, ...states }]
    })
    .map((addendum, index) => ({ ...addendum, number: index + 1 }))
}

type State = Pick<Learner['marks'][number], 'status' | 'attendedMinutes' | 'reasonCode' | 'justified'>

function stateOf({ status, attendedMinutes, reasonCode, justified }: State) {
  return { status, minutes: attendedMinutes, reason: reasonCode, justified }
}

type Numbered = { scans: readonly NumberedScan[]; addenda: readonly NumberedAddendum[] }

/** On a sheet to be signed by hand stands who is expected; on a signed one whoever has a part in it. */
function learnersOf(printed: Printed, halfDays: readonly SheetHalfDay[], numbered: Numbered): SheetLearner[] {
  const factsOf = new Map(printed.enrolments.map((facts) => [facts.enrolmentId, facts]))
  const attendedOf = new Map(printed.attended.map((row) => [row.enrolmentId, row]))
  const cellOf = cellMaker(printed, numbered)
  return printed.sheet.learners.flatMap((learner) => {
    const facts = factsOf.get(learner.enrolmentId)
    if (!facts) return []
    const cells = halfDays.map((slot) => cellOf(learner, facts, slot))
    if (printed.wanted.isBlank && !cells.some(({ isExpected }) => isExpected)) return []
    const { attendedMinutes = 0, asynchronousMinutes = 0 } = attendedOf.get(learner.enrolmentId) ?? {}
    return [
      {
        firstName: facts.firstName,
        lastName: facts.lastName,
        company: companyOf(facts.employerName, facts.employerSiret),
        ...datesOf(printed, facts, learner),
        attendedMinutes,
        asynchronousMinutes,
        plannedMinutes:
          printed.wanted.slotId === undefined ? learner.plannedMinutes : plannedIn(halfDays, cells),
        cells,
      },
    ]
  })
}

function plannedIn(halfDays: readonly SheetHalfDay[], cells: readonly SheetCell[]): number {
  return halfDays.reduce((sum, { minutes }, index) => sum + (cells[index]?.isExpected ? minutes : 0), 0)
}

function datesOf(
  { slots, session }: Printed,
  { startedOn, joinedAt, interruptedOn }: EnrolmentFacts,
  { status }: Learner,
): Pick<SheetLearner, 'startedOn' | 'interruptedOn' | 'hasLeft'> {
  const joinedOn = startedOn ?? (joinedAt === null ? null : civilDateOf(joinedAt, session.timeZone))
  const first = slots[0]?.heldOn ?? ''
  return {
    startedOn: joinedOn !== null && joinedOn > first ? joinedOn : null,
    interruptedOn,
    hasLeft: hasLeft(status),
  }
}

function hasLeft(status: Learner['status']): boolean {
  return !takesPart(status)
}

/** What stands of one learner in one half-day; looked up once for all. */
function cellMaker(printed: Printed, { scans, addenda }: Numbered) {
  const expected = new Set(printed.expected.map(markKey))
  const endOf = new Map(printed.slots.filter(stands).map(({ id, endsAt }) => [id, endsAt]))
  const signatures = new Map(printed.signatures.map((signature) => [markKey(signature), signature]))
  const scanNumbers = new Map(scans.map(({ id, number }) => [id, number]))
  const lastAddendum = new Map(addenda.map((addendum) => [markKey(addendum), addendum.number]))

  /** Who came in during a half-day is not expected in it, and has a frame on paper to sign in all the same. */
  const maySignInto = ({ joinedAt }: EnrolmentFacts, endsAt: Temporal.Instant | undefined) =>
    printed.wanted.isBlank &&
    joinedAt !== null &&
    endsAt !== undefined &&
    Temporal.Instant.compare(joinedAt, endsAt) < 0

  return (learner: Learner, facts: EnrolmentFacts, { id: slotId, date }: SheetHalfDay): SheetCell => {
    const key = markKey({ slotId, enrolmentId: learner.enrolmentId })
    const mark = learner.marks.find((one) => one.slotId === slotId)
    const signature = signatures.get(key)
    const timeOf = (instant: Temporal.Instant | null) =>
      instant === null ? null : localTimeOf(instant, printed.session.timeZone)
    const wasThere = !hasLeft(learner.status) || (facts.interruptedOn !== null && date <= facts.interruptedOn)
    return {
      isExpected: wasThere && (expected.has(key) || maySignInto(facts, endOf.get(slotId))),
      mark: mark
        ? {
            ...stateOf(mark),
            arrivedAt: timeOf(mark.arrivedAt),
            leftAt: timeOf(mark.leftAt),
            addendum: lastAddendum.get(key) ?? null,
          }
        : null,
      signature: signature
        ? {
            way: signature.way,
            at: momentOf(printed, signature.signedAt),
            strokes: signature.strokes,
            scan: signature.scanId === null ? null : (scanNumbers.get(signature.scanId) ?? null),
          }
        : null,
      waiver: mark?.waiver ? { reason: mark.waiver.reasonCode, note: mark.waiver.note } : null,
    }
  }
}
