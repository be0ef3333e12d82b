import { type Insertable, type Kysely, type Selectable, sql, type Transaction, type Updateable } from 'kysely'
import type { Database } from '../database.ts'
import { contains } from '../platform/db/filter.ts'
import { decodeCursor, type Page, toPage } from '../platform/http/pagination.ts'
import type { PeopleQuery } from './people.schema.ts'
import type { PersonTable } from './people.tables.ts'

export type Person = Selectable<PersonTable>

export async function insertPerson(
  trx: Transaction<Database>,
  row: Insertable<PersonTable>,
): Promise<Person> {
  return trx.insertInto('person').values(row).returningAll().executeTakeFirstOrThrow()
}

export async function findPerson(db: Kysely<Database>, id: string): Promise<Person | undefined> {
  return db.selectFrom('person').selectAll().where('id', '=', id).executeTakeFirst()
}

export async function lockPerson(trx: Transaction<Database>, id: string): Promise<Person | undefined> {
  return trx.selectFrom('person').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
}

/** Writes the fields and counts the version up. */
export async function updatePerson(
  trx: Transaction<Database>,
  id: string,
  changes: Updateable<PersonTable>,
): Promise<Person> {
  return trx
    .updateTable('person')
    .set(changes)
    .set('version', sql`version + 1`)
    .where('id', '=', id)
    .returningAll()
    .executeTakeFirstOrThrow()
}

/** By last name, first name, id; `q` filters on a part of the name or address, accents aside. */
export async function listPeople(
  db: Kysely<Database>,
  query: PeopleQuery,
  onlyChapterIds: readonly string[] | undefined,
): Promise<Page<Person>> {
  const after = decodeCursor(query.cursor, 3)
  const rows = await db
    .selectFrom('person')
    .selectAll()
    .$if(query.q !== undefined, (people) =>
      people.where(
        contains(sql`first_name || ' ' || last_name || ' ' || coalesce(email, '')`, query.q ?? ''),
      ),
    )
    .$if(query.chapterId !== undefined, (people) => people.where('chapterId', '=', query.chapterId ?? null))
    .$if(onlyChapterIds !== undefined, (people) =>
      people.where('chapterId', 'in', [...(onlyChapterIds ?? [])]),
    )
    .$if(after !== undefined, (people) =>
      people.where(
        sql<boolean>`(last_name, first_name, id) > (${after?.[0]}, ${after?.[1]}, ${after?.[2]}::uuid)`,
      ),
    )
    .orderBy('lastName')
    .orderBy('firstName')
    .orderBy('id')
    .limit(query.limit + 1)
    .execute()
  return toPage(rows, query.limit, (row) => [row.lastName, row.firstName, row.id])
}
