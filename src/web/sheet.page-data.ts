/** What the trainer's screen shows: the sheet, as far as one marks, signs and seals by it. */
import { attendancePermissions } from '../attendance/attendance.permissions.ts'
import { sealingPermissions } from '../attendance/sealing/sealing.permissions.ts'
import { readSheet, type Sheet } from '../attendance/sheet/sheet.service.ts'
import { readSession, type SessionView } from '../planning/session-view.ts'
import { can, personIdOf } from '../platform/access.ts'
import { localTimeOf } from '../platform/civil-time.ts'
import type { Ctx } from '../platform/ctx.ts'
import { halfDayLabel, shortHalfDayLabel } from './french.ts'
import type { SheetView } from './sheet.page.ts'

/** Throws as `readSheet`. */
export async function readSheetView(ctx: Ctx, sessionId: string): Promise<SheetView> {
  const sheet = await readSheet(ctx, sessionId)
  const session = await readSession(ctx, sessionId)
  const trainerPersonIds = session.trainers.map(({ personId }) => personId)
  return {
    sessionId,
    personId: personIdOf(ctx.actor) ?? null,
    reference: session.reference,
    trainingTitle: session.title,
    timeZone: session.timeZone,
    canMark: can(ctx.actor, attendancePermissions['attendance.mark'], { trainerPersonIds }),
    isTrainer: can(ctx.actor, sealingPermissions['attendance.waive'], { trainerPersonIds }),
    slots: sheet.slots.map((slot) => slotOf(slot, session, personIdOf(ctx.actor))),
    learners: sheet.learners.map(learnerOf),
    conflicts: sheet.conflicts.map(({ slotId, enrolmentId, kind }) => ({ slotId, enrolmentId, kind })),
  }
}

function slotOf(slot: Sheet['slots'][number], { timeZone }: SessionView, personId: string | undefined) {
  const own = slot.trainers.find((trainer) => trainer.personId === personId)
  return {
    id: slot.id,
    label: halfDayLabel({
      date: slot.date,
      halfDay: slot.halfDay,
      startTime: localTimeOf(slot.startsAt, timeZone),
      endTime: localTimeOf(slot.endsAt, timeZone),
    }),
    shortLabel: shortHalfDayLabel(slot),
    startsAt: slot.startsAt.toString(),
    endsAt: slot.endsAt.toString(),
    sealedAt: slot.seal?.sealedAt.toString() ?? null,
    isCancelled: slot.cancelledAt !== null,
    isMine: own !== undefined,
    isCountersigned: own?.signedAt != null,
  }
}

function learnerOf({ enrolmentId, name, marks }: Sheet['learners'][number]) {
  return {
    enrolmentId,
    name,
    marks: Object.fromEntries(
      marks.map(({ slotId, status, attendedMinutes, reasonCode, signature, waiver }) => [
        slotId,
        {
          status,
          attendedMinutes,
          reasonCode,
          signedAt: signature?.signedAt.toString() ?? null,
          waiver: waiver !== null,
        },
      ]),
    ),
  }
}
