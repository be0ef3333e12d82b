import type { Kysely, Selectable } from 'kysely'
import type { Database } from '../database.ts'
import type { EnrolmentTable } from './enrolment.tables.ts'

export type PersonalEnrolment = Pick<
  Selectable<EnrolmentTable>,
  'sessionId' | 'status' | 'version' | 'updatedAt' | 'startedOn' | 'joinedAt' | 'interruptedOn'
>

/** All of one person, ended ones too. */
export async function listEnrolmentsOf(db: Kysely<Database>, personId: string): Promise<PersonalEnrolment[]> {
  return db
    .selectFrom('enrolment')
    .select(['sessionId', 'status', 'version', 'updatedAt', 'startedOn', 'joinedAt', 'interruptedOn'])
    .where('personId', '=', personId)
    .execute()
}

/** As people call it; undefined before it has been described. */
export async function findOrganisationName(db: Kysely<Database>): Promise<string | undefined> {
  const row = await db.selectFrom('organisation').select(['legalName', 'tradeName']).executeTakeFirst()
  return row && (row.tradeName ?? row.legalName)
}
