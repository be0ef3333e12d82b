/** The two steps of issuing: number and freeze in one transaction, then draw, which can be done again at any time. */

import { loadTemplate, renderDocument } from '../documents/render.ts'
import { issuerNotSetUp } from '../organisation/organisation.problems.ts'
import { lockSessionTo } from '../planning/session-access.ts'
import { accountIdOf } from '../platform/access.ts'
import { audit, auditAll } from '../platform/audit/audit.ts'
import type { Ctx, TrxCtx } from '../platform/ctx.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import { storeFile } from '../platform/files/files.ts'
import { randomCode } from '../platform/ids.ts'
import { certificationPermissions as may } from './certification.permissions.ts'
import { sessionNotClosed } from './certification.problems.ts'
import {
  type AttendedMinutes,
  type Candidate,
  type CertifiedSession,
  certificateModelOf,
  type Issuer,
  numberLabel,
  totalMinutes,
  whyRefused,
} from './certification.rules.ts'
import type { RefusalCode } from './certification.schema.ts'
import * as queries from './issuing.queries.ts'

export type Issued = {
  issued: { id: string; enrolmentId: string; number: string; verificationCode: string }[]
  refused: { enrolmentId: string; code: RefusalCode }[]
}

/** 100 random bits: nobody finds a certificate by trying codes. */
const codeLength = 20

/**
 * Step one: numbers and freezes a certificate for each learner of a closed session who attended and has no valid one.
 * Throws 409 while the session is not closed or the organisation not described.
 */
export async function numberAndFreeze(ctx: TrxCtx, sessionId: string): Promise<Issued> {
  // Loaded at the first certificate, and before any lock: fonts take a while.
  const { missingGlyphs } = await import('../documents/fonts.ts')
  const session = await lockSessionTo(ctx, sessionId, may['certificate.issue'])
  if (session.status !== 'closed') throw sessionNotClosed()
  const issuer = await queries.findIssuer(ctx.db)
  if (!issuer) throw issuerNotSetUp()
  const candidates = await queries.listCandidates(ctx.db, sessionId)
  const attended = await queries.attendedMinutesByKind(ctx.db, sessionId)
  const waiting = await queries.enrolmentsWaitingForSeals(ctx.db, sessionId)
  const isPrintable = (text: string) => missingGlyphs(text).length === 0
  const refused: Issued['refused'] = []
  const certified: Certified[] = []
  for (const candidate of candidates) {
    const minutes = attended.get(candidate.enrolmentId) ?? {}
    const waitsForSeals = waiting.has(candidate.enrolmentId)
    const code = whyRefused(candidate, minutes, { isPrintable, waitsForSeals })
    if (code) refused.push({ enrolmentId: candidate.enrolmentId, code })
    else certified.push({ candidate, attended: minutes })
  }
  return { issued: certified.length > 0 ? await freeze(ctx, sessionId, issuer, certified) : [], refused }
}

type Certified = { candidate: Candidate; attended: AttendedMinutes }

/** Numbers follow the order of the learners; replaced certificates point at the new ones. */
async function freeze(
  ctx: TrxCtx,
  sessionId: string,
  issuer: Issuer,
  certified: readonly Certified[],
): Promise<Issued['issued']> {
  const session = await queries.findCertifiedSession(ctx.db, sessionId)
  // To the millisecond, as the model writes it and PostgreSQL keeps it.
  const issuedAt = ctx.now().round({ smallestUnit: 'millisecond', roundingMode: 'trunc' })
  const { year } = issuedAt.toZonedDateTimeISO(issuer.timeZone)
  const issue = { sessionId, session, issuer, issuedAt, year, template: loadTemplate('certificate') }
  const first = await queries.takeNumbers(ctx.db, 'certificate', year, certified.length)
  const documents = certified.map((one, index) => frozenDocument(ctx, issue, one, first + index))
  await queries.insertDocuments(ctx.db, documents)
  await queries.linkReplacements(
    ctx.db,
    documents.map(({ id }) => id),
    issuedAt,
  )
  const issued = documents.map(({ id, enrolmentId, number, verificationCode }) => ({
    id,
    enrolmentId,
    number: numberLabel({ year, number }),
    verificationCode,
  }))
  await auditAll(
    ctx,
    issued.map(({ id, enrolmentId, number }) => ({
      action: 'certificate.issue',
      subject: { kind: 'certificate', id },
      changes: { enrolmentId, number },
    })),
  )
  return issued
}

/** What the certificates of one issue share. */
type Issue = {
  sessionId: string
  session: CertifiedSession
  issuer: Issuer
  issuedAt: Temporal.Instant
  year: number
  template: ReturnType<typeof loadTemplate>
}

/** The row of a certificate: all that drawing it will need, whatever becomes of person, session and template. */
function frozenDocument(ctx: TrxCtx, issue: Issue, { candidate, attended }: Certified, number: number) {
  const { sessionId, session, issuer, issuedAt, year, template } = issue
  const code = randomCode(codeLength)
  const model = certificateModelOf({
    number: numberLabel({ year, number }),
    issuedAt,
    issuer,
    session,
    candidate,
    attended,
    verification: { code, url: `${ctx.baseUrl}/verify/${code}` },
  })
  return {
    id: ctx.newId(),
    createdAt: issuedAt,
    updatedAt: issuedAt,
    kind: 'certificate' as const,
    year,
    number,
    sessionId,
    enrolmentId: candidate.enrolmentId,
    personId: candidate.personId,
    model: JSON.stringify(model),
    templateSource: template.source,
    templateVersion: template.version,
    attendedMinutes: totalMinutes(attended),
    issuedAt,
    issuedBy: accountIdOf(ctx.actor),
    verificationCode: code,
  }
}

/**
 * Step two for one document: draws it from what was frozen and stores its bytes; returns their SHA-256. Drawn
 * before: nothing happens. The same model and template give the same bytes, so it does not matter who comes first.
 */
export async function finishDocument(ctx: Ctx, id: string): Promise<string> {
  const { kind, model, templateSource, sha256 } = await queries.findFrozenDocument(ctx.db, id)
  if (sha256 !== null) return sha256
  const { bytes } = await renderDocument({ kind, templateSource, model })
  const now = ctx.now()
  return inTransaction(ctx, async (ctx) => {
    const stored = await storeFile(ctx.db, { bytes, mediaType: 'application/pdf', storedAt: now })
    const isFirst = await queries.setDocumentBytes(ctx.db, id, { sha256: stored, updatedAt: now })
    if (isFirst)
      await audit(ctx, {
        action: 'certificate.draw',
        subject: { kind: 'certificate', id },
        changes: { sha256: stored },
      })
    return stored
  })
}
