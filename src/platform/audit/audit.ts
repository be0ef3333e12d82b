/** Writes who did what, in the transaction of the change itself. */
import type { TrxCtx } from '../ctx.ts'

type AuditedAction = {
  /** `slice.verb`, the name in the permission table. */
  action: string
  subject: { kind: string; id: string | null }
  /** Field → value; of personal fields only that they changed (see `changedFields`). */
  changes?: Record<string, unknown>
}

export async function audit(ctx: TrxCtx, entry: AuditedAction): Promise<void> {
  await auditAll(ctx, [entry])
}

// A statement takes 65,535 parameters, and an entry has nine.
const entriesPerStatement = 5_000

/** Several entries in one statement. */
export async function auditAll(ctx: TrxCtx, entries: readonly AuditedAction[]): Promise<void> {
  for (let start = 0; start < entries.length; start += entriesPerStatement)
    await insertEntries(ctx, entries.slice(start, start + entriesPerStatement))
}

async function insertEntries(ctx: TrxCtx, entries: readonly AuditedAction[]): Promise<void> {
  await ctx.db
    .insertInto('auditEntry')
    .values(
      entries.map((entry) => ({
        id: ctx.newId(),
        occurredAt: ctx.now(),
        actorKind: ctx.actor.kind,
        actorAccountId: ctx.actor.kind === 'account' ? ctx.actor.accountId : null,
        action: entry.action,
        subjectKind: entry.subject.kind,
        subjectId: entry.subject.id,
        changes: JSON.stringify(entry.changes ?? {}),
        requestId: ctx.requestId,
      })),
    )
    .execute()
}

/**
 * The fields of `after` that differ from `before`: `{ field: [before, after] }`; a personal field says only
 * `'redacted'`, since the audit outlives the person's right to be forgotten.
 */
export function changedFields<T extends object>(
  before: Partial<T> | undefined,
  after: Partial<T>,
  personal: readonly string[] = [],
): Record<string, unknown> {
  const changes: Record<string, unknown> = {}
  for (const field of Object.keys(after) as (keyof T & string)[]) {
    const from = before?.[field] ?? null
    const to = after[field] ?? null
    if (JSON.stringify(from) === JSON.stringify(to)) continue
    changes[field] = personal.includes(field) ? 'redacted' : before ? [from, to] : to
  }
  return changes
}
