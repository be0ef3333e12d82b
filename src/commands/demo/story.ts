/** The demonstration's present: what this community is doing this month, played through the verbs of the API. */
import type { MarkInput } from '../../attendance/attendance.schema.ts'
import { markSlot } from '../../attendance/attendance.service.ts'
import { issueCertificates } from '../../certification/certification.service.ts'
import { setBpfInputs } from '../../compliance/bpf.service.ts'
import { enrol } from '../../enrolment/enrol.service.ts'
import { enrolmentInput } from '../../enrolment/enrolment.schema.ts'
import { cancelSession, closeSession } from '../../enrolment/session-lifecycle.service.ts'
import { readOrganisation } from '../../organisation/organisation.service.ts'
import { sessionInput } from '../../planning/planning.schema.ts'
import { findSessionByReference } from '../../planning/session.queries.ts'
import { createSession, openSession } from '../../planning/session.service.ts'
import type { Ctx, TrxCtx } from '../../platform/ctx.ts'
import { inTransaction } from '../../platform/db/transaction.ts'
import { type Cast, findCast } from './cast.ts'
import { type Scene, scenes } from './scenes.ts'

/** Plays every scene that has not been played yet, each whole or not at all, then what only happens afterwards. */
export async function tellStory(ctx: Ctx): Promise<void> {
  const cast = await findCast(ctx)
  const today = ctx
    .now()
    .toZonedDateTimeISO((await readOrganisation(ctx)).timeZone)
    .toPlainDate()
  for (const [index, scene] of scenes(today).entries()) {
    if (await findSessionByReference(ctx.db, scene.reference)) continue
    if (index === 0) await giveAccounts(ctx, [today.year - 2, today.year - 1])
    const sessionId = await inTransaction(ctx, (ctx) => play(ctx, scene, cast, index * 17))
    if (scene.outcome === 'closed') await issueCertificates(ctx, sessionId)
  }
}

/** The session, its people, its marks, and how it ended. */
async function play(ctx: TrxCtx, scene: Scene, cast: Cast, offset: number): Promise<string> {
  const trainer = cast.trainers[offset % cast.trainers.length]
  const session = await createSession(
    ctx,
    sessionInput.parse({
      ...scene.session,
      reference: scene.reference,
      trainingId: cast.trainingIds.get(scene.training),
      chapterId: cast.chapterIds.get(scene.chapter),
      trainers: trainer ? [{ personId: trainer, engagement: scene.engagement }] : [],
      acceptWarnings: ['planning/trainer-double-booked'],
    }),
  )
  if (scene.outcome === 'draft') return session.id
  await openSession(ctx, session.id)
  const enrolmentIds = await enrolMembers(ctx, session.id, scene.learners, cast, offset)
  if (scene.outcome === 'cancelled')
    await cancelSession(ctx, session.id, 'Nombre minimum de stagiaires non atteint')
  const held = session.slots.filter((slot) => Temporal.Instant.compare(slot.endsAt, ctx.now()) <= 0)
  if (scene.outcome === 'open' || scene.outcome === 'closed') {
    for (const [index, slot] of held.entries())
      await markSlot(ctx, slot.id, { marks: marks(enrolmentIds, index) })
  }
  if (scene.outcome === 'closed') await closeSession(ctx, session.id)
  return session.id
}

/** Members are sorted by address; neighbours in that list share a first name too often. */
const stride = 7

async function enrolMembers(
  ctx: TrxCtx,
  sessionId: string,
  count: number,
  cast: Cast,
  offset: number,
): Promise<string[]> {
  const enrolmentIds: string[] = []
  for (let index = 0; index < count; index++) {
    const personId = cast.members[(offset + index * stride) % cast.members.length]
    const input = enrolmentInput.parse({ personId, traineeType: index % 6 === 5 ? 'jobSeeker' : 'other' })
    const enrolment = await enrol(ctx, sessionId, input)
    if (enrolment.status === 'confirmed') enrolmentIds.push(enrolment.id)
  }
  return enrolmentIds
}

/** Nearly everyone is there: somebody comes late in the first half-day, somebody is ill in the second. */
function marks(enrolmentIds: string[], slot: number): MarkInput[] {
  return enrolmentIds.map((enrolmentId, index): MarkInput => {
    if (slot === 0 && index === 2) {
      return {
        enrolmentId,
        status: 'partial',
        attendedMinutes: 185,
        reasonCode: 'transport',
        note: 'Train en retard',
      }
    }
    if (slot === 1 && index === 4)
      return { enrolmentId, status: 'absent', reasonCode: 'illness', justified: true }
    return { enrolmentId, status: 'present' }
  })
}

/** What the accounts say of two exercises, for frame D and the share of the turnover. */
async function giveAccounts(ctx: Ctx, years: number[]): Promise<void> {
  for (const year of years) {
    await setBpfInputs(
      ctx,
      { from: `${year}-01-01`, to: `${year}-12-31` },
      {
        turnoverCents: 48_000_000,
        expenses: { totalCents: 19_850_000, trainersPayCents: 4_200_000, purchasesCents: 9_640_000 },
      },
    )
  }
}
