/** Writes the ledger: the only way in. */
import { accountIdOf } from '../../platform/access.ts'
import { audit } from '../../platform/audit/audit.ts'
import type { TrxCtx } from '../../platform/ctx.ts'
import { randomToken } from '../../platform/ids.ts'
import type { Signer } from '../../platform/keyring.ts'
import { ledgerKeyMissing } from './ledger.problems.ts'
import { appendRows, lockLedgerHead } from './ledger.queries.ts'
import { chainEvent, type Link, payloadHash } from './ledger.ts'
import type { EventPayload, Statement } from './ledger-event.ts'
import { findCurrentKey } from './ledger-keys.queries.ts'

export type LedgerEntry = { statement: Statement; payload?: EventPayload | undefined }

export type AppendedEvent = Link & {
  id: string
  recordedAt: Temporal.Instant
  statement: Statement
  keyId: string
  /** Ed25519 over the hash, in base64url. */
  signature: string
}

/**
 * Appends events to the ledger of a session, in the order given, and audits it as `action`. The caller has locked the
 * session, in share at least, and enrolments as it needs; the head is the last lock. Returns them in the same order.
 */
export async function appendEvents(
  ctx: TrxCtx,
  sessionId: string,
  entries: readonly LedgerEntry[],
  action: string,
): Promise<AppendedEvent[]> {
  if (entries.length === 0) return []
  const head = await lockLedgerHead(ctx.db, sessionId)
  const chained = chainEntries(ctx, sessionId, entries, { last: head, signer: signerFor(ctx, head.keyId) })
  const last = chained.at(-1)?.appended ?? head
  await appendRows(ctx.db, sessionId, chained)
  await audit(ctx, {
    action,
    subject: { kind: 'session', id: sessionId },
    changes: { slotIds: slotIdsOf(entries), events: [head.sequence + 1, last.sequence] },
  })
  return chained.map(({ appended }) => appended)
}

function chainEntries(
  ctx: TrxCtx,
  sessionId: string,
  entries: readonly LedgerEntry[],
  start: { last: Link; signer: Signer },
) {
  let { last } = start
  const recordedAt = ledgerTime(ctx)
  return entries.map(({ statement, payload }) => {
    const id = ctx.newId()
    const salted = saltedPayload(id, payload)
    const row = chainEvent(
      last,
      statement,
      { id, sessionId, recordedAt, recordedBy: accountIdOf(ctx.actor), payloadHash: salted?.hash ?? null },
      start.signer,
    )
    last = row
    const { sequence, hash, keyId, signature } = row
    const appended: AppendedEvent = { id, sequence, hash, recordedAt, statement, keyId, signature }
    return { event: row, appended, payload: salted?.row }
  })
}

/** PostgreSQL keeps microseconds: an instant that it would round could not be compared with the body any more. */
export function ledgerTime(ctx: Pick<TrxCtx, 'now'>): Temporal.Instant {
  return ctx.now().round({ smallestUnit: 'millisecond', roundingMode: 'trunc' })
}

function signerFor(ctx: TrxCtx, keyId: string | null): Signer {
  const signer = keyId === null ? undefined : ctx.keyring.signer(keyId)
  if (signer) return signer
  ctx.log.error(
    { keyId },
    'the key that the ledgers are signed with is not here: bring it into the folder keys/',
  )
  throw ledgerKeyMissing({ headers: { 'Retry-After': '60' } })
}

/** The key that the ledgers are signed with now. Throws 503 when this process does not hold it. */
export async function currentSigner(ctx: TrxCtx): Promise<Signer> {
  return signerFor(ctx, (await findCurrentKey(ctx.db))?.id ?? null)
}

/** What is personal goes beside the event; without any there is no payload. */
function saltedPayload(eventId: string, payload: EventPayload | undefined) {
  const content = Object.fromEntries(Object.entries(payload ?? {}).filter(([, value]) => value !== undefined))
  if (Object.keys(content).length === 0) return undefined
  const salt = randomToken()
  return { row: { eventId, salt, content: JSON.stringify(content) }, hash: payloadHash(salt, content) }
}

function slotIdsOf(entries: readonly LedgerEntry[]): string[] {
  const ids = entries.flatMap(({ statement }) => {
    if ('slotId' in statement) return [statement.slotId]
    return 'slotIds' in statement ? statement.slotIds : []
  })
  return [...new Set(ids)]
}
