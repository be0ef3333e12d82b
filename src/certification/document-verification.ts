/** Proves issued documents: their ledger, that each is as its events left it, that it has its file, and the numbers. */
import type { Kysely } from 'kysely'
import { z } from 'zod'
import type { Database } from '../database.ts'
import type { OnAlteration } from '../platform/alteration.ts'
import { sha256Hex } from '../platform/files/files.ts'
import { numberLabel } from './certification.rules.ts'
import type { DocumentKind } from './certification.tables.ts'
import * as queries from './document.queries.ts'

export type VerifiedDocuments = { documents: number; documentEvents: number }

const atOnce = 500

/** In the caller's snapshot, whose time zone is UTC. Everything that is wrong is named with its document. */
export async function verifyDocuments(
  db: Kysely<Database>,
  onAlteration: OnAlteration,
  onProgress: (documents: number) => void = () => {},
): Promise<VerifiedDocuments> {
  const documentEvents = await verifyLedger(db, onAlteration)
  const documents = await verifyStanding(db, onAlteration, onProgress)
  await verifyNoneMissing(db, onAlteration)
  await verifyNumbers(db, onAlteration)
  return { documents, documentEvents }
}

const ledger = { kind: 'document', id: 'ledger', reference: null } as const

async function verifyLedger(db: Kysely<Database>, onAlteration: OnAlteration): Promise<number> {
  let last = { sequence: 0, hash: sha256Hex('preau document ledger') }
  let count = 0
  for (;;) {
    const events = await queries.listDocumentEvents(db, last.sequence, atOnce)
    for (const event of events) {
      const fault = faultOfEvent(last, event)
      if (fault) onAlteration({ ...ledger, id: event.documentId, sequence: event.sequence, ...fault })
      last = event
      count++
    }
    if (events.length < atOnce) break
  }
  const head = (await queries.findDocumentHead(db)) ?? { ...last, sequence: 0 }
  if (head.sequence !== last.sequence || head.hash !== last.hash) {
    const detail = `the head says ${head.sequence}, the last event is ${last.sequence}`
    onAlteration({ ...ledger, code: 'wrong-head', sequence: null, detail })
  }
  return count
}

type Fault = { code: string; detail: string }

function faultOfEvent(
  last: { sequence: number; hash: string },
  event: queries.DocumentEvent,
): Fault | undefined {
  const { sequence, body } = event
  if (sequence !== last.sequence + 1)
    return { code: 'sequence-gap', detail: `event ${sequence} follows ${last.sequence}` }
  if (event.previousHash !== last.hash)
    return { code: 'broken-link', detail: `event ${sequence} does not continue the one before` }
  if (event.hash !== sha256Hex(`${event.previousHash}\n${body}`))
    return { code: 'wrong-hash', detail: `event ${sequence} is not what was hashed` }
  const stated = readBody(event)
  if (stated?.documentId !== event.documentId || stated.sequence !== sequence)
    return { code: 'column-differs', detail: `event ${sequence} is not about what its text says` }
  return undefined
}

const eventBody = z.strictObject({
  documentId: z.string(),
  sequence: z.int(),
  columns: z.record(z.string(), z.union([z.string(), z.number(), z.boolean(), z.null()])),
})

function readBody({ body }: queries.DocumentEvent): z.output<typeof eventBody> | undefined {
  try {
    return eventBody.parse(JSON.parse(body))
  } catch {
    return undefined
  }
}

async function verifyStanding(
  db: Kysely<Database>,
  onAlteration: OnAlteration,
  onProgress: (documents: number) => void,
): Promise<number> {
  let count = 0
  let after: string | undefined
  for (;;) {
    const documents = await queries.listStandingDocuments(db, after, atOnce)
    const ids = documents.map(({ id }) => id)
    const eventsOf = Map.groupBy(await queries.listEventsOfDocuments(db, ids), (event) => event.documentId)
    for (const document of documents) {
      for (const fault of faultsOfDocument(document, eventsOf.get(document.id) ?? []))
        onAlteration({ kind: 'document', id: document.id, reference: labelOf(document), ...fault })
    }
    count += documents.length
    onProgress(count)
    if (documents.length < atOnce) return count
    after = ids.at(-1)
  }
}

/** How the kinds of documents are drawn. */
const mediaTypes = { certificate: 'application/pdf' } as const satisfies Record<DocumentKind, string>

function faultsOfDocument(
  document: queries.StandingDocument,
  events: readonly queries.DocumentEvent[],
): (Fault & { sequence: number | null })[] {
  const label = labelOf(document)
  if (events.length === 0)
    return [{ code: 'unfounded', sequence: null, detail: `no event says that ${label} was issued` }]
  const stated: queries.Facts = Object.assign({}, ...events.map((event) => readBody(event)?.columns))
  const columns = new Set([...Object.keys(stated), ...Object.keys(document.facts)])
  const faults: (Fault & { sequence: number | null })[] = [...columns]
    .filter((column) => (stated[column] ?? null) !== (document.facts[column] ?? null))
    .map((column) => ({
      code: 'column-differs',
      sequence: lastToState(events, column),
      detail: `${column} of ${label} is not what was written`,
    }))
  if (document.sha256 !== null && document.mediaType !== mediaTypes[document.kind]) {
    const code = document.mediaType === null ? 'file-missing' : 'file-differs'
    faults.push({
      code,
      sequence: null,
      detail: `the file of ${label} is ${document.mediaType ?? 'missing'}`,
    })
  }
  return faults
}

/** The event that the column should be as in. */
function lastToState(events: readonly queries.DocumentEvent[], column: string): number | null {
  return events.findLast((event) => Object.hasOwn(readBody(event)?.columns ?? {}, column))?.sequence ?? null
}

function labelOf({ year, number }: { year: number; number: number }): string {
  return numberLabel({ year, number })
}

async function verifyNoneMissing(db: Kysely<Database>, onAlteration: OnAlteration): Promise<void> {
  for (const event of await queries.listMissingDocuments(db)) {
    const { year, number } = readBody(event)?.columns ?? {}
    const isKnown = typeof year === 'number' && typeof number === 'number'
    const reference = isKnown ? numberLabel({ year, number }) : null
    const detail = `${reference ?? 'a document'} was issued and is gone`
    onAlteration({
      kind: 'document',
      id: event.documentId,
      reference,
      code: 'missing',
      sequence: event.sequence,
      detail,
    })
  }
}

async function verifyNumbers(db: Kysely<Database>, onAlteration: OnAlteration): Promise<void> {
  for (const { kind, year, number, previous } of await queries.listBrokenNumbers(db)) {
    const label = numberLabel({ year, number })
    const isTwice = number === previous
    const detail = isTwice
      ? `${label} was given twice`
      : `${previous + 1 === number - 1 ? 'a number is' : 'numbers are'} missing before ${label}`
    onAlteration({
      kind: 'numbers',
      id: `${kind} ${year}`,
      reference: label,
      code: isTwice ? 'number-twice' : 'number-gap',
      sequence: null,
      detail,
    })
  }
  for (const { kind, year, lastNumber, found } of await queries.listWrongCounters(db)) {
    onAlteration({
      kind: 'numbers',
      id: `${kind} ${year}`,
      reference: null,
      code: 'wrong-counter',
      sequence: null,
      detail: `the last number given is ${lastNumber ?? 'none'}, the last document is ${found ?? 'none'}`,
    })
  }
}
