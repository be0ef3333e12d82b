import {
  type Insertable,
  type Kysely,
  type RawBuilder,
  type Selectable,
  sql,
  type Transaction,
  type Updateable,
} from 'kysely'
import type { Database } from '../database.ts'
import { decodeCursor, nearestPage, type Page, toPage } from '../platform/http/pagination.ts'
import type { PeopleQuery } from './people.schema.ts'
import type { PersonTable } from './people.tables.ts'
import { matchesPerson, withNearWords } from './person-search.ts'

/** All but the words that a person is searched by. */
export const personColumns = [
  'id',
  'version',
  'createdAt',
  'updatedAt',
  'firstName',
  'lastName',
  'birthName',
  'email',
  'phone',
  'chapterId',
  'employerClientId',
] as const satisfies (keyof PersonTable)[]

export type Person = Pick<Selectable<PersonTable>, (typeof personColumns)[number]>

export async function insertPerson(
  trx: Transaction<Database>,
  row: Insertable<PersonTable>,
): Promise<Person> {
  return trx.insertInto('person').values(row).returning(personColumns).executeTakeFirstOrThrow()
}

export async function findPerson(db: Kysely<Database>, id: string): Promise<Person | undefined> {
  return db.selectFrom('person').select(personColumns).where('id', '=', id).executeTakeFirst()
}

export async function lockPerson(trx: Transaction<Database>, id: string): Promise<Person | undefined> {
  return trx.selectFrom('person').select(personColumns).where('id', '=', id).forUpdate().executeTakeFirst()
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
    .returning(personColumns)
    .executeTakeFirstOrThrow()
}

/**
 * By last name, first name, id. `q` is what was typed so far of names or address, in any order; where nobody has all of
 * it, those come who have nearly that.
 */
export async function listPeople(
  db: Kysely<Database>,
  query: PeopleQuery,
  onlyChapterIds: readonly string[] | undefined,
): Promise<Page<Person>> {
  const { q } = query
  if (q === undefined) return peoplePage(db, query, onlyChapterIds)
  return nearestPage(query, {
    exact: (page) => peoplePage(db, { ...query, ...page }, onlyChapterIds, matchesPerson(q, 'exact')),
    near: (page) =>
      withNearWords(db, (db) =>
        peoplePage(db, { ...query, ...page }, onlyChapterIds, amongNear(db, matchesPerson(q, 'near'))),
      ),
  })
}

/** Found first and put in order then: what the planner expects of near words is far from what there is. */
function amongNear(db: Kysely<Database>, matches: RawBuilder<boolean>): RawBuilder<boolean> {
  const near = db
    .with(
      (cte) => cte('near').materialized(),
      (db) => db.selectFrom('person').select('person.id').where(matches),
    )
    .selectFrom('near')
    .select('near.id')
  return sql<boolean>`person.id in (${near})`
}

async function peoplePage(
  db: Kysely<Database>,
  query: PeopleQuery,
  onlyChapterIds: readonly string[] | undefined,
  matches?: RawBuilder<boolean>,
): Promise<Page<Person>> {
  const after = decodeCursor(query.cursor, 3)
  const rows = await db
    .selectFrom('person')
    .select(personColumns)
    .$call((people) => (matches === undefined ? people : people.where(matches)))
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
