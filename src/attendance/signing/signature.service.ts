/** Learners sign their half-days (*émargement*): signed in, by their own link, or on the device that a trainer hands over. */
import type { SessionRow } from '../../planning/session.queries.ts'
import { findSessionTo } from '../../planning/session-access.ts'
import { assertAccount, authorise, nothingFor, personIdOf } from '../../platform/access.ts'
import type { Ctx, TrxCtx } from '../../platform/ctx.ts'
import { inTransaction } from '../../platform/db/transaction.ts'
import type { Problem } from '../../platform/problem.ts'
import { invalidField, invalidFields } from '../../platform/problems.ts'
import { alreadySigned } from '../attendance.problems.ts'
import { shareSessionOfSlot } from '../attendance.queries.ts'
import { appendEvents, ledgerTime } from '../ledger/ledger.service.ts'
import { canonicalJson } from '../ledger/ledger.ts'
import type { SigningWay } from '../ledger/ledger-event.ts'
import { projectMarks } from '../mark-recording.ts'
import type { SigningEnrolment, SigningState } from './signature.queries.ts'
import * as queries from './signature.queries.ts'
import {
  assertSignable,
  type LearnerSignature,
  presenceEntry,
  projectSignatures,
  signatureEntry,
} from './signature-recording.ts'
import { signingPermissions as may } from './signing.permissions.ts'
import { linkNotValid, linkOfAnother, notConfirmed } from './signing.problems.ts'
import type { LinkSignatureInput, SignatureInput } from './signing.schema.ts'
import { findWorkingLink } from './signing-link.ts'
import { refuseCode } from './slot-code.ts'
import { assertDrawn, type Strokes } from './strokes.ts'

export type Signature = {
  slotId: string
  enrolmentId: string
  way: SigningWay
  signedAt: Temporal.Instant
  deviceAt: Temporal.Instant | null
}

/**
 * Signs a half-day: as the learner who is signed in, or, with `enrolmentId`, as the learner to whom a trainer of the
 * session hands over their device. Who was not marked yet is present by it. The same strokes again are answered with what
 * stands, other strokes with 409. Throws 422 for what is no signature and for a wrong code (429 after several), 409 before
 * the half-day begins and once it is sealed, 401, 403 and 404 as `findSessionTo`.
 */
export async function signSlot(ctx: Ctx, slotId: string, input: SignatureInput): Promise<Signature> {
  const { personId } = assertAccount(ctx.actor)
  const { enrolmentId } = input
  return settled(ctx, async (ctx) => {
    const session = await shareSessionOfSlot(ctx.db, slotId)
    if (!session) throw nothingFor(ctx.actor)
    if (enrolmentId != null) {
      await findSessionTo(ctx, session.id, may['attendance.handOver'])
      const enrolment = await queries.lockSeat(ctx.db, session.id, { enrolmentId })
      if (!enrolment) throw invalidFields([notConfirmed('/enrolmentId')])
      if (input.code != null) throw codeForOneself()
      return sign(ctx, { session, slotId, enrolment, input, handedOverBy: personId })
    }
    const enrolment = await queries.lockSeat(ctx.db, session.id, { personId })
    return enrolment ? sign(ctx, { session, slotId, enrolment, input }) : refuse(ctx, session)
  })
}

/**
 * Signs a half-day by the learner's own link, whoever is signed in, if it is nobody or the learner. Throws as `signSlot`,
 * and 404 when the link does not work or is for another half-day.
 */
