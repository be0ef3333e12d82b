import type { Generated } from 'kysely'
import type { Entity, Json } from '../platform/db/columns.ts'
import type { Address, ClientKind, Qualiopi, Representative } from './organisation.schema.ts'

export type OrganisationTable = Entity & {
  isTheOnlyOne: Generated<boolean>
  isDemonstration: Generated<boolean>
  legalName: string
  tradeName: string | null
  siret: string
  declarationNumber: string
  declarationRegion: string
  nafCode: string | null
  legalForm: string | null
  timeZone: string
  address: Json<Address>
  email: string
  phone: string | null
  representative: Json<Representative>
  qualiopi: Json<Qualiopi> | null
  vatExempt: boolean
  disabilityContactPersonId: string | null
  remindsLearners: Generated<boolean>
  unsealedAfterDays: Generated<number>
  funderNoticeDays: Generated<number>
  cpfNoticeWorkingDays: Generated<number>
  certificatesNeedSeals: Generated<boolean>
}

export type ChapterTable = Entity & {
  name: string
  city: string
  regionCode: string
}

export type ClientTable = Entity & {
  kind: ClientKind
  name: string
  siret: string | null
  declarationNumber: string | null
  address: Json<Address> | null
  email: string | null
}
