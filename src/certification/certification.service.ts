import { listAddenda } from '../attendance/sheet/sheet.service.ts'
import { findSessionTo } from '../planning/session-access.ts'
import {
  accountIdOf,
  assertAccount,
  authorise,
  authoriseOn,
  nothingFor,
  type Relation,
} from '../platform/access.ts'
import { audit } from '../platform/audit/audit.ts'
import type { Ctx, TrxCtx } from '../platform/ctx.ts'
import { isDatabaseAway } from '../platform/db/pool.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import { readStoredFile } from '../platform/files/files.ts'
import type { Page, PageQuery } from '../platform/http/pagination.ts'
import { notFound } from '../platform/problems.ts'
import { certificationPermissions as may } from './certification.permissions.ts'
import { alreadyRevoked } from './certification.problems.ts'
import type { Certificate } from './certification.queries.ts'
import * as queries from './certification.queries.ts'
import { addendaSince, numberLabel, type OutdatingAddendum, readCode } from './certification.rules.ts'
import { listUnfinished } from './issuing.queries.ts'
import { finishDocument, type Issued, numberAndFreeze } from './issuing.ts'

/**
 * The first step of issuing what is missing for a closed session; `finishIssuing` is the second. Throws 409 while the
 * session is not closed or the organisation not described.
 */
export async function numberCertificates(ctx: Ctx, sessionId: string): Promise<Issued> {
  return inTransaction(ctx, (ctx) => numberAndFreeze(ctx, sessionId))
}

/**
 * Issues what is missing for a closed session. What was numbered stands even when drawing it fails: it is drawn when
 * it is next asked for, or at the next start, with the same number and code.
 */
export async function issueCertificates(ctx: Ctx, sessionId: string): Promise<Issued> {
  const issued = await numberCertificates(ctx, sessionId)
  await finishIssuing(ctx, sessionId)
  return issued
}

/**
 * Draws every document, or those of one session, that was numbered and frozen but not drawn: issuing cut off between
 * its two steps is mended with the same numbers. One that cannot be drawn is logged and does not hold up the others;
 * returns how many were finished and which failed.
 */
export async function finishIssuing(
  ctx: Ctx,
  sessionId?: string,
): Promise<{ finished: number; failed: string[] }> {
  const ids = await listUnfinished(ctx.db, sessionId)
  const failed: string[] = []
  for (const id of ids) {
    try {
      await finishDocument(ctx, id)
    } catch (error) {
      if (isDatabaseAway(error)) throw error
      ctx.log.error({ err: error, documentId: id, requestId: ctx.requestId }, 'a document cannot be drawn')
      failed.push(id)
    }
  }
  return { finished: ids.length - failed.length, failed }
}

/** A certificate with the corrections of sealed half-days that made it outdated. */
export type CertificateView = Certificate & { outdatedBy: OutdatingAddendum[] }

/** For the holder, the ambassador of the chapter and admins. Throws 404 on anyone else's. */
export async function readCertificate(ctx: Ctx, id: string): Promise<CertificateView> {
  return view(ctx, await findFor(ctx, id, may['certificate.read']))
}

/** What is not yours looks as if it did not exist. */
async function findFor(ctx: Ctx | TrxCtx, id: string, act: readonly Relation[]): Promise<Certificate> {
  const certificate = await queries.findCertificate(ctx.db, id)
  if (!certificate) throw nothingFor(ctx.actor)
  const subject = { personIds: [certificate.personId], chapterId: certificate.chapterId }
  authoriseOn(ctx.actor, subject, { act, see: may['certificate.read'] })
  return certificate
}

type CertificateFile = { name: string; bytes: Buffer; sha256: string }

/** The PDF: the same bytes for ever. One whose drawing was cut off is drawn now. */
export async function readCertificatePdf(ctx: Ctx, id: string): Promise<CertificateFile> {
  const certificate = await findFor(ctx, id, may['certificate.read'])
  const sha256 = certificate.sha256 ?? (await finishDocument(ctx, id))
  const file = await readStoredFile(ctx.db, sha256)
  if (!file) throw notFound()
  return { name: `certificat-${numberLabel(certificate)}.pdf`, bytes: file.bytes, sha256 }
}

