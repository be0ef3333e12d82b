import { type Kysely, sql } from 'kysely'
import { numberPosition } from '../certification/certification.rules.ts'
import type { Database } from '../database.ts'
import { type Page, type PageQuery, toPage } from '../platform/http/pagination.ts'

/** A certificate as the register lists it: what the paper says, and what became of it. */
type RegisteredCertificate = {
  id: string
  year: number
  number: number
  firstName: string
  lastName: string
  training: string
  enrolmentId: string
  sessionId: string
  sessionReference: string
  sessionStartsOn: string
  sessionEndsOn: string
  attendedMinutes: number
  issuedAt: Temporal.Instant
  revokedAt: Temporal.Instant | null
}

/** `since` belongs to it, `until` does not. */
export type Span = { since: Temporal.Instant; until: Temporal.Instant }

/** In the order of their numbers. */
export async function certificatesPage(
  db: Kysely<Database>,
  span: Span,
  page: PageQuery,
): Promise<Page<RegisteredCertificate>> {
  const after = numberPosition(page)
  const rows = await certificates(db, span)
    .$if(after !== undefined, (documents) =>
      documents.where(
        sql<boolean>`(year, number, id) > (${after?.[0]}::integer, ${after?.[1]}::integer, ${after?.[2]}::uuid)`,
      ),
    )
    .limit(page.limit + 1)
    .execute()
  return toPage(rows, page.limit, (row) => [String(row.year), String(row.number), row.id])
}

/** The whole register of the span, in the order of their numbers. */
export async function allCertificates(db: Kysely<Database>, span: Span): Promise<RegisteredCertificate[]> {
  return certificates(db, span).execute()
}

/** Names and titles come from the frozen model: the register says what the certificate says. */
function certificates(db: Kysely<Database>, { since, until }: Span) {
  return db
    .selectFrom('issuedDocument')
    .where('kind', '=', 'certificate')
    .where('issuedAt', '>=', since)
    .where('issuedAt', '<', until)
    .orderBy('year')
    .orderBy('number')
    .orderBy('id')
    .select([
      'id',
      'year',
      'number',
      sql<string>`model -> 'learner' ->> 'firstName'`.as('firstName'),
      sql<string>`model -> 'learner' ->> 'lastName'`.as('lastName'),
      sql<string>`model -> 'training' ->> 'title'`.as('training'),
      'enrolmentId',
      'sessionId',
      sql<string>`model -> 'session' ->> 'reference'`.as('sessionReference'),
      sql<string>`model -> 'session' ->> 'startsOn'`.as('sessionStartsOn'),
      sql<string>`model -> 'session' ->> 'endsOn'`.as('sessionEndsOn'),
      'attendedMinutes',
      'issuedAt',
      'revokedAt',
    ])
}
