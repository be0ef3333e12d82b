/** Signatures and seals as rows with their events: for tests of what follows from them, at any time and of any hand. */
import { appendEvents } from '../../src/attendance/ledger/ledger.service.ts'
import { inTransaction } from '../../src/platform/db/transaction.ts'
import type { TestApp } from './app.ts'
import type { WorldSession } from './world.ts'

type Signed = { slot: number; learner: number; at: string; fingerprint?: string }

/** A learner of the session has signed, on their own device. */
export async function addSignature(app: TestApp, session: WorldSession, signed: Signed): Promise<void> {
  const slotId = session.slots[signed.slot]?.id ?? ''
  const { enrolmentId = '', personId = '' } = session.learners[signed.learner] ?? {}
  const facts = { slotId, enrolmentId, way: 'ownDevice' as const }
  await inTransaction(app.system, async (ctx) => {
    const statement = {
      ...{
        kind: 'signature' as const,
        ...facts,
        personId,
        signedAt: signed.at,
        deviceAt: null,
        clientId: null,
      },
      ...{ handedOverBy: null, linkId: null, scanId: null, isLate: false },
    }
    const [event] = await appendEvents(ctx, session.id, [{ statement }], 'test')
    await ctx.db
      .insertInto('attendanceSignature')
      .values({
        ...{ ...facts, sessionId: session.id, signedAt: Temporal.Instant.from(signed.at), deviceAt: null },
        ...{ fingerprint: signed.fingerprint ?? crypto.randomUUID(), scanId: null, eventId: event?.id ?? '' },
      })
      .execute()
  })
}

/** A trainer's own signature of a half-day (contre-émargement). */
export async function addCountersignature(
  app: TestApp,
  session: WorldSession,
  { slot, trainer }: { slot: number; trainer: { personId: string } },
): Promise<void> {
  const { personId } = trainer
  const slotId = session.slots[slot]?.id ?? ''
  const signedAt = app.deps.clock()
  await inTransaction(app.system, async (ctx) => {
    const statement = {
      ...{ kind: 'countersignature' as const, slotId, personId, signedAt: signedAt.toString() },
      ...{ deviceAt: null, clientId: null, isLate: false },
    }
    const [event] = await appendEvents(ctx, session.id, [{ statement }], 'test')
    const row = { slotId, personId, sessionId: session.id, signedAt, deviceAt: null }
    await ctx.db
      .insertInto('trainerSignature')
      .values({ ...row, eventId: event?.id ?? '' })
      .execute()
  })
}

export async function addSeal(app: TestApp, session: WorldSession, slot: number): Promise<void> {
  const slotId = session.slots[slot]?.id ?? ''
  const sealedAt = app.deps.clock()
  await inTransaction(app.system, async (ctx) => {
    const statement = {
      ...{
        kind: 'seal' as const,
        slotId,
        trainerPersonId: null,
        learners: [],
        countersignatures: [],
        scanIds: [],
      },
      ...{ slotStartsAt: sealedAt.toString(), slotEndsAt: sealedAt.toString() },
    }
    const [event] = await appendEvents(ctx, session.id, [{ statement }], 'test')
    const row = { slotId, sessionId: session.id, sealedAt, trainerPersonId: null, eventId: event?.id ?? '' }
    await ctx.db.insertInto('slotSeal').values(row).execute()
  })
}
