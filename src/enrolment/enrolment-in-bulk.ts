/** Corrections of many enrolments of a session at once. Part of an import, which authorises and holds its lock. */
import { audit } from '../platform/audit/audit.ts'
import type { TrxCtx } from '../platform/ctx.ts'
import { updateEnrolments } from './enrolment.queries.ts'
import { type TraineeType, traineeTypes } from './enrolment.schema.ts'

/** Writes the trainee type (*type de stagiaire*, BPF F-1) of these enrolments: one statement for each type. */
export async function correctTraineeTypes(
  ctx: TrxCtx,
  sessionId: string,
  corrections: readonly { enrolmentId: string; traineeType: TraineeType }[],
): Promise<void> {
  if (corrections.length === 0) return
  for (const traineeType of traineeTypes) {
    const ids = corrections.filter((one) => one.traineeType === traineeType).map((one) => one.enrolmentId)
    await updateEnrolments(ctx.db, ids, { traineeType, updatedAt: ctx.now() })
  }
  await audit(ctx, {
    action: 'enrolment.correctTypes',
    subject: { kind: 'session', id: sessionId },
    changes: { traineeTypes: corrections },
  })
}
