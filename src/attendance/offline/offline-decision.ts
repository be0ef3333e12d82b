/** What becomes of one event that a device recorded without a network: who may, whether it is known, what it states. */
import { takesPart } from '../../enrolment/enrolment.rules.ts'
import type { SlotRow } from '../../planning/session.queries.ts'
import type { TrxCtx } from '../../platform/ctx.ts'
import { forbidden, notFound } from '../../platform/problems.ts'
import { sessionNotHeld } from '../attendance.problems.ts'
import { factsOf, markErrors } from '../attendance.rules.ts'
import type { LedgerEntry } from '../ledger/ledger.service.ts'
import { markKey } from '../ledger/ledger-fold.ts'
import { markEntry } from '../mark-recording.ts'
import { countersignatureEntry } from '../sealing/countersigning.ts'
import { presenceEntry, signatureEntry } from '../signing/signature-recording.ts'
import type { KnownEvent, OfflineEnrolment } from './offline.queries.ts'
import { codes, contentHash, whyNotThen, whyTooLate } from './offline.rules.ts'
import type { OfflineEvent, OfflineEventOf } from './offline.schema.ts'
import type { Ground } from './offline-ground.ts'

/** With when it happened by the server's clock. */
export type Placed<Event extends OfflineEvent = OfflineEvent> = { event: Event; happenedAt: Temporal.Instant }

export type Decision =
  | { outcome: 'refused'; code: string }
  | { outcome: 'repeated'; key: string | undefined }
  /** `late`: why it changes nothing. `key`: whose mark it bears on. */
  | { outcome: 'recorded'; late: string | undefined; key: string | undefined; entries: LedgerEntry[] }

const refused = (code: string): Decision => ({ outcome: 'refused', code })

/** Remembers in `ground` what later events of the batch must know. */
export function decide(ctx: TrxCtx, ground: Ground, placed: Placed): Decision {
  const { event, happenedAt } = placed
  const enrolment = enrolmentOf(ground, event)
  const refusal = whyNotAllowed(ground, event, enrolment)
  if (refusal) return refused(refusal)
  const key = enrolment && markKey({ slotId: event.slotId, enrolmentId: enrolment.id })
  const known = ground.known.get(event.clientId)
  if (known) return isSame(known, event) ? { outcome: 'repeated', key } : refused(codes.clientIdReused)
  const slot = ground.slots.get(event.slotId)
  if (!slot) return refused(notFound.definition.code)
  if (ground.session.status === 'draft') return refused(sessionNotHeld.definition.code)
  const code = whyNotThen(happenedAt, slot, ground.now) ?? whyUnfit(ground, event, slot)
  if (code) return refused(code)
  const late = whyTooLate(event, {
    slot,
    isSealed: ground.sealed.has(slot.id),
    sessionStatus: ground.session.status,
    enrolmentStatus: enrolment?.status,
    hasMark: key !== undefined && ground.marks.has(key),
  })
  const entries = entriesOf(ctx, ground, placed, { slot, enrolment, isLate: late !== undefined })
  remember(ground, event, key, late)
  return { outcome: 'recorded', late, key, entries }
}

/** Whom a mark or a signature is about. */
function enrolmentOf({ enrolments, sender }: Ground, event: OfflineEvent): OfflineEnrolment | undefined {
  if (event.type === 'countersignature') return undefined
  return event.enrolmentId == null ? sender.own : enrolments.get(event.enrolmentId)
}

function whyNotAllowed(
  { sender }: Ground,
  event: OfflineEvent,
  enrolment: OfflineEnrolment | undefined,
): string | undefined {
  // Who takes part is told what they may not do.
  const refusal = sender.own || sender.mayMark ? forbidden.definition.code : sender.refusal
  switch (event.type) {
    case 'mark':
      return sender.mayMark ? undefined : refusal
    case 'countersignature':
      return sender.holds.has(event.slotId) ? undefined : refusal
    case 'signature':
      if (enrolment && enrolment.id === sender.own?.id) return undefined
      if (!sender.mayHandOver) return refusal
      if (event.enrolmentId == null) return 'required'
      return enrolment && isOrWasSeated(enrolment) ? undefined : codes.notConfirmed
  }
}

