import type { Kysely } from 'kysely'
import type { Database } from '../../database.ts'

/** What the organisation is called; nothing before it has been described. */
export async function findOrganisationNames(db: Kysely<Database>): Promise<string[]> {
  const organisation = await db
    .selectFrom('organisation')
    .select(['legalName', 'tradeName'])
    .executeTakeFirst()
  return [organisation?.legalName, organisation?.tradeName].filter((name) => name != null)
}
