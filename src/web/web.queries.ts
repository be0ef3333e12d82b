import type { Kysely, Selectable } from 'kysely'
import type { Database } from '../database.ts'
import type { OrganisationTable } from '../organisation/organisation.tables.ts'

export type PublicOrganisation = Pick<
  Selectable<OrganisationTable>,
  | 'legalName'
  | 'tradeName'
  | 'address'
  | 'email'
  | 'phone'
  | 'declarationNumber'
  | 'declarationRegion'
  | 'timeZone'
  | 'vatExempt'
>

/** What an organisation says of itself in public; nothing before it has been described. */
export async function findPublicOrganisation(db: Kysely<Database>): Promise<PublicOrganisation | undefined> {
  return db
    .selectFrom('organisation')
    .select(['legalName', 'tradeName', 'address', 'email', 'phone', 'timeZone', 'vatExempt'])
    .select(['declarationNumber', 'declarationRegion'])
    .executeTakeFirst()
}

/** Undefined when there is no such slot. */
export async function sessionOfSlot(db: Kysely<Database>, slotId: string): Promise<string | undefined> {
  const slot = await db.selectFrom('slot').select('sessionId').where('id', '=', slotId).executeTakeFirst()
  return slot?.sessionId
}