/** Revoked once and for ever; a new one is issued with a new number. Throws 409 when it was revoked before. */
export async function revokeCertificate(ctx: Ctx, id: string, reason: string): Promise<CertificateView> {
  return inTransaction(ctx, async (ctx) => {
    await findFor(ctx, id, may['certificate.revoke'])
    const isRevoked = await queries.revokeCertificate(ctx.db, id, {
      revokedAt: ctx.now(),
      revokedBy: accountIdOf(ctx.actor),
      revokedReason: reason,
    })
    if (!isRevoked) throw alreadyRevoked()
    await audit(ctx, {
      action: 'certificate.revoke',
      subject: { kind: 'certificate', id },
      changes: { revokedReason: 'redacted' },
    })
    return view(ctx, await findFor(ctx, id, may['certificate.revoke']))
  })
}

/** All certificates of a session, also revoked ones, in the order of their numbers. */
export async function listSessionCertificates(
  ctx: Ctx,
  sessionId: string,
  query: PageQuery,
): Promise<Page<CertificateView>> {
  await findSessionTo(ctx, sessionId, may['certificate.list'])
  return viewPage(ctx, await queries.listCertificates(ctx.db, { sessionId }, query))
}

/** The actor's own, revoked ones too, in the order of their numbers. */
export async function listOwnCertificates(ctx: Ctx, query: PageQuery): Promise<Page<CertificateView>> {
  authorise(ctx.actor, may['certificate.listOwn'])
  const { personId } = assertAccount(ctx.actor)
  return viewPage(ctx, await queries.listCertificates(ctx.db, { personId }, query))
}

async function view(ctx: Ctx | TrxCtx, certificate: Certificate): Promise<CertificateView> {
  const outdatedBy = await addendaAfter(ctx, [certificate])
  return { ...certificate, outdatedBy: outdatedBy(certificate) }
}

async function viewPage(ctx: Ctx, page: Page<Certificate>): Promise<Page<CertificateView>> {
  const outdatedBy = await addendaAfter(ctx, page.items)
  return { ...page, items: page.items.map((one) => ({ ...one, outdatedBy: outdatedBy(one) })) }
}

/** Which addenda made these certificates outdated: one statement for all of them, and none where none is. */
async function addendaAfter(ctx: Ctx | TrxCtx, certificates: readonly Certificate[]) {
  const sessionIds = new Set(certificates.filter((one) => one.outdated).map((one) => one.sessionId))
  const addenda = sessionIds.size > 0 ? await listAddenda(ctx.db, [...sessionIds]) : []
  return (certificate: Certificate) => (certificate.outdated ? addendaSince(certificate, addenda) : [])
}

export type Verification = {
  /** False once revoked. */
  valid: boolean
  number: string
  holder: string
  training: string
  attendedMinutes: number
  issuedAt: Temporal.Instant
  revokedAt: Temporal.Instant | null
  /** Of the PDF, for who holds one and wants to compare. */
  sha256: string
}

/** What anyone who holds a certificate may check, as it stood at issue. An unknown code: 404. */
export async function verifyCertificate(ctx: Ctx, code: string): Promise<Verification> {
  authorise(ctx.actor, may['certificate.verify'])
  const certificate = await queries.findCertificateByCode(ctx.db, readCode(code))
  if (!certificate) throw notFound()
  const { holder, training, attendedMinutes, issuedAt, revokedAt } = certificate
  return {
    valid: revokedAt === null,
    number: numberLabel(certificate),
    holder,
    training,
    attendedMinutes,
    issuedAt,
    revokedAt,
    sha256: certificate.sha256 ?? (await finishDocument(ctx, certificate.id)),
  }
}
