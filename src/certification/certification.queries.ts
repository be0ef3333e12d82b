import { type Kysely, type Selectable, sql, type Transaction } from 'kysely'
import type { Database } from '../database.ts'
import { type Page, type PageQuery, toPage } from '../platform/http/pagination.ts'
import { numberPosition } from './certification.rules.ts'
import type { IssuedDocumentTable } from './certification.tables.ts'

/** A certificate as the API shows it: without the frozen model, but with what it says of holder and training. */
export type Certificate = Omit<
  Selectable<IssuedDocumentTable>,
  | 'kind'
  | 'periodFrom'
  | 'periodTo'
  | 'model'
  | 'templateSource'
  | 'templateVersion'
  | 'issuedBy'
  | 'revokedBy'
> & {
  holder: string
  training: string
  /** Of the session. */
  chapterId: string | null
  outdated: boolean
}

const holder = sql<string>`concat(model #>> '{learner,firstName}', ' ', model #>> '{learner,lastName}')`
const training = sql<string>`model #>> '{training,title}'`

/** The minutes that it states, in all and by how they were attended, are no longer those of the sheet. */
const isOutdated = sql<boolean>`(document.attended_minutes, (model ->> 'onsiteMinutes')::integer,
    (model ->> 'synchronousMinutes')::integer) <> (
  select coalesce(sum(minutes), 0), coalesce(sum(minutes) filter (where kind = 'onsite'), 0),
    coalesce(sum(minutes) filter (where kind = 'synchronous'), 0)
  from attended_time where attended_time.enrolment_id = document.enrolment_id)`

function certificates(db: Kysely<Database>) {
  return db
    .selectFrom('issuedDocument as document')
    .innerJoin('trainingSession as session', 'session.id', 'document.sessionId')
    .select([
      'document.id',
      'document.version',
      'document.createdAt',
      'document.updatedAt',
      'document.year',
      'document.number',
      'document.sessionId',
      'document.enrolmentId',
      'document.personId',
      'document.attendedMinutes',
      'document.issuedAt',
      'document.verificationCode',
      'document.sha256',
      'document.revokedAt',
      'document.revokedReason',
      'document.replacedById',
      'session.chapterId',
      holder.as('holder'),
      training.as('training'),
    ])
    .select(isOutdated.as('outdated'))
    .where('document.kind', '=', 'certificate')
}

export async function findCertificate(db: Kysely<Database>, id: string): Promise<Certificate | undefined> {
  return certificates(db).where('document.id', '=', id).executeTakeFirst()
}

export async function findCertificateByCode(
  db: Kysely<Database>,
  code: string,
): Promise<Certificate | undefined> {
  return certificates(db).where('document.verificationCode', '=', code).executeTakeFirst()
}

/** By year and number, the first issued first. */
export async function listCertificates(
  db: Kysely<Database>,
  of: { sessionId: string } | { personId: string },
  query: PageQuery,
): Promise<Page<Certificate>> {
  const after = numberPosition(query)
  const rows = await certificates(db)
    .$if('sessionId' in of, (all) =>
      all.where('document.sessionId', '=', 'sessionId' in of ? of.sessionId : ''),
    )
    .$if('personId' in of, (all) => all.where('document.personId', '=', 'personId' in of ? of.personId : ''))
    .$if(after !== undefined, (all) =>
      all.where(
        sql<boolean>`(document.year, document.number, document.id) > (${after?.[0]}::integer, ${after?.[1]}::integer, ${after?.[2]}::uuid)`,
      ),
    )
    .orderBy('document.year')
    .orderBy('document.number')
    .orderBy('document.id')
    .limit(query.limit + 1)
    .execute()
  return toPage(rows, query.limit, (row) => [String(row.year), String(row.number), row.id])
}

/** False when it was revoked before, whoever revokes at the same moment. */
export async function revokeCertificate(
  trx: Transaction<Database>,
  id: string,
  revocation: { revokedAt: Temporal.Instant; revokedBy: string | null; revokedReason: string },
): Promise<boolean> {
  const revoked = await trx
    .updateTable('issuedDocument')
    .set({ ...revocation, updatedAt: revocation.revokedAt })
    .set('version', sql`version + 1`)
    .where('id', '=', id)
    .where('revokedAt', 'is', null)
    .returning('id')
    .executeTakeFirst()
  return revoked !== undefined
}
