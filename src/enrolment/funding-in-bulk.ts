/** Funding lines of many sessions at once, beside those that stand. Part of an import, which authorises and locks. */
import { auditAll } from '../platform/audit/audit.ts'
import type { TrxCtx } from '../platform/ctx.ts'
import { updateEnrolments } from './enrolment.queries.ts'
import type { FundingTarget } from './funding.queries.ts'
import type { FundingLineRow } from './funding-in-bulk.queries.ts'
import * as queries from './funding-in-bulk.queries.ts'

export type FundingContent = Pick<
  FundingLineRow,
  'source' | 'clientId' | 'amountCents' | 'invoicedOn' | 'invoiceNumber' | 'paidOn'
>

export type FundingChanges = {
  added: readonly (FundingTarget & FundingContent)[]
  changed: readonly { before: FundingLineRow; after: FundingContent }[]
}

/**
 * Adds lines after those of their targets and changes some that stand, in the sessions whose locks are held. One audit
 * entry for each session, which says what a line was and what it is.
 */
export async function writeFundingLines(ctx: TrxCtx, { added, changed }: FundingChanges): Promise<void> {
  const targets: FundingTarget[] = [...added, ...changed.map(({ before }) => before)]
  if (targets.length === 0) return
  const sessionIds = [...new Set(targets.map((target) => target.sessionId))]
  await queries.insertFundingLines(ctx.db, await positioned(ctx, sessionIds, added))
  await queries.overwriteFundingLines(
    ctx.db,
    changed.map(({ before, after }) => ({ ...before, ...after })),
  )
  const enrolmentIds = [...new Set(targets.flatMap((target) => target.enrolmentId ?? []))]
  await updateEnrolments(ctx.db, enrolmentIds, { updatedAt: ctx.now() })
  await auditAll(
    ctx,
    sessionIds.map((id) => ({
      action: 'funding.write',
      subject: { kind: 'session', id },
      changes: {
        added: added.filter((line) => line.sessionId === id),
        changed: changed
          .filter(({ before }) => before.sessionId === id)
          .map(({ before, after }) => ({ id: before.id, before: contentOf(before), after })),
      },
    })),
  )
}

async function positioned(ctx: TrxCtx, sessionIds: readonly string[], added: FundingChanges['added']) {
  const createdAt = ctx.now()
  const next = new Map<string, number>()
  const keyOf = (target: FundingTarget) => `${target.sessionId} ${target.enrolmentId}`
  for (const target of await queries.nextPositions(ctx.db, sessionIds)) next.set(keyOf(target), target.next)
  return added.map((line) => {
    const position = next.get(keyOf(line)) ?? 0
    next.set(keyOf(line), position + 1)
    return { ...line, id: ctx.newId(), createdAt, position }
  })
}

/** What a line says, without where it stands. */
export function contentOf(line: FundingContent): FundingContent {
  const { source, clientId, amountCents, invoicedOn, invoiceNumber, paidOn } = line
  return { source, clientId, amountCents, invoicedOn, invoiceNumber, paidOn }
}
