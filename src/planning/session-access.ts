/** How verbs on a session begin: find or lock it, see whether the actor may, whether it can change, may be open. */
import { authoriseOn, nothingFor, personIdOf, type Relation } from '../platform/access.ts'
import type { Ctx, TrxCtx } from '../platform/ctx.ts'
import { planningPermissions as may } from './planning.permissions.ts'
import { notReady, wrongStatus } from './planning.problems.ts'
import { isChangeable, missingToOpen } from './planning.rules.ts'
import { findSession, listTrainers, lockSession, type SessionRow, sessionSubject } from './session.queries.ts'

/** Throws 401 when nobody is signed in, 404 on a session that the actor may not see, 403 on one only to be seen. */
export async function findSessionTo(
  ctx: Ctx | TrxCtx,
  id: string,
  act: readonly Relation[],
): Promise<SessionRow> {
  const session = await findSession(ctx.db, id)
  if (!session) throw nothingFor(ctx.actor)
  await authoriseOnSession(ctx, session, act)
  return session
}

/** As `findSessionTo`, with the first lock of every verb that changes what belongs to the session. */
export async function lockSessionTo(ctx: TrxCtx, id: string, act: readonly Relation[]): Promise<SessionRow> {
  const session = await lockSession(ctx.db, id)
  if (!session) throw nothingFor(ctx.actor)
  await authoriseOnSession(ctx, session, act)
  return session
}

/** Throws as `findSessionTo`, on a session that was found by another way. */
export async function authoriseOnSession(
  ctx: Ctx | TrxCtx,
  session: SessionRow,
  act: readonly Relation[],
): Promise<void> {
  const subject = await sessionSubject(ctx.db, session, personIdOf(ctx.actor))
  authoriseOn(ctx.actor, subject, { act, see: may['session.read'] })
}

/** Throws 409 on a session that is closed or cancelled, whoever asks. */
export function assertChangeable(session: SessionRow): void {
  if (!isChangeable(session.status)) throw wrongStatus({ detail: `The session is ${session.status}.` })
}

/** Throws 409 naming what the session still lacks to be open. */
export async function assertReady(ctx: TrxCtx, session: SessionRow): Promise<void> {
  const missing = missingToOpen({
    hasSlots: session.firstSlotStartsAt !== null,
    hasTrainers: (await listTrainers(ctx.db, session.id)).length > 0,
    subcontracting: session.subcontracting,
  })
  if (missing.length > 0) throw notReady({ extra: { missing } })
}
