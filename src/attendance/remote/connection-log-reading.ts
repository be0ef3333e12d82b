/**
 * Reads connection logs (*relevés de connexion*) as virtual rooms export them: the participants report of Zoom, the
 * attendance report of Microsoft Teams, the learning dashboard of BigBlueButton.
 */
import { decodeText } from '../../platform/csv-decoding.ts'
import { fold } from '../../platform/fold.ts'
import type { ConnectionProvider } from '../ledger/ledger-event.ts'
import { type Column, findTables, hasTotalsOnly, type Table, type TableRow } from './connection-table.ts'
import { type Clock, likelyOrder, readDuration, readTime } from './connection-times.ts'

/** One stay in the room; `line` is where the file says so. */
export type Connection = {
  line: number
  name: string
  email: string | null
  from: Temporal.Instant
  to: Temporal.Instant
  /** Less than from beginning to end where the line sums up several stays. */
  connectedSeconds: number
}

/** `reason` is in French, for the person who exported the file. */
export type LogProblem = { line: number; column: string | null; reason: string }

type ReadLog =
  | { provider: ConnectionProvider; connections: Connection[] }
  | { problems: [LogProblem, ...LogProblem[]] }

const mostRows = 20_000

/**
 * Reads UTF-8, UTF-16 (Teams) or Windows-1252 (saved again by a spreadsheet). Times without a zone are of `timeZone`;
 * the order of day and month is the one that brings them nearer to `near`. One line that cannot be read fails the whole:
 * half a log would prove that somebody left early.
 */
export function readConnectionLog(
  bytes: Uint8Array,
  { timeZone, near }: { timeZone: string; near: Temporal.Instant },
): ReadLog {
  const decoded = decodeText(inUtf8(bytes))
  if ('reason' in decoded) return failed({ line: decoded.line, column: null, reason: decoded.reason })
  const tables = tellingTables(findTables(decoded.text))
  const [table] = tables
  if (!table) return failed(whyNoTable(decoded.text))
  if (tables.some(({ rows }) => rows.length > mostRows))
    return failed({ line: 1, column: null, reason: 'le relevé a plus de 20\u202f000 lignes' })
  const read = tables.map((table) => readTable(table, timeZone, near))
  const [problem, ...others] = read.flatMap(({ problems }) => problems)
  if (problem) return failed(problem, ...others)
  return { provider: providerOf(table), connections: read.flatMap(({ connections }) => connections) }
}

function failed(...problems: [LogProblem, ...LogProblem[]]): ReadLog {
  return { problems }
}

/** Teams writes UTF-16. */
function inUtf8(bytes: Uint8Array): Uint8Array {
  const [first, second] = bytes
  if (first === 0xff && second === 0xfe) return Buffer.from(new TextDecoder('utf-16le').decode(bytes))
  if (first === 0xfe && second === 0xff) return Buffer.from(new TextDecoder('utf-16be').decode(bytes))
  return bytes
}

/** Teams gives each person’s first arrival and last departure, then every stay: the stays alone say what lies between. */
function tellingTables(tables: readonly Table[]): Table[] {
  const filled = tables.filter(({ rows }) => rows.length > 0)
  const ofStays = filled.filter(
    ({ headings, at }) => !/\b(first|premiere?)\b/.test(fold(headings[at.join ?? -1] ?? '')),
  )
  return ofStays.length > 0 ? ofStays : filled
}

function whyNoTable(text: string): LogProblem {
  const reason = hasTotalsOnly(text)
    ? 'le relevé donne une durée par personne, sans heure d’arrivée ni de départ\u202f; dans Zoom, exportez-le sans cocher «\u202fAfficher les utilisateurs uniques\u202f»'
    : 'aucune ligne de titres n’a un nom, une heure d’arrivée et une heure de départ, suivie de participants\u202f; ce n’est pas un relevé de connexion de Zoom, de Teams ou de BigBlueButton'
  return { line: 1, column: null, reason }
}

function providerOf({ at, headings, delimiter }: Table): ConnectionProvider {
  if (at.moderator !== undefined) return 'bigBlueButton'
  const isOfTeams = headings.some((heading) => /^(role|.*\bupn\b.*)$/.test(fold(heading)))
  return delimiter === '\t' || isOfTeams ? 'teams' : 'zoom'
}

function readTable(table: Table, timeZone: string, near: Temporal.Instant) {
  const isInUtc = /\butc\b/.test(fold(table.headings[table.at.join ?? -1] ?? ''))
  const zone = isInUtc ? 'UTC' : timeZone
  const rows = table.rows.filter((row) => isStay(row, table))
  const texts = rows.flatMap((row) => [cellOf(row, table, 'join'), cellOf(row, table, 'leave')])
  const clock = { timeZone: zone, order: likelyOrder(texts, zone, near) }
  const problems: LogProblem[] = []
  const connections = rows.flatMap((row) => {
    const read = readRow(row, table, clock)
    if (!('reason' in read)) return [read]
    problems.push(read)
    return []
  })
  return { connections, problems }
}

/** A dash stands for nothing. */
function cellOf({ cells }: TableRow, { at }: Table, column: Column): string {
  const cell = cells[at[column] ?? -1] ?? ''
  return /^([-–—]+|n\/[ad])$/i.test(cell) ? '' : cell
}

/** Who was registered and did not come has no time; who waited to be let in was not there yet. */
function isStay(row: TableRow, table: Table): boolean {
  const hasWaited = /^(yes|oui)$/i.test(cellOf(row, table, 'waiting'))
  return cellOf(row, table, 'join') !== '' && !hasWaited
}

/** Times are rounded to the minute here and there: a duration that is shorter by no more says nothing of its own. */
const roundingSeconds = 90

function readRow(row: TableRow, table: Table, clock: Clock): Connection | LogProblem {
  const problem = (column: Column, reason: string): LogProblem => ({
    line: row.line,
    column: table.headings[table.at[column] ?? -1] ?? null,
    reason,
  })
  const from = readTime(cellOf(row, table, 'join'), clock)
  if (!from) return problem('join', 'n’est pas une date et une heure')
  const stated = readDuration(cellOf(row, table, 'duration'))
  const left = cellOf(row, table, 'leave')
  // Exported while the room was open: somebody is still in it.
  const to = left === '' ? from.add({ seconds: stated ?? 0 }) : readTime(left, clock)
  if (!to) return problem('leave', 'n’est pas une date et une heure')
  const seconds = secondsBetween(from, to)
  if (seconds < 0) return problem('leave', 'précède l’arrivée')
  return {
    line: row.line,
    name: readable(cellOf(row, table, 'name')),
    email: emailIn(cellOf(row, table, 'email')),
    from,
    to,
    connectedSeconds: stated !== undefined && stated < seconds - roundingSeconds ? stated : seconds,
  }
}

function secondsBetween(from: Temporal.Instant, to: Temporal.Instant): number {
  return Math.round((to.epochMilliseconds - from.epochMilliseconds) / 1_000)
}

const longestName = 200

function readable(name: string): string {
  return name
    .replaceAll(/\p{Cc}+/gu, ' ')
    .slice(0, longestName)
    .toWellFormed()
    .trim()
}

function emailIn(text: string): string | null {
  const address = /[^\s@<>;,]+@[^\s@<>;,]+/.exec(text)?.[0]
  return address === undefined || address.length > 254 ? null : address.toLowerCase()
}
