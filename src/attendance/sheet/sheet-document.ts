/** The attendance sheet on paper (*feuille d'émargement*): what it shows as of one moment, and its PDF. */
import type { Kysely } from 'kysely'
import type { Database } from '../../database.ts'
import { issuerNotSetUp } from '../../organisation/organisation.problems.ts'
import { nothingFor } from '../../platform/access.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { inSnapshot } from '../../platform/db/snapshot.ts'
import { entityTag } from '../../platform/http/etag.ts'
import { nothingToPrint } from './sheet.problems.ts'
import { readSheet } from './sheet.service.ts'
import * as queries from './sheet-document.queries.ts'
import { sheetModelOf } from './sheet-document.rules.ts'

export type SheetWanted = {
  /** One half-day instead of the whole session. */
  slotId?: string | undefined
  /** To be printed and signed by hand. */
  isBlank: boolean
}

/** A sheet that is ready to be drawn; `tag` is another as soon as its bytes would be. */
type PreparedSheet = { name: string; tag: string; draw: () => Promise<Uint8Array> }

/**
 * The sheet of a session as it stands. A constant number of statements, all of one moment. Throws 404 when the half-day
 * is not one of the session; 409 before the organisation is described, and on a session without half-days.
 */
export async function prepareSheet(ctx: Ctx, sessionId: string, wanted: SheetWanted): Promise<PreparedSheet> {
  const { sheet, ...rows } = await inSnapshot(ctx.db, async (db) => ({
    sheet: await readSheet({ ...ctx, db }, sessionId),
    ...(await readRows(db, sessionId, wanted.slotId)),
  }))
  const { issuer } = rows
  if (!issuer) throw issuerNotSetUp()
  if (wanted.slotId !== undefined && !rows.slots.some(({ id }) => id === wanted.slotId))
    throw nothingFor(ctx.actor)
  if (rows.slots.length === 0) throw nothingToPrint()
  const model = sheetModelOf({
    ...{ ...rows, issuer, sheet, wanted },
    ...{ now: ctx.now(), baseUrl: ctx.baseUrl },
  })
  return {
    name: fileNameOf(model.session.reference),
    tag: entityTag(JSON.stringify(model)),
    draw: async () => {
      // Loaded at the first sheet: a process that prints none starts without pdfkit.
      const { drawAttendanceSheet } = await import('../../documents/attendance-sheet.ts')
      return drawAttendanceSheet(model)
    },
  }
}

export type SheetRows = Awaited<ReturnType<typeof readRows>>

async function readRows(db: Kysely<Database>, sessionId: string, slotId: string | undefined) {
  return {
    issuer: await queries.findIssuer(db),
    session: await queries.findPrintedSession(db, sessionId),
    funders: await queries.listFunders(db, sessionId),
    slots: await queries.listPrintedSlots(db, sessionId),
    enrolments: await queries.listEnrolmentFacts(db, sessionId),
    expected: await queries.listExpected(db, sessionId),
    signatures: await queries.listDrawnSignatures(db, sessionId),
    countersignatures: await queries.listDrawnCountersignatures(db, sessionId),
    scans: await queries.listPrintedScans(db, sessionId),
    attended: await queries.listAttendedMinutes(db, { sessionId, slotId }),
    ledger: await queries.findLedgerEnd(db, sessionId),
  }
}

/** What people call the session, in letters that every system takes in the name of a file. */
function fileNameOf(reference: string): string {
  const plain = reference.normalize('NFD').replaceAll(/[^\w-]+/g, '')
  return `emargement-${plain || 'session'}.pdf`
}
