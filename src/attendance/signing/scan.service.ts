/** Sheets signed on paper (*feuilles d'émargement papier*): their scans, and the signatures read off them. */
import { takesPart } from '../../enrolment/enrolment.rules.ts'
import type { SessionRow } from '../../planning/session.queries.ts'
import { findSessionTo, lockSessionTo } from '../../planning/session-access.ts'
import { accountIdOf, nothingFor, personIdOf } from '../../platform/access.ts'
import type { Ctx, TrxCtx } from '../../platform/ctx.ts'
import { inTransaction } from '../../platform/db/transaction.ts'
import { mediaTypeOf } from '../../platform/files/file-content.ts'
import { readStoredFile, sha256Hex, storeFile } from '../../platform/files/files.ts'
import type { FieldError } from '../../platform/problem.ts'
import { invalidField, invalidFields } from '../../platform/problems.ts'
import { sheetSealed } from '../attendance.problems.ts'
import { listMarks, lockEnrolments } from '../attendance.queries.ts'
import { appendEvents, ledgerTime } from '../ledger/ledger.service.ts'
import { markKey } from '../ledger/ledger-fold.ts'
import { projectMarks } from '../mark-recording.ts'
import { assertBegun } from '../slot-access.ts'
import type { Scan } from './scan.queries.ts'
import * as queries from './scan.queries.ts'
import { listSignatures, type SignatureRow } from './signature.queries.ts'
import { assertSignable, presenceEntry, projectSignatures, signatureEntry } from './signature-recording.ts'
import { signingPermissions as may } from './signing.permissions.ts'
import { notConfirmed, scanExists } from './signing.problems.ts'
import type { PaperSignaturesInput, ScanQuery } from './signing.schema.ts'

/**
 * Attaches a scan to its half-days; the paper stays the original. The same file again is the same scan. Throws 415 for what
 * is no PDF, JPEG or PNG, 422 for a broken one and for half-days of another session, 409 before they begin, once one is
 * sealed, and when the file is attached to other half-days.
 */
export async function uploadScan(
  ctx: Ctx,
  sessionId: string,
  { slotIds, originalKeptAt }: ScanQuery,
  bytes: Uint8Array,
): Promise<Scan> {
  const sha256 = sha256Hex(bytes)
  return inTransaction(ctx, async (ctx) => {
    const session = await lockSessionTo(ctx, sessionId, may['scan.upload'])
    const mediaType = mediaTypeOf(bytes)
    const known = await queries.findScanOfFile(ctx.db, sessionId, sha256)
    if (known && slotIds.every((id) => known.slotIds.includes(id))) return known
    if (known) throw scanExists({ extra: { scanId: known.id } })
    await assertScannable(ctx, session, slotIds)
    await storeFile(ctx.db, { bytes, mediaType, storedAt: ctx.now() })
    const file = { sha256, mediaType, size: bytes.byteLength }
    return record(ctx, session, { ...file, slotIds, originalKeptAt })
  })
}

async function assertScannable(ctx: TrxCtx, session: SessionRow, slotIds: readonly string[]): Promise<void> {
  const slots = await queries.listSlotsWithSeals(ctx.db, slotIds)
  const own = slots.filter((slot) => slot.sessionId === session.id)
  if (own.length < slotIds.length)
    throw invalidField('/slotIds', 'not-of-this-session', 'must name half-days of this session')
  if (own.some((slot) => slot.sealedAt)) throw sheetSealed()
  for (const slot of own) assertBegun(ctx, session, slot)
}

type NewScan = Pick<Scan, 'slotIds' | 'sha256' | 'mediaType' | 'size' | 'originalKeptAt'>

async function record(ctx: TrxCtx, session: SessionRow, file: NewScan): Promise<Scan> {
  const scanId = ctx.newId()
  const { slotIds, sha256, mediaType, size, originalKeptAt } = file
  const statement = { kind: 'scan' as const, scanId, slotIds, sha256, mediaType, size }
  const [event] = await appendEvents(
    ctx,
    session.id,
    [{ statement, payload: { originalKeptAt } }],
    'scan.upload',
  )
  if (!event) throw new Error('a scan without an event')
  const scan: Scan = {
    ...file,
    id: scanId,
    sessionId: session.id,
    uploadedAt: event.recordedAt,
    uploadedBy: accountIdOf(ctx.actor),
    eventId: event.id,
  }
  await queries.insertScan(ctx.db, scan)
  return scan
}

