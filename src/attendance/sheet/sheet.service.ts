/** The attendance sheet (*feuille d'émargement*) of a session: all that an inspector asks for in one answer. */
import type { Kysely } from 'kysely'
import type { Database } from '../../database.ts'
import type { EnrolmentStatus } from '../../enrolment/enrolment.schema.ts'
import { listSlots, type SlotRow } from '../../planning/session.queries.ts'
import { findSessionTo } from '../../planning/session-access.ts'
import { isAdmin } from '../../platform/access.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { inSnapshot } from '../../platform/db/snapshot.ts'
import { sum } from '../../platform/sum.ts'
import { attendancePermissions as may } from '../attendance.permissions.ts'
import type { MarkRow } from '../attendance.queries.ts'
import { listMarks, listSheetLearners } from '../attendance.queries.ts'
import { markKey } from '../ledger/ledger-fold.ts'
import { attendedLinesByEnrolment, noLines } from '../remote/attended-lines.queries.ts'
import type { AttendedLines } from '../remote/attended-lines.schema.ts'
import { connectedMinutes } from '../remote/connected-minutes.ts'
import {
  listSeals,
  listSlotTrainers,
  listWaivers,
  type Seal,
  type WaiverRow,
} from '../sealing/sealing.queries.ts'
import type { SlotTrainer } from '../sealing/sealing.rules.ts'
import * as queries from './sheet.queries.ts'
import {
  type Addendum,
  addendaOf,
  type Conflict,
  deviceConflicts,
  movedConflicts,
  signedButAbsent,
} from './sheet.rules.ts'

type SheetSlot = Pick<
  SlotRow,
  'id' | 'halfDay' | 'startsAt' | 'endsAt' | 'durationMinutes' | 'topic' | 'cancelledAt'
> & {
  date: string
  seal: Seal | null
  trainers: SlotTrainer[]
  scans: Awaited<ReturnType<typeof queries.listScans>>
}

export type SheetMark = MarkRow & {
  signature: Awaited<ReturnType<typeof queries.listSheetSignatures>>[number] | null
  waiver: WaiverRow | null
  addenda: Addendum[]
  connectedMinutes: number | null
}

export type Sheet = {
  sessionId: string
  slots: SheetSlot[]
  learners: {
    enrolmentId: string
    personId: string
    name: string
    status: EnrolmentStatus
    marks: SheetMark[]
    attendedMinutes: number
    attendedLines: AttendedLines
    plannedMinutes: number
  }[]
  attendedMinutes: number
  conflicts: Conflict[]
}

/** Slots in time, learners by name, minutes from the one view; a constant number of statements, all of one moment. */
export async function readSheet(ctx: Ctx, sessionId: string): Promise<Sheet> {
  await findSessionTo(ctx, sessionId, may['attendance.read'])
  const rows = await inSnapshot(ctx.db, (db) => readRows(db, sessionId))
  const { slots, learners, attended } = rows
  const position = new Map(slots.map((slot, index) => [slot.id, index]))
  const inOrder = (a: MarkRow, b: MarkRow) => (position.get(a.slotId) ?? 0) - (position.get(b.slotId) ?? 0)
  const marks = sheetMarks(rows, { namesAdmins: isAdmin(ctx.actor) })
  const marksOf = Map.groupBy(marks.sort(inOrder), (mark) => mark.enrolmentId)
  const linesOf = ({ enrolmentId }: { enrolmentId: string }) => attended.get(enrolmentId) ?? noLines
  return {
    sessionId,
    slots: sheetSlots(rows),
    learners: learners.map(({ firstName, lastName, movedSlotIds: _, ...learner }) => ({
      ...learner,
      name: `${firstName} ${lastName}`,
      marks: marksOf.get(learner.enrolmentId) ?? [],
      attendedMinutes: sum(Object.values(linesOf(learner))),
      attendedLines: linesOf(learner),
    })),
    attendedMinutes: sum([...attended.values()].flatMap((lines) => Object.values(lines))),
    conflicts: [
      ...signedButAbsent(marks, rows.signatures),
      ...movedConflicts(marks, movedAmong(rows)),
      ...deviceConflicts(rows.doubtful),
    ],
  }
}

/** How sealed half-days of these sessions were corrected. Part of other verbs, which authorise. */
export async function listAddenda(db: Kysely<Database>, sessionIds: readonly string[]): Promise<Addendum[]> {
  return addendaOf(await queries.listCorrectedMarks(db, sessionIds))
}

type Rows = Awaited<ReturnType<typeof readRows>>

async function readRows(db: Kysely<Database>, sessionId: string) {
  const signatures = await queries.listSheetSignatures(db, sessionId)
  return {
    slots: await listSlots(db, sessionId),
    learners: await listSheetLearners(db, sessionId),
    marks: await listMarks(db, { sessionId }),
    attended: await attendedLinesByEnrolment(db, { sessionId }),
    connected: await connectedMinutes(db, sessionId),
    signatures: new Map(signatures.map((signature) => [markKey(signature), signature])),
    waivers: await listWaivers(db, { sessionId }),
    trainers: await listSlotTrainers(db, sessionId),
    seals: await listSeals(db, sessionId),
    scans: await queries.listScans(db, sessionId),
    corrected: await queries.listCorrectedMarks(db, [sessionId]),
    doubtful: await queries.listDoubtfulEvents(db, sessionId),
  }
}

/** The marks that no longer fit their half-day. */
function movedAmong({ learners }: Rows): Set<string> {
  return new Set(
    learners.flatMap(({ enrolmentId, movedSlotIds }) =>
      movedSlotIds.map((slotId) => markKey({ slotId, enrolmentId })),
    ),
  )
}

function sheetSlots({ slots, seals, trainers, scans }: Rows): SheetSlot[] {
  const sealOf = new Map(seals.map((seal) => [seal.slotId, seal]))
  const trainersOf = Map.groupBy(trainers, ({ slotId }) => slotId)
  const scansOf = Map.groupBy(scans, ({ slotId }) => slotId)
  return slots.map((slot) => ({
    ...slot,
    date: slot.heldOn,
    seal: sealOf.get(slot.id) ?? null,
    trainers: trainersOf.get(slot.id) ?? [],
    scans: scansOf.get(slot.id) ?? [],
  }))
}

/** Who corrected what is for admins: everybody else is told when and why. */
function sheetMarks(
  { marks, signatures, waivers, corrected, connected }: Rows,
  { namesAdmins }: { namesAdmins: boolean },
): SheetMark[] {
  const waiverOf = new Map(waivers.map((waiver) => [markKey(waiver), waiver]))
  const addenda = addendaOf(corrected).map((one) => ({ ...one, by: namesAdmins ? one.by : null }))
  const addendaByMark = Map.groupBy(addenda, markKey)
  return marks.map((mark) => ({
    ...mark,
    signature: signatures.get(markKey(mark)) ?? null,
    waiver: waiverOf.get(markKey(mark)) ?? null,
    addenda: addendaByMark.get(markKey(mark)) ?? [],
    connectedMinutes: connected.get(markKey(mark)) ?? null,
  }))
}
