/** Persons and accounts by the thousand, in a few statements. Part of an import, which authorises and checks. */
import { audit, auditAll, changedFields } from '../platform/audit/audit.ts'
import type { TrxCtx } from '../platform/ctx.ts'
import type { RoleGrant } from './account.queries.ts'
import type { Person } from './people.queries.ts'
import type { PersonInput, PersonPatch } from './people.schema.ts'
import { newPersonRow, personalFields } from './people.service.ts'
import * as queries from './people-in-bulk.queries.ts'

/** New persons; returns their ids in the same order. The audit says how many: each says of itself when it was made. */
export async function addPeople(ctx: TrxCtx, people: readonly PersonInput[]): Promise<string[]> {
  if (people.length === 0) return []
  const rows = people.map((person) => newPersonRow(ctx, person))
  await queries.insertPeople(ctx.db, rows)
  await audit(ctx, {
    action: 'person.createMany',
    subject: { kind: 'person', id: null },
    changes: { created: rows.length },
  })
  return rows.map((row) => row.id)
}

/** Each patch says only what differs from `before`, the row as it stands under its lock, which is held. */
export async function changePeople(
  ctx: TrxCtx,
  changes: readonly { before: Person; patch: PersonPatch }[],
): Promise<void> {
  if (changes.length === 0) return
  const updatedAt = ctx.now()
  await queries.overwritePeople(
    ctx.db,
    changes.map(({ before, patch }) => ({ ...before, ...patch, updatedAt })),
  )
  await auditAll(
    ctx,
    changes.map(({ before, patch }) => ({
      action: 'person.change',
      subject: { kind: 'person', id: before.id },
      changes: changedFields(before, patch, personalFields),
    })),
  )
}

export type AccountToAdd = { personId: string; email: string; roleGrants: readonly RoleGrant[] }

/** Accounts of persons that have none, without a password: they cannot sign in before they have chosen one. */
export async function addAccounts(ctx: TrxCtx, accounts: readonly AccountToAdd[]): Promise<void> {
  if (accounts.length === 0) return
  const now = ctx.now()
  const rows = accounts.map((account) => ({ ...account, id: ctx.newId() }))
  await queries.insertAccounts(
    ctx.db,
    rows.map(({ id, personId, email }) => ({
      id,
      createdAt: now,
      updatedAt: now,
      personId,
      email,
      passwordHash: null,
    })),
  )
  await queries.insertRoleGrants(
    ctx.db,
    rows.flatMap(({ id, roleGrants }) => grantRows(ctx, id, roleGrants)),
  )
  await auditAll(
    ctx,
    rows.map(({ id, personId, roleGrants }) => ({
      action: 'account.create',
      subject: { kind: 'account', id },
      changes: { email: 'redacted', personId, roleGrants },
    })),
  )
}

export type GrantsToAdd = { accountId: string; before: readonly RoleGrant[]; added: readonly RoleGrant[] }

/** Grants that the accounts do not hold yet; those they hold stay. */
export async function addRoleGrants(ctx: TrxCtx, accounts: readonly GrantsToAdd[]): Promise<void> {
  if (accounts.length === 0) return
  await queries.insertRoleGrants(
    ctx.db,
    accounts.flatMap(({ accountId, added }) => grantRows(ctx, accountId, added)),
  )
  await queries.touchAccounts(
    ctx.db,
    accounts.map(({ accountId }) => accountId),
    ctx.now(),
  )
  await auditAll(
    ctx,
    accounts.map(({ accountId, before, added }) => ({
      action: 'account.change',
      subject: { kind: 'account', id: accountId },
      changes: { roleGrants: [before, [...before, ...added]] },
    })),
  )
}

function grantRows(ctx: TrxCtx, accountId: string, grants: readonly RoleGrant[]) {
  return grants.map((grant) => ({ ...grant, id: ctx.newId(), accountId }))
}
