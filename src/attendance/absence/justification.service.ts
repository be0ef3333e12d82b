/** Papers that prove why somebody was absent (*justificatifs d'absence*): handed in by the learner, decided by an admin. */
import { enrolmentPermissions } from '../../enrolment/enrolment.permissions.ts'
import { findEnrolmentFor, lockEnrolmentFor } from '../../enrolment/enrolment-access.ts'
import { stands } from '../../planning/planning.rules.ts'
import { listSlots, type SessionRow } from '../../planning/session.queries.ts'
import { accountIdOf, authoriseOn, nothingFor, personIdOf, type Relation } from '../../platform/access.ts'
import { audit } from '../../platform/audit/audit.ts'
import type { Ctx, TrxCtx } from '../../platform/ctx.ts'
import { inTransaction } from '../../platform/db/transaction.ts'
import { mediaTypeOf } from '../../platform/files/file-content.ts'
import { readStoredFile, sha256Hex, storeFile } from '../../platform/files/files.ts'
import { invalidField } from '../../platform/problems.ts'
import { listMarks } from '../attendance.queries.ts'
import { appendEvents, type LedgerEntry, ledgerTime } from '../ledger/ledger.service.ts'
import { markKey } from '../ledger/ledger-fold.ts'
import { addendumEntry, decidedAfter, type MarkDecision, markEntry, projectMarks } from '../mark-recording.ts'
import { listSeals } from '../sealing/sealing.queries.ts'
import { justificationPermissions as may } from './justification.permissions.ts'
import {
  justificationDecided,
  justificationExists,
  nothingToJustify,
  tooManyJustifications,
} from './justification.problems.ts'
import type { Justification } from './justification.queries.ts'
import * as queries from './justification.queries.ts'

/** Nobody is absent that often; the store of files is everybody's. */
const mostJustifications = 30

/** Those who see the enrolment learn that there may be papers, and not what is in them. */
const see = enrolmentPermissions['enrolment.read']

/**
 * Hands in a paper for half-days of an enrolment; it waits for an admin. The same file for the same half-days again is
 * the same paper. Throws 415 for what is no PDF, JPEG or PNG, 422 for a broken one and for half-days of another session,
 * 409 when it was handed in for other half-days.
 */
export async function uploadJustification(
  ctx: Ctx,
  enrolmentId: string,
  slotIds: readonly string[],
  bytes: Uint8Array,
): Promise<Justification> {
  const sha256 = sha256Hex(bytes)
  return inTransaction(ctx, async (ctx) => {
    const { enrolment, session, subject } = await lockEnrolmentFor(ctx, enrolmentId)
    authoriseOn(ctx.actor, subject, { act: may['justification.upload'], see })
    const mediaType = mediaTypeOf(bytes)
    const standing = await queries.listJustifications(ctx.db, enrolment.id)
    const known = standing.find((one) => one.sha256 === sha256)
    if (known && slotIds.every((id) => known.slotIds.includes(id))) return known
    if (known) throw justificationExists({ extra: { justificationId: known.id } })
    if (standing.length >= mostJustifications) throw tooManyJustifications()
    const own = new Set((await listSlots(ctx.db, session.id)).map(({ id }) => id))
    if (!slotIds.every((id) => own.has(id)))
      throw invalidField('/slotIds', 'not-of-this-session', 'must name half-days of this session')
    const file = { sha256, mediaType, size: bytes.byteLength }
    await storeFile(ctx.db, { bytes, mediaType, storedAt: ctx.now() })
    return add(ctx, { ...file, enrolmentId: enrolment.id, slotIds })
  })
}

type NewJustification = Pick<Justification, 'enrolmentId' | 'sha256' | 'mediaType' | 'size'> & {
  slotIds: readonly string[]
}

async function add(ctx: TrxCtx, file: NewJustification): Promise<Justification> {
  const id = ctx.newId()
  await queries.insertJustification(ctx.db, {
    ...file,
    id,
    status: 'waiting',
    uploadedAt: ctx.now(),
    uploadedBy: accountIdOf(ctx.actor),
  })
  await audit(ctx, {
    action: 'justification.upload',
    subject: { kind: 'enrolment', id: file.enrolmentId },
    changes: { justificationId: id, slotIds: file.slotIds, size: file.size },
  })
  return found(ctx, id)
}

async function found(ctx: Ctx | TrxCtx, id: string): Promise<Justification> {
  const justification = await queries.findJustification(ctx.db, id)
  if (!justification) throw nothingFor(ctx.actor)
  return justification
}

/** The papers of an enrolment, the newest first. */
export async function listJustifications(ctx: Ctx, enrolmentId: string): Promise<Justification[]> {
  const { enrolment, subject } = await findEnrolmentFor(ctx, enrolmentId)
  authoriseOn(ctx.actor, subject, { act: may['justification.read'], see })
  return queries.listJustifications(ctx.db, enrolment.id)
}

