/** The ledger of a session as it is shown and written out, and the public keys that prove it. */
import type { z } from '@hono/zod-openapi'
import type { Kysely } from 'kysely'
import type { Database } from '../../database.ts'
import { authoriseOnSession, findSessionTo } from '../../planning/session-access.ts'
import { audit } from '../../platform/audit/audit.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { inSnapshot } from '../../platform/db/snapshot.ts'
import { inTransaction } from '../../platform/db/transaction.ts'
import { ledgerPermissions as may } from './ledger.permissions.ts'
import { findHeadsOf, listEvents, listPayloadsOf } from './ledger.queries.ts'
import type { exportAnswer, keysAnswer, verdictAnswer } from './ledger.schema.ts'
import type { LedgerEvent, LedgerFault } from './ledger.ts'
import * as checkpoints from './ledger-checkpoint.queries.ts'
import { proofOf } from './ledger-checkpoint.ts'
import { cutOrRewritten } from './ledger-checkpoint-verification.ts'
import { readKeys } from './ledger-signatories.ts'
import { verifySessionLedger } from './ledger-verification.ts'

type Keys = z.input<typeof keysAnswer>
type Verdict = z.input<typeof verdictAnswer>
type Export = z.input<typeof exportAnswer>

/** For whoever holds an export, or anything that was handed out. */
export async function readPublicKeys(ctx: Pick<Ctx, 'db'>): Promise<Keys> {
  const { line } = await readKeys(ctx.db, [])
  return {
    ledger: line[0]?.id ?? null,
    keys: line.map((key, index) => ({ ...key, isCurrent: index === line.length - 1 })),
  }
}

/**
 * Proves the ledger of one session as it stands at one moment, by the keys kept here and the checkpoints in the database;
 * names the first event that is wrong. Throws 403 and 404.
 */
export async function verifySession(ctx: Ctx, sessionId: string): Promise<Verdict> {
  await findSessionTo(ctx, sessionId, may['ledger.verify'])
  return inSnapshot(ctx.db, async (db) => {
    const events = await listEvents(db, sessionId)
    const stated = await checkpoints.listHeadsOfSession(db, sessionId)
    const fault =
      (await verifySessionLedger(db, sessionId, ctx.keyring.keyIds())) ?? faultOfCheckpoints(events, stated)
    const last = stated.at(-1)
    const checkpoint = last && (await checkpoints.findCheckpoint(db, last.checkpointSequence))
    return {
      sessionId,
      isUnaltered: fault === undefined,
      fault: fault ?? null,
      events: events.length,
      head: (await findHeadsOf(db, [sessionId])).get(sessionId) ?? null,
      checkpoint:
        checkpoint && last
          ? { number: checkpoint.sequence, createdAt: checkpoint.createdAt, sequence: last.sequence }
          : null,
      keyIds: [...new Set(events.flatMap(({ keyId }) => keyId ?? []))],
    }
  })
}

function faultOfCheckpoints(
  events: readonly LedgerEvent[],
  stated: Awaited<ReturnType<typeof checkpoints.listHeadsOfSession>>,
): (Pick<LedgerFault, 'sequence' | 'detail'> & { code: string }) | undefined {
  for (const { checkpointSequence, sequence, hash } of stated) {
    const found = events.find((event) => event.sequence === sequence)?.hash ?? null
    if (found !== hash) return { sequence, ...cutOrRewritten(found, sequence, checkpointSequence) }
  }
  return undefined
}

/**
 * The ledger of one session with all that proves it, so that it can be checked without Préau; `payloads` only for an
 * admin. That it was taken out is audited. Throws 403 and 404.
 */
export async function exportLedger(
  ctx: Ctx,
  sessionId: string,
  { payloads }: { payloads: boolean },
): Promise<Export> {
  const session = await findSessionTo(ctx, sessionId, may['ledger.export'])
  if (payloads) await authoriseOnSession(ctx, session, may['ledger.exportPayloads'])
  await inTransaction(ctx, (ctx) =>
    audit(ctx, {
      action: 'ledger.export',
      subject: { kind: 'session', id: sessionId },
      changes: { payloads },
    }),
  )
  return inSnapshot(ctx.db, async (db) => {
    const { ledger, keys } = await readPublicKeys({ db })
    return {
      format: 1,
      kind: 'ledger-export',
      exportedAt: ctx.now(),
      ledger,
      session: { id: session.id, reference: session.reference },
      head: (await findHeadsOf(db, [sessionId])).get(sessionId) ?? null,
      events: await listEvents(db, sessionId),
      payloads: payloads ? await readPayloads(db, sessionId) : null,
      keys,
      checkpoints: await provedCheckpoints(db, sessionId),
    }
  })
}

async function readPayloads(db: Kysely<Database>, sessionId: string): Promise<Export['payloads']> {
  const rows = await listPayloadsOf(db, [sessionId])
  return rows.map(({ eventId, salt, content }) => ({ eventId, salt, content: { ...content } }))
}

/** From the first that knows the session to the last: so that any one handed out since can be compared. */
async function provedCheckpoints(db: Kysely<Database>, sessionId: string): Promise<Export['checkpoints']> {
  const stated = await checkpoints.listHeadsOfSession(db, sessionId)
  const [first] = stated
  if (!first) return []
  const rows = await checkpoints.listCheckpoints(db, first.checkpointSequence - 1)
  const proved: Export['checkpoints'] = []
  for (const { sequence, body, hash, signature } of rows) {
    const head = stated.find(({ checkpointSequence }) => checkpointSequence === sequence)
    const heads = head ? await checkpoints.listCheckpointHeads(db, sequence) : []
    const proof = head ? { sequence: head.sequence, hash: head.hash, path: proofOf(heads, sessionId) } : null
    proved.push({ body, hash, signature, proof })
  }
  return proved
}
