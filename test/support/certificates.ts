/** Certificates as issuing leaves them: numbered, frozen, stored. */

import { inTransaction } from '../../src/platform/db/transaction.ts'
import { storeFile } from '../../src/platform/files/files.ts'
import type { Caller, TestApp } from './app.ts'
import { aSession, publishedTraining } from './trainings.ts'

let certificates = 0

export async function aCertificate(
  preau: TestApp,
  admin: Caller,
  learner: { firstName: string; lastName: string },
  attendedMinutes: number,
): Promise<{ id: string; code: string; number: string; sha256: string }> {
  const training = await publishedTraining(admin, { title: 'Animer un atelier' })
  const session = await aSession(preau, training.id, { startsAt: '2026-01-12T08:00:00Z' })
  const { body: person } = await admin.post('/api/people', learner)
  const number = ++certificates
  const code = `0123456789ABCDEFG${String(number).padStart(3, '0')}`
  return inTransaction(preau.system, async (ctx) => {
    const now = ctx.now()
    const row = { createdAt: now, updatedAt: now }
    const enrolmentId = ctx.newId()
    await ctx.db
      .insertInto('enrolment')
      .values({ ...row, id: enrolmentId, sessionId: session.id, personId: person.id, status: 'completed' })
      .execute()
    const bytes = Buffer.from(`certificate ${number}`)
    const sha256 = await storeFile(ctx.db, { bytes, mediaType: 'application/pdf', storedAt: now })
    const id = ctx.newId()
    await ctx.db
      .insertInto('issuedDocument')
      .values({
        ...row,
        id,
        kind: 'certificate',
        year: 2026,
        number,
        sessionId: session.id,
        enrolmentId,
        personId: person.id,
        model: JSON.stringify({ learner, training: { title: training.title } }),
        templateSource: '',
        templateVersion: '1',
        attendedMinutes,
        issuedAt: now,
        verificationCode: code,
        sha256,
      })
      .execute()
    return { id, code, sha256, number: `CR-2026-${String(number).padStart(4, '0')}` }
  })
}
