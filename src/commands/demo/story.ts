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
import type { SlotView } from '../../planning/session-view.ts'
import type { Ctx, TrxCtx } from '../../platform/ctx.ts'
import { inTransaction } from '../../platform/db/transaction.ts'
import { type Cast, findCast, type Player } from './cast.ts'
import { type Scene, scenes } from './scenes.ts'
import { closeHalfDay, signHalfDay } from './signing.ts'

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
    const sessionId = await inTransaction(ctx, (ctx) => play(ctx, scene, cast, index))
    if (scene.outcome === 'closed') await issueCertificates(ctx, sessionId)
  }
}

/** The session, its people, its half-days, and how it ended. */
async function play(ctx: TrxCtx, scene: Scene, cast: Cast, index: number): Promise<string> {
  // Two sessions each: who looks at the demonstration as the first trainer has one to look back on and one to hold.
  const trainer = cast.trainers[Math.floor(index / 2) % cast.trainers.length]
  // People enrolled while it was still to come.
  const before = { ...ctx, now: () => ctx.now().subtract({ hours: 24 * 30 }) }
  const session = await announce(before, scene, cast, trainer)
  if (scene.outcome === 'draft') return session.id
  await openSession(before, session.id)
  const learners = await enrolMembers(before, session.id, scene.learners, cast, index * 17)
  if (scene.outcome === 'cancelled')
    await cancelSession(ctx, session.id, 'Nombre minimum de stagiaires non atteint')
  else await hold(ctx, scene, session.slots, learners, trainer)
  if (scene.outcome === 'closed') await closeSession(ctx, session.id)
  return session.id
}

async function announce(ctx: TrxCtx, scene: Scene, cast: Cast, trainer: Player | undefined) {
  return createSession(
    ctx,
    sessionInput.parse({
      ...scene.session,
      reference: scene.reference,
      trainingId: cast.trainingIds.get(scene.training),
      chapterId: cast.chapterIds.get(scene.chapter),
      trainers: trainer ? [{ personId: trainer.personId, engagement: scene.engagement }] : [],
      acceptWarnings: ['planning/trainer-double-booked'],
    }),
  )
}

/** The half-days that have ended, each signed, marked and sealed; the last one of an open session is not done yet. */
async function hold(
  ctx: TrxCtx,
  { outcome }: Scene,
  slots: readonly SlotView[],
  learners: readonly Learner[],
  trainer: Player | undefined,
): Promise<void> {
  const held = slots.filter((slot) => Temporal.Instant.compare(slot.endsAt, ctx.now()) <= 0)
  for (const [index, slot] of held.entries()) {
    const isDone = outcome === 'closed' || index < held.length - 1
    const marked = marks(learners, index)
    const present = learners.filter((_, at) => marked[at]?.status !== 'absent')
    await signHalfDay(ctx, slot, isDone ? present : present.slice(0, 4))
    await markSlot({ ...ctx, now: () => slot.endsAt }, slot.id, { marks: marked })
    if (isDone && trainer) await closeHalfDay(ctx, slot, trainer)
  }
}

type Learner = Player & { enrolmentId: string }

/** Members are sorted by address; neighbours in that list share a first name too often. */
const stride = 7

async function enrolMembers(
  ctx: TrxCtx,
  sessionId: string,
  count: number,
  cast: Cast,
  offset: number,
): Promise<Learner[]> {
  const learners: Learner[] = []
  for (let index = 0; index < count; index++) {
    const member = cast.members[(offset + index * stride) % cast.members.length]
    if (!member) continue
    const input = enrolmentInput.parse({
      personId: member.personId,
      traineeType: index % 6 === 5 ? 'jobSeeker' : 'other',
    })
    const enrolment = await enrol(ctx, sessionId, input)
    if (enrolment.status === 'confirmed') learners.push({ ...member, enrolmentId: enrolment.id })
  }
  return learners
}

/** Nearly everyone is there: somebody comes late in the first half-day, somebody is ill in the second. */
function marks(learners: readonly Learner[], slot: number): MarkInput[] {
  return learners.map(({ enrolmentId }, index): MarkInput => {
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