/** What is known of a scan. Throws 401, 403 and 404. */
export async function readScan(ctx: Ctx, id: string): Promise<Scan> {
  const scan = await queries.findScan(ctx.db, id)
  if (!scan) throw nothingFor(ctx.actor)
  await findSessionTo(ctx, scan.sessionId, may['scan.read'])
  return scan
}

/** The bytes as they were uploaded. Throws as `readScan`. */
export async function readScanFile(ctx: Ctx, id: string): Promise<{ scan: Scan; bytes: Buffer }> {
  const scan = await readScan(ctx, id)
  const file = await readStoredFile(ctx.db, scan.sha256)
  if (!file) throw new Error(`the file of scan ${id} is missing`)
  return { scan, bytes: file.bytes }
}

/**
 * Says which signatures a paper bears; who reads them signs for nobody. Who has signed already, in whatever way, stays as
 * it is. Returns the signatures of the scan's half-days. Throws 422 with pointers for half-days that the scan is not of
 * and for enrolments that are not confirmed, 409 once one is sealed.
 */
export async function readPaperSignatures(
  ctx: Ctx,
  scanId: string,
  { signatures }: PaperSignaturesInput,
): Promise<SignatureRow[]> {
  return inTransaction(ctx, async (ctx) => {
    const scan = await queries.findScan(ctx.db, scanId)
    if (!scan) throw nothingFor(ctx.actor)
    const session = await lockSessionTo(ctx, scan.sessionId, may['scan.upload'])
    const seated = await lockSeats(ctx, session, signatures)
    const errors = signatures.flatMap((one, index) => paperErrors(one, scan, seated, `/signatures/${index}`))
    if (errors.length > 0) throw invalidFields(errors)
    await recordPaper(ctx, session, scan, signatures, seated)
    return listSignatures(ctx.db, { slotIds: scan.slotIds })
  })
}

type Borne = PaperSignaturesInput['signatures']
type Seats = ReadonlyMap<string, { id: string; personId: string }>

/** Those of the enrolments that have a seat in the session, by their ids. */
async function lockSeats(ctx: TrxCtx, session: SessionRow, borne: Borne): Promise<Seats> {
  const enrolments = await lockEnrolments(
    ctx.db,
    borne.map(({ enrolmentId }) => enrolmentId),
  )
  const seated = enrolments.filter(({ sessionId, status }) => sessionId === session.id && takesPart(status))
  return new Map(seated.map((enrolment) => [enrolment.id, enrolment]))
}

function paperErrors(
  { slotId, enrolmentId }: Borne[number],
  scan: Scan,
  seated: Seats,
  pointer: string,
): FieldError[] {
  const errors: FieldError[] = []
  if (!scan.slotIds.includes(slotId))
    errors.push({
      pointer: `${pointer}/slotId`,
      code: 'not-of-this-scan',
      detail: 'is not a half-day of this scan',
    })
  if (!seated.has(enrolmentId)) errors.push(notConfirmed(`${pointer}/enrolmentId`))
  return errors
}

async function recordPaper(
  ctx: TrxCtx,
  session: SessionRow,
  scan: Scan,
  borne: Borne,
  seated: Seats,
): Promise<void> {
  const { slotIds } = scan
  const signed = new Set((await listSignatures(ctx.db, { slotIds })).map(markKey))
  const marked = new Set((await listMarks(ctx.db, { slotIds })).map(markKey))
  const slots = new Map((await queries.listSlotsWithSeals(ctx.db, slotIds)).map((slot) => [slot.id, slot]))
  const signedAt = ledgerTime(ctx)
  const handedOverBy = personIdOf(ctx.actor) ?? null
  const entries = borne.flatMap((one) => {
    const slot = slots.get(one.slotId)
    const enrolment = seated.get(one.enrolmentId)
    if (!slot || !enrolment || signed.has(markKey(one))) return []
    const isMarked = marked.has(markKey(one))
    assertSignable(ctx, session, slot, isMarked)
    const paper = { way: 'paper' as const, scanId: scan.id, strokes: null }
    return [
      signatureEntry(ctx, { ...paper, slot, enrolment, signedAt, handedOverBy }),
      ...(isMarked ? [] : [presenceEntry(session, slot, enrolment.id, signedAt)]),
    ]
  })
  const appended = await appendEvents(ctx, session.id, entries, 'scan.readSignatures')
  await projectSignatures(ctx, session, entries, appended)
  await projectMarks(ctx, session, appended, new Map())
}
