/** The audit as a French spreadsheet opens it, however long it is. */
import { civilDateOf } from '../platform/civil-time.ts'
import { csvHead, csvLine } from '../platform/csv-writer.ts'
import type { AuditEntry } from './audit-log.queries.ts'

const heading = [
  'Date et heure',
  'Auteur',
  'Compte',
  'Action',
  'Objet',
  'Identifiant',
  'Modifications',
  'Requête',
  'Rang',
]

/** The file in pieces of UTF-8, one for each batch of entries: asked for one by one, as the reader takes them. */
export async function* auditCsv(
  batches: AsyncIterable<readonly AuditEntry[]>,
  timeZone: string,
): AsyncGenerator<Uint8Array> {
  yield Buffer.from(csvHead(heading))
  for await (const entries of batches) {
    yield Buffer.from(entries.map((entry) => csvLine(cellsOf(entry, timeZone))).join(''))
  }
}

function cellsOf(entry: AuditEntry, timeZone: string) {
  return [
    localMoment(entry.occurredAt, timeZone),
    authorOf(entry),
    entry.actorAccountId,
    entry.action,
    entry.subjectKind,
    entry.subjectId,
    JSON.stringify(entry.changes),
    entry.requestId,
    entry.sequence,
  ]
}

function authorOf({ actorKind, actorName, actorProcess }: AuditEntry): string {
  if (actorKind === 'system') return actorProcess === null ? 'Préau' : `Préau (${actorProcess})`
  if (actorKind === 'anonymous') return 'Personne non connectée'
  return actorName ?? 'Compte supprimé'
}

/** `02/03/2026 09:30:15`. */
function localMoment(instant: Temporal.Instant, timeZone: string): string {
  const day = civilDateOf(instant, timeZone).split('-').reverse().join('/')
  const time = instant.toZonedDateTimeISO(timeZone).toPlainTime()
  return `${day} ${time.toString({ smallestUnit: 'second' })}`
}
