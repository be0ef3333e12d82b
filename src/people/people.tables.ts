import type { CivilDate, Entity } from '../platform/db/columns.ts'
import type { Role } from './people.schema.ts'

export type PersonTable = Entity & {
  firstName: string
  lastName: string
  birthName: string | null
  email: string | null
  phone: string | null
  chapterId: string | null
  employerClientId: string | null
}

export type AccountTable = Entity & {
  personId: string
  email: string
  passwordHash: string | null
}

export type RoleGrantTable = {
  id: string
  accountId: string
  role: Role
  chapterId: string | null
}

export type LoginSessionTable = {
  idHash: string
  accountId: string
  createdAt: Temporal.Instant
  expiresAt: Temporal.Instant
}

export type ApiTokenTable = {
  id: string
  accountId: string
  name: string
  tokenHash: string
  expiresOn: CivilDate | null
  createdAt: Temporal.Instant
}

export type SetupTokenTable = {
  tokenHash: string
  createdAt: Temporal.Instant
  expiresAt: Temporal.Instant
}
