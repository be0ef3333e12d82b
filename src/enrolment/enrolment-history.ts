/** Enrolments of sessions that were held before this installation knew of them, many at once. */
import type { SessionRow } from '../planning/session.queries.ts'
import { audit } from '../platform/audit/audit.ts'
import type { TrxCtx } from '../platform/ctx.ts'
import { inBatches } from '../platform/db/batches.ts'
import type { EnrolmentRow } from './enrolment.queries.ts'
import * as queries from './enrolment.queries.ts'
import type { TraineeType } from './enrolment.schema.ts'

/** `traineeType` is null where the papers do not say. */
type HistoricEnrolment = {
  personId: string
  traineeType: TraineeType | null
  employerClientId: string | null
}

/**
 * Confirms these people in a session, whatever its capacity; who is in it already stays as they are. Part of other
 * verbs (an import), which authorise and hold the session's lock. Returns the live enrolments of all of them.
 */
export async function addEnrolments(
  ctx: TrxCtx,
  session: Pick<SessionRow, 'id'>,
  people: readonly HistoricEnrolment[],
): Promise<EnrolmentRow[]> {
  if (people.length === 0) return []
  const now = ctx.now()
  let added = 0
  for (const batch of inBatches(people, 8)) {
    added += await queries.insertMissingEnrolments(
      ctx.db,
      batch.map((person) => ({
        personId: person.personId,
        traineeType: person.traineeType,
        employerClientId: person.employerClientId,
        id: ctx.newId(),
        createdAt: now,
        updatedAt: now,
        sessionId: session.id,
        status: 'confirmed' as const,
      })),
    )
  }
  if (added > 0) {
    await audit(ctx, {
      action: 'enrolment.addHistory',
      subject: { kind: 'session', id: session.id },
      changes: { added },
    })
  }
  return queries.listLiveEnrolments(
    ctx.db,
    session.id,
    people.map((person) => person.personId),
  )
}
