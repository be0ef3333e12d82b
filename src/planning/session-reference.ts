/** The reference that people know a session by: given, or made from the training's code and the first date. */
import type { Insertable } from 'kysely'
import { civilDateOf } from '../platform/civil-time.ts'
import type { TrxCtx } from '../platform/ctx.ts'
import { referenceTaken } from './planning.problems.ts'
import { referenceStem } from './planning.rules.ts'
import type { TrainingSessionTable } from './planning.tables.ts'
import { insertSessionUnlessTaken, type SessionRow } from './session.queries.ts'

/**
 * Inserts the session under the reference that is wanted; throws 409 when it is taken. None wanted: under `NR-2026-03-02`,
 * and when that is taken `NR-2026-03-02-2`, `-3`…, each once however many are made at the same moment, since the unique
 * index makes the later wait for the earlier.
 */
export async function insertReferenced(
  ctx: TrxCtx,
  row: Omit<Insertable<TrainingSessionTable>, 'reference'>,
  from: { wanted: string | undefined; trainingCode: string; dates: readonly string[] },
): Promise<SessionRow> {
  if (from.wanted !== undefined) {
    const session = await insertSessionUnlessTaken(ctx.db, { ...row, reference: from.wanted })
    if (!session) throw referenceTaken()
    return session
  }
  const firstDate = from.dates.toSorted()[0] ?? civilDateOf(ctx.now(), row.timeZone)
  const stem = referenceStem(from.trainingCode, firstDate)
  for (let number = 1; ; number++) {
    const reference = number === 1 ? stem : `${stem}-${number}`
    const session = await insertSessionUnlessTaken(ctx.db, { ...row, reference })
    if (session) return session
  }
}
