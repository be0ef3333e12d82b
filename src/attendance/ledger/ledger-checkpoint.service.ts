/** Makes checkpoints of the ledgers and hands them out. */
import { findOrganisation } from '../../organisation/organisation.queries.ts'
import { audit } from '../../platform/audit/audit.ts'
import type { Ctx, TrxCtx } from '../../platform/ctx.ts'
import { inTransaction } from '../../platform/db/transaction.ts'
import type { Signer } from '../../platform/keyring.ts'
import { queueMail } from '../../platform/mail/outbox.ts'
import { currentSigner, ledgerTime } from './ledger.service.ts'
import type { CheckpointRow } from './ledger-checkpoint.queries.ts'
import * as queries from './ledger-checkpoint.queries.ts'
import { chainCheckpoint, noCheckpoint, readCheckpoint } from './ledger-checkpoint.ts'
import { findFirstKeyId } from './ledger-keys.queries.ts'
import { type CheckpointStatement, checkpointFileText, statementText } from './ledger-statement.ts'

/** A checkpoint with all that its file holds. */
export type MadeCheckpoint = { statement: CheckpointStatement; hash: string; text: string }

/** Makes a checkpoint and mails it to the organisation, if a ledger has moved since the last one. */
export async function checkpointWhenMoved(ctx: Ctx): Promise<void> {
  await inTransaction(ctx, async (ctx) => {
    await queries.lockCheckpoints(ctx.db)
    const signer = await currentSigner(ctx)
    await checkpoint(ctx, signer, { always: false })
  })
}

/**
 * The checkpoint that a new key opens with, whatever moved: it covers all that was recorded until then. The caller has
 * locked the checkpoints, then all heads, so that nothing is being recorded.
 */
export async function openingCheckpoint(ctx: TrxCtx, signer: Signer): Promise<void> {
  await checkpoint(ctx, signer, { always: true })
}

async function checkpoint(ctx: TrxCtx, signer: Signer, { always }: { always: boolean }): Promise<void> {
  const last = await queries.findLastCheckpoint(ctx.db)
  const heads = await queries.lockMovedHeads(ctx.db)
  const documents = (await queries.findDocumentHead(ctx.db)) ?? null
  const hasMoved = heads.length > 0 || documents?.hash !== documentsIn(last)?.hash
  if (!hasMoved && !always) return
  const createdAt = ledgerTime(ctx)
  const ledger = await findFirstKeyId(ctx.db)
  const row = chainCheckpoint(
    { ledger, createdAt: createdAt.toString(), documents, last: last ?? noCheckpoint, heads },
    signer,
  )
  await queries.insertCheckpoint(ctx.db, { ...row, createdAt })
  await queries.coverHeads(
    ctx.db,
    row.sequence,
    heads.map(({ sessionId }) => sessionId),
  )
  await audit(ctx, {
    action: 'ledger.checkpoint',
    subject: { kind: 'checkpoint', id: null },
    changes: { sequence: row.sequence, hash: row.hash, sessions: heads.length },
  })
  if (hasMoved) await mailCheckpoint(ctx, { ...row, createdAt }, heads.length)
}

function documentsIn(checkpoint: CheckpointRow | undefined) {
  return checkpoint && readCheckpoint(checkpoint.body)?.documents
}

/** To the organisation's own address, once it has one. */
async function mailCheckpoint(ctx: TrxCtx, row: CheckpointRow, sessions: number): Promise<void> {
  const organisation = await findOrganisation(ctx.db)
  if (!organisation) return
  await queueMail(ctx, {
    template: 'ledger-checkpoint',
    to: organisation.email,
    personId: null,
    data: {
      number: row.sequence,
      date: row.createdAt.toZonedDateTimeISO(organisation.timeZone).toPlainDate().toString(),
      sessions,
      statement: statementText(statementOf(row)),
    },
  })
}

function statementOf({ body, signature }: Pick<CheckpointRow, 'body' | 'signature'>): CheckpointStatement {
  const stated = readCheckpoint(body)
  if (!stated) throw new Error('the checkpoint is not one that Préau wrote')
  return { ...stated, signature }
}

/** The last checkpoint as it is written out; nothing before the first one. */
export async function readLastCheckpoint(ctx: Ctx): Promise<MadeCheckpoint | undefined> {
  const row = await queries.findLastCheckpoint(ctx.db)
  if (!row) return undefined
  const heads = await queries.listCheckpointHeads(ctx.db, row.sequence)
  const statement = statementOf(row)
  return { statement, hash: row.hash, text: checkpointFileText(statement, heads) }
}
