/** Funding lines (*produits, financements*): who is invoiced how much, for an enrolment or for a whole session. */
import { siretTaken } from '../organisation/organisation.problems.ts'
import { ensureClient } from '../organisation/organisation.service.ts'
import { findSessionTo, lockSessionTo } from '../planning/session-access.ts'
import { authoriseOn } from '../platform/access.ts'
import { audit } from '../platform/audit/audit.ts'
import type { Ctx, TrxCtx } from '../platform/ctx.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import { sum } from '../platform/sum.ts'
import { enrolmentPermissions as may } from './enrolment.permissions.ts'
import { noSuchClient } from './enrolment.problems.ts'
import { updateEnrolment } from './enrolment.queries.ts'
import type { FundingLineInput } from './enrolment.schema.ts'
import { findEnrolmentFor, lockEnrolmentFor } from './enrolment-access.ts'
import { reviewNotices } from './funder-notice.service.ts'
import type { FundingLine, FundingTarget } from './funding.queries.ts'
import * as queries from './funding.queries.ts'
import { payerKind } from './funding.rules.ts'

export type Funding = { fundingLines: FundingLine[]; totalCents: number }

/** Somebody else wrote the same new payer at that very moment: asking again finds it. */
export const fundingConstraints = { client_siret_unique: siretTaken }

/** The lines of the enrolment itself, not those of its session. */
export async function readEnrolmentFunding(ctx: Ctx, enrolmentId: string): Promise<Funding> {
  const { enrolment, subject } = await findEnrolmentFor(ctx, enrolmentId)
  authoriseOn(ctx.actor, subject, { act: may['funding.read'], see: may['enrolment.read'] })
  return fundingOf(ctx, { sessionId: enrolment.sessionId, enrolmentId: enrolment.id })
}

/** The lines of the session itself: a day rate, a flat price for a group. */
export async function readSessionFunding(ctx: Ctx, sessionId: string): Promise<Funding> {
  const session = await findSessionTo(ctx, sessionId, may['funding.read'])
  return fundingOf(ctx, { sessionId: session.id, enrolmentId: null })
}

/** Replaces all lines of the enrolment; a session that is closed keeps being invoiced and paid. */
export async function writeEnrolmentFunding(
  ctx: Ctx,
  enrolmentId: string,
  lines: readonly FundingLineInput[],
): Promise<Funding> {
  return inTransaction(
    ctx,
    async (ctx) => {
      const { enrolment, subject } = await lockEnrolmentFor(ctx, enrolmentId)
      authoriseOn(ctx.actor, subject, { act: may['funding.write'], see: may['enrolment.read'] })
      const target = { sessionId: enrolment.sessionId, enrolmentId: enrolment.id }
      await replaceFundingLines(ctx, target, lines)
      return fundingOf(ctx, target)
    },
    fundingConstraints,
  )
}

/** Replaces the lines of the session that belong to no enrolment. */
export async function writeSessionFunding(
  ctx: Ctx,
  sessionId: string,
  lines: readonly FundingLineInput[],
): Promise<Funding> {
  return inTransaction(
    ctx,
    async (ctx) => {
      const session = await lockSessionTo(ctx, sessionId, may['funding.write'])
      const target = { sessionId: session.id, enrolmentId: null }
      await replaceFundingLines(ctx, target, lines)
      return fundingOf(ctx, target)
    },
    fundingConstraints,
  )
}

async function fundingOf(ctx: Ctx | TrxCtx, target: FundingTarget): Promise<Funding> {
  const fundingLines = await queries.listFundingLines(ctx.db, target)
  return { fundingLines, totalCents: sum(fundingLines.map((line) => line.amountCents)) }
}

/** An enrolment shows its money, so it counts a version up; the same lines again change nothing. */
async function replaceFundingLines(
  ctx: TrxCtx,
  target: FundingTarget,
  lines: readonly FundingLineInput[],
): Promise<void> {
  const hasChanged = await exchangeLines(ctx, target, lines)
  if (hasChanged && target.enrolmentId !== null)
    await updateEnrolment(ctx.db, target.enrolmentId, { updatedAt: ctx.now() })
}

/**
 * The lines of an enrolment that is being made in this very transaction. Part of that verb, which authorises. Throws 422
 * with a pointer where a client does not exist.
 */
export async function addFundingLines(
  ctx: TrxCtx,
  target: FundingTarget,
  lines: readonly FundingLineInput[],
): Promise<void> {
  await exchangeLines(ctx, target, lines)
}

async function exchangeLines(
  ctx: TrxCtx,
  target: FundingTarget,
  lines: readonly FundingLineInput[],
): Promise<boolean> {
  const before = (await queries.listFundingLines(ctx.db, target)).map(contentOf)
  const after = await resolvePayers(ctx, lines)
  const [removed, added] = [without(before, after), without(after, before)]
  if (removed.length === 0 && added.length === 0) return false
  const createdAt = ctx.now()
  await queries.exchangeFundingLines(
    ctx.db,
    target,
    after.map((line, position) => ({ ...line, ...target, id: ctx.newId(), createdAt, position })),
  )
  await audit(ctx, {
    action: 'funding.write',
    subject:
      target.enrolmentId === null
        ? { kind: 'session', id: target.sessionId }
        : { kind: 'enrolment', id: target.enrolmentId },
    changes: { removed, added },
  })
  await reviewNotices(ctx, target.sessionId)
  return true
}

type Content = Pick<
  FundingLine,
  'source' | 'clientId' | 'amountCents' | 'invoicedOn' | 'invoiceNumber' | 'paidOn'
>

/** What a line says, its fields in one order. */
function contentOf(line: FundingLineInput): Content {
  return {
    source: line.source,
    clientId: line.clientId ?? null,
    amountCents: line.amountCents,
    invoicedOn: line.invoicedOn ?? null,
    invoiceNumber: line.invoiceNumber ?? null,
    paidOn: line.paidOn ?? null,
  }
}

/** The lines that are not among the others; of two equal ones each needs its own. */
function without(lines: readonly Content[], others: readonly Content[]): Content[] {
  const rest = others.map((line) => JSON.stringify(line))
  return lines.filter((line) => {
    const index = rest.indexOf(JSON.stringify(line))
    if (index >= 0) rest.splice(index, 1)
    return index < 0
  })
}

/** A payer by name becomes a client (*financeur*), of the kind that its source implies. */
async function resolvePayers(ctx: TrxCtx, lines: readonly FundingLineInput[]): Promise<Content[]> {
  await assertClientsExist(ctx, lines)
  const resolved: Content[] = []
  for (const line of lines) {
    const clientId = line.payerName == null ? line.clientId : (await payerOf(ctx, line, line.payerName)).id
    resolved.push(contentOf({ ...line, clientId }))
  }
  return resolved
}

function payerOf(ctx: TrxCtx, line: FundingLineInput, name: string) {
  return ensureClient(ctx, { kind: payerKind[line.source], name, siret: line.payerSiret })
}

async function assertClientsExist(ctx: TrxCtx, lines: readonly FundingLineInput[]): Promise<void> {
  const wanted = lines.flatMap((line) => line.clientId ?? [])
  const existing = await queries.findClientIds(ctx.db, wanted)
  const errors = lines.flatMap(({ clientId }, index) =>
    clientId == null || existing.has(clientId)
      ? []
      : [
          {
            pointer: `/fundingLines/${index}/clientId`,
            code: noSuchClient.definition.code,
            detail: noSuchClient.definition.title,
          },
        ],
  )
  if (errors.length > 0) throw noSuchClient({ errors })
}
