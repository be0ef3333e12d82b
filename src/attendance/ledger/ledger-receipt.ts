/** What the trainer who sealed a half-day is given to keep: the place of the seal in the ledger, signed. */
import type { SessionRow, SlotRow } from '../../planning/session.queries.ts'
import { localTimeOf } from '../../platform/civil-time.ts'
import type { TrxCtx } from '../../platform/ctx.ts'
import { queueMail } from '../../platform/mail/outbox.ts'
import type { AppendedEvent } from './ledger.service.ts'
import { findFirstKeyId } from './ledger-keys.queries.ts'
import { findRecipient } from './ledger-receipt.queries.ts'
import { type SealStatement, statementText } from './ledger-statement.ts'

export type Sealed = {
  session: Pick<SessionRow, 'id' | 'reference' | 'timeZone'>
  slot: Pick<SlotRow, 'id' | 'heldOn' | 'startsAt' | 'endsAt'>
  /** Null where an admin sealed what was signed on paper: nobody is written to. */
  trainerPersonId: string | null
  event: AppendedEvent
}

/** Mails the receipt of a seal to the trainer who sealed, if they have an address. Part of the verb that seals. */
export async function queueSealReceipt(ctx: TrxCtx, sealed: Sealed): Promise<void> {
  const { session, slot, trainerPersonId } = sealed
  if (trainerPersonId === null) return
  const recipient = await findRecipient(ctx.db, trainerPersonId, session.id)
  if (recipient?.email == null) return
  await queueMail(ctx, {
    template: 'seal-receipt',
    to: recipient.email,
    personId: trainerPersonId,
    data: {
      firstName: recipient.firstName,
      training: recipient.title,
      reference: session.reference,
      date: slot.heldOn,
      start: localTimeOf(slot.startsAt, session.timeZone),
      end: localTimeOf(slot.endsAt, session.timeZone),
      statement: statementText(await receiptOf(ctx, sealed)),
    },
  })
}

async function receiptOf(ctx: TrxCtx, { session, slot, event }: Sealed): Promise<SealStatement> {
  return {
    format: 1,
    kind: 'seal',
    ledger: await findFirstKeyId(ctx.db),
    sessionId: session.id,
    slotId: slot.id,
    sequence: event.sequence,
    sealedAt: event.recordedAt.toString(),
    hash: event.hash,
    keyId: event.keyId,
    publicKey: ctx.keyring.signer(event.keyId)?.publicKey ?? '',
    signature: event.signature,
  }
}
