/** Writes who did what, in the transaction of the change itself. */
import { accountIdOf } from '../access.ts'
import type { TrxCtx } from '../ctx.ts'
import { inBatches } from '../db/batches.ts'

type AuditedAction = {
  /** `slice.verb`, the name in the permission table. */
  action: string
  subject: { kind: string; id: string | null }
  /** Field → value; of personal fields only that they changed (see `changedFields`). */
  changes?: Record<string, unknown>
}

/** Writes down one action: the transaction of the change keeps both or loses both. */
export async function audit(ctx: TrxCtx, entry: AuditedAction): Promise<void> {
  await auditAll(ctx, [entry])
}

/** Several entries in one statement. */
export async function auditAll(ctx: TrxCtx, entries: readonly AuditedAction[]): Promise<void> {
  for (const batch of inBatches(entries, 10)) await insertEntries(ctx, batch)
}

async function insertEntries(ctx: TrxCtx, entries: readonly AuditedAction[]): Promise<void> {
  await ctx.db
    .insertInto('auditEntry')
    .values(
      entries.map((entry) => ({
        id: ctx.newId(),
        occurredAt: ctx.now(),
        actorKind: ctx.actor.kind,
        actorAccountId: accountIdOf(ctx.actor),
        action: entry.action,
        subjectKind: entry.subject.kind,
        subjectId: entry.subject.id,
        changes: JSON.stringify(entry.changes ?? {}),
        requestId: ctx.requestId,
        actorProcess: ctx.actor.kind === 'system' ? ctx.actor.name : null,
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
