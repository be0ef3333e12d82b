import type { GeneratedAlways } from 'kysely'
import type { TokenScope } from '../platform/access.ts'
import type { CivilDate, Entity } from '../platform/db/columns.ts'
import type { Role } from './people.schema.ts'
import type { LinkKind } from './sign-in/sign-in.schema.ts'

export type PersonTable = Entity & {
  firstName: string
  lastName: string
  birthName: string | null
  email: string | null
  phone: string | null
  chapterId: string | null
  employerClientId: string | null
  searchWords: GeneratedAlways<string>
}

export type AccountTable = Entity & {
  personId: string
  email: string
  passwordHash: string | null
  invitedAt: Temporal.Instant | null
}

export type RoleGrantTable = {
  id: string
  accountId: string
  role: Role
  chapterId: string | null
}

export type LoginSessionTable = {
  idHash: string
  id: string
  accountId: string
  createdAt: Temporal.Instant
  lastSeenAt: Temporal.Instant
  expiresAt: Temporal.Instant
  device: string | null
}

export type ApiTokenTable = {
  id: string
  accountId: string
  name: string
  tokenHash: string
  scope: TokenScope
  lastUsedOn: CivilDate | null
  expiresOn: CivilDate | null
  createdAt: Temporal.Instant
}

export type SingleUseTokenTable = {
  id: string
  kind: LinkKind
  accountId: string | null
  tokenHash: string | null
  createdAt: Temporal.Instant
  expiresAt: Temporal.Instant
  usedAt: Temporal.Instant | null
  endedAt: Temporal.Instant | null
}

/** The secret address of an account's calendar. */
export type CalendarFeedTable = {
  accountId: string
  tokenHash: string
  createdAt: Temporal.Instant
}

export type SignInThrottleTable = {
  keyHash: string
  drainedAt: Temporal.Instant
  admittedAt: Temporal.Instant | null
}
