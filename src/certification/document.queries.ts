/** What proves issued documents: their ledger, their columns as its events state them, their numbers. */
import { type Kysely, type Selectable, sql } from 'kysely'
import type { Database } from '../database.ts'
import { anyOf } from '../platform/db/filter.ts'
import type { DocumentEventTable, DocumentKind } from './certification.tables.ts'

export type DocumentEvent = Selectable<DocumentEventTable>

/** JSON values by column name. */
export type Facts = Record<string, unknown>

export async function findDocumentHead(
  db: Kysely<Database>,
): Promise<{ sequence: number; hash: string } | undefined> {
  return db
    .selectFrom('documentHead')
    .select(['sequence', 'hash'])
    .where('isTheOnlyOne', '=', true)
    .executeTakeFirst()
}

/** The events behind this place in the ledger, in their order. */
export async function listDocumentEvents(
  db: Kysely<Database>,
  after: number,
  limit: number,
): Promise<DocumentEvent[]> {
  return db
    .selectFrom('documentEvent')
    .selectAll()
    .where('sequence', '>', after)
    .orderBy('sequence')
    .limit(limit)
    .execute()
}

/** All events of these documents, in their order. */
export async function listEventsOfDocuments(
  db: Kysely<Database>,
  ids: readonly string[],
): Promise<DocumentEvent[]> {
  return db
    .selectFrom('documentEvent')
    .selectAll()
    .where('documentId', '=', anyOf(ids))
    .orderBy('sequence')
    .execute()
}

export type StandingDocument = {
  id: string
  kind: DocumentKind
  year: number
  number: number
  sha256: string | null
  /** Null when no file has this hash. */
  mediaType: string | null
  facts: Facts
}

/**
 * Documents by id, with their columns as the events state them: said here once more, and not through the database's own
 * function, which whoever alters documents could alter too. The session's time zone must be UTC.
 */
export async function listStandingDocuments(
  db: Kysely<Database>,
  after: string | undefined,
  limit: number,
): Promise<StandingDocument[]> {
  return db
    .selectFrom('issuedDocument')
    .leftJoin('storedFile', 'storedFile.sha256', 'issuedDocument.sha256')
    .select([
      'issuedDocument.id',
      'issuedDocument.kind',
      'issuedDocument.year',
      'issuedDocument.number',
      'issuedDocument.sha256',
      'storedFile.mediaType',
      sql<Facts>`(
        select jsonb_object_agg(key, case
          when jsonb_typeof(value) in ('object', 'array') or length(value #>> '{}') > 64
            then to_jsonb('sha256:' || encode(sha256(convert_to(value #>> '{}', 'UTF8')), 'hex'))
          else value end)
        from jsonb_each(to_jsonb(issued_document)) where value <> 'null'
      )`.as('facts'),
    ])
    .$if(after !== undefined, (rest) => rest.where('issuedDocument.id', '>', after ?? ''))
    .orderBy('issuedDocument.id')
    .limit(limit)
    .execute()
}

/** Documents that the ledger knows and that are gone, with their first event. */
export async function listMissingDocuments(db: Kysely<Database>): Promise<DocumentEvent[]> {
  return db
    .selectFrom('documentEvent as event')
    .distinctOn('event.documentId')
    .selectAll('event')
    .where((eb) =>
      eb.not(
        eb.exists(
          eb
            .selectFrom('issuedDocument as document')
            .select('document.id')
            .whereRef('document.id', '=', 'event.documentId'),
        ),
      ),
    )
    .orderBy('event.documentId')
    .orderBy('event.sequence')
    .execute()
}

export type NumberFault = { kind: string; year: number; number: number; previous: number }

/** Numbers that do not follow the one before by one: after a gap, or twice. */
export async function listBrokenNumbers(db: Kysely<Database>): Promise<NumberFault[]> {
  const { rows } = await sql<NumberFault>`
    select * from (
      select kind, year, number, coalesce(lag(number) over (partition by kind, year order by number), 0) as previous
      from issued_document
    ) numbered
    where number <> previous + 1
    order by kind, year, number`.execute(db)
  return rows
}

export type LastNumber = { kind: string; year: number; lastNumber: number | null; found: number | null }

/** Counters that do not say the last number that was given out. */
export async function listWrongCounters(db: Kysely<Database>): Promise<LastNumber[]> {
  const { rows } = await sql<LastNumber>`
    select * from (select kind, year, max(number) as found from issued_document group by kind, year) documents
    full join document_number using (kind, year)
    where found is distinct from nullif(last_number, 0)
    order by kind, year`.execute(db)
  return rows
}
