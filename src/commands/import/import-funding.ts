/** Funding lines, from the file of funding: beside those that stand, which it completes and corrects. */
import type { FundingTarget } from '../../enrolment/funding.queries.ts'
import { payerKind } from '../../enrolment/funding.rules.ts'
import { type FundingLineRow, listFundingLinesOfSessions } from '../../enrolment/funding-in-bulk.queries.ts'
import {
  contentOf,
  type FundingChanges,
  type FundingContent,
  writeFundingLines,
} from '../../enrolment/funding-in-bulk.ts'
import { ensureClients } from '../../organisation/clients-in-bulk.ts'
import type { TrxCtx } from '../../platform/ctx.ts'
import { fold } from '../../platform/fold.ts'
import { quoted } from './cells.ts'
import type { FundingRow } from './funding.csv.ts'
import { matchFunding } from './funding-matching.ts'
import type { EnrolmentOfSession } from './import.queries.ts'
import * as queries from './import.queries.ts'
import { certain, type Run } from './import-run.ts'
import type { Line } from './rows.ts'

/** A line of the file and whose it is: an enrolment's, or the session's own. */
type Entry = FundingTarget & { row: Line<FundingRow> }

export async function bringFunding(ctx: TrxCtx, rows: readonly Line<FundingRow>[], run: Run): Promise<void> {
  const sessions = await queries.lockSessions(
    ctx.db,
    rows.map((row) => row.session),
  )
  const sessionIds = sessions.map((session) => session.id)
  const entries = findTargets(rows, sessions, await queries.listEnrolmentsOfSessions(ctx.db, sessionIds), run)
  refuseRepeats(entries, run)
  if (run.problems.length > 0) return
  const claims = await withPayers(ctx, entries, run)
  const changes = compare(claims, await listFundingLinesOfSessions(ctx.db, sessionIds))
  await writeFundingLines(ctx, changes)
  run.created += changes.added.length
  run.updated += changes.changed.length
  run.unchanged += rows.length - changes.added.length - changes.changed.length
  run.progress(rows.length)
}

function findTargets(
  rows: readonly Line<FundingRow>[],
  sessions: readonly { id: string; reference: string }[],
  enrolments: readonly EnrolmentOfSession[],
  run: Run,
): Entry[] {
  const byReference = new Map(sessions.map((session) => [session.reference.toLowerCase(), session.id]))
  const bySession = Map.groupBy(enrolments, (enrolment) => enrolment.sessionId)
  return rows.flatMap((row): Entry[] => {
    const sessionId = byReference.get(row.session.toLowerCase())
    if (sessionId === undefined) {
      run.refuse(row.line, 'session', `session ${quoted(row.session)} inconnue`)
      return []
    }
    if (row.learner === null) return [{ row, sessionId, enrolmentId: null }]
    const found = findLearner(row.learner, bySession.get(sessionId) ?? [])
    if ('reason' in found) run.refuse(row.line, found.column, found.reason)
    return 'reason' in found ? [] : [{ row, sessionId, enrolmentId: found.enrolmentId }]
  })
}

type Found = { enrolmentId: string } | { column: string; reason: string }

/** By address, else by name; whoever took part goes before whose enrolment was refused or cancelled. */
function findLearner(
  { email, firstName, lastName }: NonNullable<FundingRow['learner']>,
  enrolments: readonly EnrolmentOfSession[],
): Found {
  const name = fold(`${firstName ?? ''} ${lastName ?? ''}`)
  const isNamed = (one: EnrolmentOfSession) => fold(`${one.firstName} ${one.lastName}`) === name
  const hasAddress = (one: EnrolmentOfSession) =>
    email !== null && [one.email, one.accountEmail].some((own) => own?.toLowerCase() === email.toLowerCase())
  const isWithoutAddress = (one: EnrolmentOfSession) => one.email === null && one.accountEmail === null
  const byAddress = enrolments.filter(hasAddress)
  const byBoth = byAddress.filter(isNamed)
  const byName = enrolments.filter((one) => isNamed(one) && (email === null || isWithoutAddress(one)))
  const meant = [byBoth, byAddress, byName].find((some) => some.length > 0) ?? []
  const live = meant.filter((one) => one.status !== 'refused' && one.status !== 'cancelled')
  const candidates = live.length > 0 ? live : meant.slice(-1)
  const [only] = candidates
  const column = email === null ? 'nom' : 'email'
  const who = quoted(email ?? `${firstName ?? ''} ${lastName ?? ''}`.trim())
  if (!only) return { column, reason: `${who} n’est pas inscrit à cette session` }
  if (candidates.length > 1)
    return { column, reason: `${who} peut être plusieurs stagiaires de cette session` }
  return { enrolmentId: only.id }
}

/** One invoice for the same learner, named by address on one line and by name on another, is there twice. */
function refuseRepeats(entries: readonly Entry[], run: Run): void {
  const lines = new Map<string, number>()
  for (const { row, sessionId, enrolmentId } of entries) {
    if (row.invoiceNumber === null) continue
    const key = [sessionId, enrolmentId, fold(row.invoiceNumber), row.source, row.amountCents].join('|')
    const first = lines.get(key)
    if (first === undefined) lines.set(key, row.line)
    else run.refuse(row.line, 'no_facture', `déjà à la ligne ${first}`)
  }
}

type Claim = FundingTarget & { content: FundingContent }

/** A payer by name is a client, made when new, of the kind that the source implies. */
async function withPayers(ctx: TrxCtx, entries: readonly Entry[], run: Run): Promise<Claim[]> {
  const payers = entries.flatMap(({ row: { line, payer, source } }) =>
    payer ? [{ line, ...payer, kind: payerKind[source] }] : [],
  )
  const { clients, created } = await ensureClients(ctx, payers)
  run.also('clients', created)
  const clientIds = new Map(payers.map(({ line }, index) => [line, clients[index]?.id ?? null]))
  return entries.map(({ row, sessionId, enrolmentId }) => ({
    sessionId,
    enrolmentId,
    content: contentOf({ ...row, clientId: clientIds.get(row.line) ?? null }),
  }))
}

function compare(claims: readonly Claim[], standing: readonly FundingLineRow[]): FundingChanges {
  const targetOf = (target: FundingTarget) => `${target.sessionId} ${target.enrolmentId}`
  const standingOf = Map.groupBy(standing, targetOf)
  const added: FundingChanges['added'][number][] = []
  const changed: FundingChanges['changed'][number][] = []
  for (const [target, ofTarget] of Map.groupBy(claims, targetOf)) {
    const wanted = ofTarget.map(({ content }) => content)
    for (const [index, match] of matchFunding(standingOf.get(target) ?? [], wanted).entries()) {
      const { content: _, ...owner } = certain(ofTarget[index], 'a funding line')
      if (!match.standing) added.push({ ...owner, ...match.after })
      else if (JSON.stringify(contentOf(match.standing)) !== JSON.stringify(match.after))
        changed.push({ before: match.standing, after: match.after })
    }
  }
  return { added, changed }
}
