/** What a learner is shown before signing: the session, their name, and their half-days. */
import { findSessionTo } from '../../planning/session-access.ts'
import { assertAccount, authorise } from '../../platform/access.ts'
import { localTimeOf } from '../../platform/civil-time.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { forbidden } from '../../platform/problems.ts'
import { signingPermissions as may } from './signing.permissions.ts'
import { linkNotValid } from './signing.problems.ts'
import type { Signing } from './signing.queries.ts'
import * as queries from './signing.queries.ts'
import type { signingStates } from './signing.schema.ts'
import { findWorkingLink } from './signing-link.ts'

type SlotToSign = Awaited<ReturnType<typeof queries.listSlotsToSign>>[number]

/** By the learner's own link, which is not used up. Throws 404 when it does not work. */
export async function readSigningByLink(ctx: Ctx, token: string) {
  authorise(ctx.actor, may['signingLink.use'])
  const link = await findWorkingLink(ctx, token)
  const signing = await queries.findSigning(ctx.db, link)
  if (!signing) throw linkNotValid()
  return describe(ctx, signing, link.slotId)
}

/** Of the learner who is signed in. Throws 401 and 404, and 403 to who may see the session and has no seat in it. */
export async function readOwnSigning(ctx: Ctx, sessionId: string) {
  const { personId } = assertAccount(ctx.actor)
  const signing = await queries.findSigning(ctx.db, { sessionId, personId })
  if (signing) return describe(ctx, signing, null)
  await findSessionTo(ctx, sessionId, may['attendance.sign'])
  throw forbidden()
}

async function describe(ctx: Ctx, signing: Signing, slotId: string | null) {
  const { sessionId, title, reference, timeZone, place, enrolmentId, firstName, lastName } = signing
  const slots = await queries.listSlotsToSign(ctx.db, signing, slotId)
  return {
    session: { id: sessionId, title, reference, timeZone, place },
    learner: { enrolmentId, name: `${firstName} ${lastName}` },
    slots: slots.map((slot) => ({
      id: slot.id,
      date: slot.heldOn,
      halfDay: slot.halfDay,
      startTime: localTimeOf(slot.startsAt, timeZone),
      endTime: localTimeOf(slot.endsAt, timeZone),
      topic: slot.topic,
      state: stateOf(slot, ctx.now()),
      signedAt: slot.signedAt,
    })),
  }
}

function stateOf(slot: SlotToSign, now: Temporal.Instant): (typeof signingStates)[number] {
  if (slot.signedAt) return 'signed'
  if (slot.sealedAt) return 'sealed'
  return Temporal.Instant.compare(now, slot.startsAt) < 0 ? 'notStarted' : 'toSign'
}
