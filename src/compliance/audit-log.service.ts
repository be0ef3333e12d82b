/** Reading the audit (*journal d'audit*): who changed what, and when. What was personal in it was never written down. */
import { readTimeZone } from '../organisation/organisation.service.ts'
import { authorise } from '../platform/access.ts'
import { audit } from '../platform/audit/audit.ts'
import { civilDateOf } from '../platform/civil-time.ts'
import type { Ctx } from '../platform/ctx.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import type { Page } from '../platform/http/pagination.ts'
import { auditCsv } from './audit-log.csv.ts'
import * as queries from './audit-log.queries.ts'
import type { AuditFilter, AuditQuery } from './audit-log.schema.ts'
import { compliancePermissions as may } from './compliance.permissions.ts'

/** One page of what fits the filter, newest first. */
export async function listAudit(
  ctx: Ctx,
  { limit, cursor, ...filter }: AuditQuery,
): Promise<Page<queries.AuditEntry>> {
  authorise(ctx.actor, may['audit.read'])
  const selection = await selectionOf(ctx, filter)
  return queries.listEntries(ctx.db, selection, { limit, cursor })
}

/** All that fits the filter, as CSV that is read as it is sent; that it was taken out is an entry of its own. */
export async function exportAudit(
  ctx: Ctx,
  filter: AuditFilter,
): Promise<{ name: string; file: ReadableStream<Uint8Array> }> {
  authorise(ctx.actor, may['audit.export'])
  const timeZone = await readTimeZone(ctx)
  const selection = await selectionOf(ctx, filter)
  await inTransaction(ctx, (ctx) =>
    audit(ctx, { action: 'audit.export', subject: { kind: 'audit', id: null }, changes: { ...filter } }),
  )
  return {
    name: `journal-${civilDateOf(ctx.now(), timeZone)}.csv`,
    file: ReadableStream.from(auditCsv(batches(ctx, selection), timeZone)),
  }
}

/** Batch by batch, each beginning where the one before ended: the log only grows at its beginning. */
async function* batches(
  ctx: Ctx,
  selection: queries.AuditSelection,
): AsyncGenerator<readonly queries.AuditEntry[]> {
  let cursor: string | undefined
  do {
    const page = await queries.listEntries(ctx.db, selection, { limit: batchSize, cursor })
    yield page.items
    cursor = page.nextCursor ?? undefined
  } while (cursor !== undefined)
}

const batchSize = 1_000

/** Days become instants in the organisation's zone. */
async function selectionOf(ctx: Ctx, { from, to, ...rest }: AuditFilter): Promise<queries.AuditSelection> {
  const isDay = (moment: string | undefined) => moment !== undefined && !moment.includes('T')
  const timeZone = isDay(from) || isDay(to) ? await readTimeZone(ctx) : 'UTC'
  return {
    ...rest,
    since: from === undefined ? undefined : beginningOf(from, timeZone, 0),
    until: to === undefined ? undefined : beginningOf(to, timeZone, 1),
  }
}

/** An instant as it is; a day begins in the zone, `daysLater`. */
function beginningOf(moment: string, timeZone: string, daysLater: number): Temporal.Instant {
  if (moment.includes('T')) return Temporal.Instant.from(moment)
  return Temporal.PlainDate.from(moment).add({ days: daysLater }).toZonedDateTime(timeZone).toInstant()
}