function isOrWasSeated({ status }: OfflineEnrolment): boolean {
  return takesPart(status) || hasEnded(status)
}

function hasEnded(status: OfflineEnrolment['status']): boolean {
  return status === 'abandoned' || status === 'cancelled'
}

/** A mark that could not be made with a network either, unless only because its learner has left since. */
function whyUnfit(
  { session, sender, enrolments, marks }: Ground,
  event: OfflineEvent,
  slot: SlotRow,
): string | undefined {
  if (event.type !== 'mark') return undefined
  const enrolment = enrolments.get(event.enrolmentId)
  const hasLeft = enrolment !== undefined && hasEnded(enrolment.status)
  return markErrors([event], enrolments, slot, session, {
    isAdmin: sender.isAdmin,
    hasMark: (enrolmentId) => marks.has(markKey({ slotId: slot.id, enrolmentId })),
    pointer: '',
  }).find(({ code }) => !(hasLeft && code === codes.notConfirmed))?.code
}

type About = { slot: SlotRow; enrolment: OfflineEnrolment | undefined; isLate: boolean }

function entriesOf(ctx: TrxCtx, ground: Ground, placed: Placed, about: About): LedgerEntry[] {
  const [first, ...others] = statedBy(ctx, ground, placed, about)
  if (!first) return []
  return [{ ...first, payload: { ...first.payload, content: contentHash(placed.event) } }, ...others]
}

function statedBy(
  ctx: TrxCtx,
  ground: Ground,
  { event, happenedAt }: Placed,
  { slot, enrolment, isLate }: About,
): LedgerEntry[] {
  const device = { deviceAt: event.at, clientId: event.clientId }
  switch (event.type) {
    case 'mark': {
      const facts = factsOf(event, slot, ground.session)
      const { enrolmentId } = event
      return [
        markEntry({ slot, enrolmentId, facts, source: 'decision', decidedAt: happenedAt, device, isLate }),
      ]
    }
    case 'countersignature': {
      const { personId } = ground.sender
      const { strokes } = event
      return [
        countersignatureEntry(ctx, {
          slotId: slot.id,
          personId,
          strokes,
          signedAt: happenedAt,
          device,
          isLate,
        }),
      ]
    }
    case 'signature':
      return enrolment ? signed(ctx, ground, { event, happenedAt }, { slot, enrolment, isLate }) : []
  }
}

/** Every signature of whom nobody has decided anything says that they were there, so that their order does not matter. */
function signed(
  ctx: TrxCtx,
  { session, sender, decided }: Ground,
  { event, happenedAt }: Placed<OfflineEventOf<'signature'>>,
  { slot, enrolment, isLate }: About & { enrolment: OfflineEnrolment },
): LedgerEntry[] {
  const isOwn = enrolment.id === sender.own?.id
  const signature = signatureEntry(ctx, {
    slot,
    enrolment,
    way: isOwn ? 'ownDevice' : 'trainerDevice',
    signedAt: happenedAt,
    deviceAt: event.at,
    clientId: event.clientId,
    handedOverBy: isOwn ? null : sender.personId,
    strokes: event.strokes,
    isLate,
  })
  const isDecided = decided.has(markKey({ slotId: slot.id, enrolmentId: enrolment.id }))
  return isLate || isDecided
    ? [signature]
    : [signature, presenceEntry(session, slot, enrolment.id, happenedAt)]
}

function remember(
  { known, decided }: Ground,
  event: OfflineEvent,
  key: string | undefined,
  late: string | undefined,
): void {
  known.set(event.clientId, {
    clientId: event.clientId,
    kind: event.type,
    slotId: event.slotId,
    enrolmentId: null,
    deviceAt: event.at.toString(),
    content: contentHash(event),
  })
  if (event.type === 'mark' && key !== undefined && late === undefined) decided.add(key)
}

/** Once the text of an event is deleted, by what the ledger says of it. */
function isSame(known: KnownEvent, event: OfflineEvent): boolean {
  if (known.content !== null) return known.content === contentHash(event)
  const isAboutSame =
    !('enrolmentId' in event) || event.enrolmentId == null || event.enrolmentId === known.enrolmentId
  return (
    known.kind === event.type &&
    known.slotId === event.slotId &&
    known.deviceAt === event.at.toString() &&
    isAboutSame
  )
}
