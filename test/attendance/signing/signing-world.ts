/** Sessions in which people sign: their trainer, their learners with accounts, and the ways of signing. */
import type { Answer, Caller, TestApp } from '../../support/app.ts'
import { made } from '../../support/route-world.ts'
import { addSession, type SessionFacts, type WorldSession } from '../../support/world.ts'
import { aSignature } from './signatures.ts'

export type SignedSession = WorldSession & { people: Caller[] }

/** Two half-days on 2 March 2026, with learners who have accounts. */
export async function aSignedSession(
  app: TestApp,
  trainer: Caller,
  { people = 1, ...facts }: Omit<SessionFacts, 'learners'> & { people?: number } = {},
): Promise<SignedSession> {
  const callers: Caller[] = []
  for (let count = 0; count < people; count++) callers.push(await app.signIn())
  const learners = callers.map(({ personId }) => ({ personId }))
  return { ...(await addSession(app, { trainer, learners, ...facts })), people: callers }
}

type Extra = {
  slot?: number
  strokes?: number[][]
  headers?: Record<string, string>
  [field: string]: unknown
}

/** Signs a half-day of the session as this caller; the first one, unless another is named. */
export function sign(
  who: Caller,
  { slots }: WorldSession,
  { slot = 0, headers = {}, strokes = aSignature(1), ...body }: Extra = {},
): Promise<Answer> {
  return who.post(`/api/slots/${slots[slot]?.id}/signatures`, { strokes, ...body }, headers)
}

/** The end of a link shown on the trainer's screen for a learner. */
export async function aScreenLink(
  trainer: Caller,
  session: WorldSession,
  learner = 0,
  slot = 0,
): Promise<string> {
  const path = `/api/slots/${session.slots[slot]?.id}/signing-links`
  const { url } = made(await trainer.post(path, { enrolmentId: session.learners[learner]?.enrolmentId }))
  return String(url).split('/').at(-1) ?? ''
}

/** Signs by a link. */
export function signByLink(
  who: Caller,
  token: string,
  { slots }: WorldSession,
  { slot = 0, strokes = aSignature(1), ...body }: Extra = {},
): Promise<Answer> {
  return who.post(`/api/signing/${token}/signatures`, { slotId: slots[slot]?.id, strokes, ...body })
}

/** What the ledger of a session holds, as it was said, with its payloads. */
export async function ledgerOf(app: TestApp, { id }: { id: string }) {
  const rows = await app.deps.db
    .selectFrom('attendanceEvent as event')
    .leftJoin('attendancePayload as payload', 'payload.eventId', 'event.id')
    .select(['event.body', 'payload.content'])
    .where('event.sessionId', '=', id)
    .orderBy('event.sequence')
    .execute()
  return rows.map(({ body, content }) => ({ ...JSON.parse(body), payload: content }))
}

export async function signaturesOf(app: TestApp, { id }: { id: string }) {
  return app.deps.db.selectFrom('attendanceSignature').selectAll().where('sessionId', '=', id).execute()
}

/** Seals a half-day by its row alone: what signing must see. */
export async function sealed(app: TestApp, session: WorldSession, slot = 0): Promise<void> {
  const { db } = app.deps
  const event = await db
    .selectFrom('attendanceEvent')
    .select('id')
    .where('sessionId', '=', session.id)
    .executeTakeFirstOrThrow()
  await db
    .insertInto('slotSeal')
    .values({
      slotId: session.slots[slot]?.id ?? '',
      sessionId: session.id,
      sealedAt: app.deps.clock(),
      trainerPersonId: null,
      eventId: event.id,
    })
    .execute()
}