/** The file as it was handed in; each look of somebody else than the learner is audited. */
export async function readJustificationFile(
  ctx: Ctx,
  id: string,
): Promise<{ justification: Justification; bytes: Buffer }> {
  return inTransaction(ctx, async (ctx) => {
    const justification = await found(ctx, id)
    const { enrolment, subject } = await findEnrolmentFor(ctx, justification.enrolmentId)
    authoriseOn(ctx.actor, subject, { act: may['justification.read'], see })
    const file = await readStoredFile(ctx.db, justification.sha256)
    if (!file) throw new Error(`the file of justification ${id} is missing`)
    if (enrolment.personId !== personIdOf(ctx.actor))
      await audit(ctx, {
        action: 'justification.read',
        subject: { kind: 'enrolment', id: enrolment.id },
        changes: { justificationId: id },
      })
    return { justification, bytes: file.bytes }
  })
}

/**
 * Accepts a paper: the absences that it proves are justified from now on, by the admin's decision in the ledger (an
 * addendum where the half-day is sealed). Throws 409 once it is decided, and unless the learner is marked absent, for a
 * part at least, in each of its half-days that stand.
 */
export async function acceptJustification(ctx: Ctx, id: string): Promise<Justification> {
  return decide(ctx, id, { status: 'accepted' }, justifyMarks)
}

/** Refuses a paper, with a reason for the learner; no mark changes. Throws 409 once it is decided. */
export async function refuseJustification(ctx: Ctx, id: string, reason: string): Promise<Justification> {
  return decide(ctx, id, { status: 'refused', refusalReason: reason })
}

type Outcome = { status: 'accepted' } | { status: 'refused'; refusalReason: string }

async function decide(
  ctx: Ctx,
  id: string,
  outcome: Outcome,
  apply?: (ctx: TrxCtx, session: SessionRow, justification: Justification) => Promise<void>,
): Promise<Justification> {
  return inTransaction(ctx, async (ctx) => {
    const { enrolmentId } = await found(ctx, id)
    const { session, subject } = await lockEnrolmentFor(ctx, enrolmentId)
    const act: readonly Relation[] = may['justification.decide']
    authoriseOn(ctx.actor, subject, { act, see: [...see, 'self'] })
    const justification = await found(ctx, id)
    if (justification.status !== 'waiting') throw justificationDecided()
    await apply?.(ctx, session, justification)
    const by = { decidedAt: ctx.now(), decidedBy: accountIdOf(ctx.actor) }
    await queries.updateJustification(ctx.db, id, { ...outcome, ...by })
    await audit(ctx, {
      action: `justification.${outcome.status === 'accepted' ? 'accept' : 'refuse'}`,
      subject: { kind: 'enrolment', id: enrolmentId },
      changes: {
        justificationId: id,
        status: ['waiting', outcome.status],
        ...(outcome.status === 'refused' && { reason: 'redacted' }),
      },
    })
    return found(ctx, id)
  })
}

/** On the sheet and in the ledger of what was sealed or closed before the paper came. */
const acceptedReason = 'Justificatif d’absence accepté'

async function justifyMarks(ctx: TrxCtx, session: SessionRow, justification: Justification): Promise<void> {
  const { enrolmentId, slotIds, sha256 } = justification
  const slots = (await listSlots(ctx.db, session.id)).filter(
    (slot) => stands(slot) && slotIds.includes(slot.id),
  )
  const marks = new Map((await listMarks(ctx.db, { slotIds })).map((mark) => [markKey(mark), mark]))
  const seals = new Map((await listSeals(ctx.db, session.id)).map((seal) => [seal.slotId, seal]))
  const missing = slots.filter((slot) => {
    const mark = marks.get(markKey({ slotId: slot.id, enrolmentId }))
    return mark === undefined || mark.status === 'present'
  })
  if (slots.length === 0 || missing.length > 0)
    throw nothingToJustify({ extra: { slotIds: missing.map(({ id }) => id) } })
  const now = ledgerTime(ctx)
  const entries = slots.flatMap((slot): LedgerEntry[] => {
    const mark = marks.get(markKey({ slotId: slot.id, enrolmentId }))
    if (!mark || mark.justified === true) return []
    const decision: MarkDecision = {
      slot,
      enrolmentId,
      facts: { ...mark, justified: true },
      source: 'decision',
      decidedAt: decidedAfter(now, mark),
      reason: acceptedReason,
    }
    const seal = seals.get(slot.id)
    const entry = seal ? addendumEntry(decision, seal.eventId) : markEntry(decision)
    return [{ ...entry, payload: { ...entry.payload, justificationSha256: sha256 } }]
  })
  const appended = await appendEvents(ctx, session.id, entries, 'attendance.justify')
  await projectMarks(ctx, session, appended, marks)
}