export async function signByLink(ctx: Ctx, token: string, input: LinkSignatureInput): Promise<Signature> {
  authorise(ctx.actor, may['signingLink.use'])
  return settled(ctx, async (ctx) => {
    const link = await findWorkingLink(ctx, token)
    const signedIn = personIdOf(ctx.actor)
    if (signedIn !== undefined && signedIn !== link.personId) throw linkOfAnother()
    if (link.slotId !== null && link.slotId !== input.slotId) throw linkNotValid()
    const session = await shareSessionOfSlot(ctx.db, input.slotId)
    if (session?.id !== link.sessionId) throw linkNotValid()
    const enrolment = await queries.lockSeat(ctx.db, session.id, { enrolmentId: link.enrolmentId })
    if (!enrolment) throw linkNotValid()
    const { id: linkId } = link
    const shownBy = signedIn === undefined ? link.shownBy : null
    return sign(ctx, { session, slotId: input.slotId, enrolment, input, linkId, shownBy })
  })
}

/** A wrong code is counted, which a throw inside the transaction would take back. */
async function settled(ctx: Ctx, work: (ctx: TrxCtx) => Promise<Signature | Problem>): Promise<Signature> {
  const outcome = await inTransaction(ctx, work)
  if (outcome instanceof Error) throw outcome
  return outcome
}

/** Who has no seat signs for nobody, unless a trainer forgot to say for whom. */
async function refuse(ctx: TrxCtx, session: SessionRow): Promise<never> {
  await findSessionTo(ctx, session.id, may['attendance.handOver'])
  throw invalidField('/enrolmentId', 'required', 'must name the learner to whom you hand over your device')
}

const codeForOneself = () => invalidField('/code', 'unknown', 'is for learners who sign on their own device')

type Signing = {
  session: SessionRow
  slotId: string
  enrolment: SigningEnrolment
  input: {
    strokes: Strokes
    code?: string | null | undefined
    deviceAt?: Temporal.Instant | null | undefined
  }
  handedOverBy?: string
  linkId?: string
  /** The trainer on whose screen the link was shown, of whom nobody knows that they did not use it themself. */
  shownBy?: string | null
}

/** Under the locks of the session, in share, and of the enrolment. Returns a problem where something was counted. */
async function sign(ctx: TrxCtx, signing: Signing): Promise<Signature | Problem> {
  const { session, slotId, enrolment, input, handedOverBy, linkId, shownBy } = signing
  assertDrawn(input.strokes, '/strokes')
  const state = await queries.findSigningState(ctx.db, slotId, enrolment.id)
  if (!state) throw nothingFor(ctx.actor)
  const standing = standingOf(state, enrolment.id)
  if (standing && canonicalJson(state.strokes) === canonicalJson(input.strokes)) return standing
  if (standing) throw alreadySigned()
  assertSignable(ctx, session, state, state.markStatus !== null)
  const refusal =
    input.code == null ? undefined : await refuseCode(ctx, { slotId, enrolmentId: enrolment.id }, input.code)
  if (refusal) return refusal
  const way = handedOverBy ? 'trainerDevice' : input.code == null ? 'ownDevice' : 'code'
  const { strokes, deviceAt } = input
  return record(ctx, session, state, {
    slot: state,
    enrolment,
    way,
    signedAt: ledgerTime(ctx),
    deviceAt,
    handedOverBy: handedOverBy ?? shownBy ?? null,
    linkId: linkId ?? null,
    strokes,
  })
}

function standingOf(state: SigningState, enrolmentId: string): Signature | undefined {
  const { id, signedWay: way, signedAt, deviceAt } = state
  return way && signedAt ? { slotId: id, enrolmentId, way, signedAt, deviceAt } : undefined
}

async function record(
  ctx: TrxCtx,
  session: SessionRow,
  state: SigningState,
  signature: LearnerSignature,
): Promise<Signature> {
  const { enrolment, way, signedAt, deviceAt = null } = signature
  const entries = [
    signatureEntry(ctx, signature),
    ...(state.markStatus ? [] : [presenceEntry(session, state, enrolment.id, signedAt)]),
  ]
  const appended = await appendEvents(ctx, session.id, entries, 'attendance.sign')
  await projectSignatures(ctx, session, entries, appended)
  if (!state.markStatus) await projectMarks(ctx, session, appended, new Map())
  return { slotId: state.id, enrolmentId: enrolment.id, way, signedAt, deviceAt }
}
