import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { finishIssuing, issueCertificates } from '../../src/certification/certification.service.ts'
import { numberAndFreeze } from '../../src/certification/issuing.ts'
import { inTransaction } from '../../src/platform/db/transaction.ts'
import { seal, sealSlot, signAll } from '../attendance/sealing-world.ts'
import { type Caller, type TestApp, testApp, testAppForOneTest } from '../support/app.ts'
import {
  addChapter,
  addLearners,
  addSession,
  closeSession,
  describeOrganisation,
  type SessionFacts,
  type WorldSession,
} from '../support/world.ts'
import { heldSession } from './held-session.ts'

let app: TestApp
let admin: Caller

beforeAll(async () => {
  app = await testApp({ now: '2026-03-10T12:00:00Z', maxConnections: 22 })
  admin = await app.signIn('admin')
  await describeOrganisation(app)
})
afterAll(() => app.close())

const issue = (who: Caller, { id }: WorldSession) => who.post(`/api/sessions/${id}/certificates`)
const held = (facts?: SessionFacts, marks?: (string | number)[][]) => heldSession(app, admin, facts, marks)
const documentsOf = ({ id }: WorldSession, of = app) =>
  of.deps.db
    .selectFrom('issuedDocument')
    .selectAll()
    .where('sessionId', '=', id)
    .orderBy('year')
    .orderBy('number')
    .execute()

/** The numbers of a year, all sessions together. */
async function numbersOf(year: number, of = app): Promise<number[]> {
  const rows = await of.deps.db
    .selectFrom('issuedDocument')
    .select('number')
    .where('year', '=', year)
    .orderBy('number')
    .execute()
  return rows.map((row) => row.number)
}
const upTo = (last: number) => Array.from({ length: last }, (_, index) => index + 1)

describe('issuing certificates', () => {
  it('gives each learner who attended a number, a code and stored bytes, by name', async () => {
    const session = await held({ learners: [{ lastName: 'Zola' }, { lastName: 'Ernaux' }] })
    const before = (await numbersOf(2026)).length
    const { status, body } = await issue(admin, session)
    expect(status).toBe(200)
    const label = (place: number) => `CR-2026-${String(before + place).padStart(4, '0')}`
    expect(body).toEqual({
      issued: [
        { enrolmentId: session.learners[1]?.enrolmentId, number: label(1) },
        { enrolmentId: session.learners[0]?.enrolmentId, number: label(2) },
      ].map((one) => ({ ...one, id: expect.any(String), verificationCode: expect.any(String) })),
      refused: [],
    })
    for (const { verificationCode } of body.issued)
      expect(verificationCode).toMatch(/^[0-9A-HJKMNP-TV-Z]{20}$/)
    for (const { sha256 } of await documentsOf(session)) expect(sha256).toMatch(/^[0-9a-f]{64}$/)
  })

  it('issues only what is missing when asked again', async () => {
    const session = await held({ learners: 2 })
    expect((await issue(admin, session)).body.issued).toHaveLength(2)
    expect((await issue(admin, session)).body).toEqual({ issued: [], refused: [] })
    const [late] = await addLearners(app, session.id, [{ lastName: 'Retardataire', status: 'completed' }])
    await admin.put(`/api/slots/${session.slots[0]?.id}/attendance`, {
      marks: [{ enrolmentId: late?.enrolmentId, status: 'present' }],
      reason: 'Oubliée sur la feuille',
    })
    expect((await issue(admin, session)).body.issued).toMatchObject([{ enrolmentId: late?.enrolmentId }])
    expect(await documentsOf(session)).toHaveLength(3)
  })

  it('waits for every half-day that a learner is marked in to be sealed, where the organisation says so', async () => {
    const trainer = await app.signIn('trainer')
    const session = await addSession(app, { trainer, learners: [{}, { status: 'abandoned' }] })
    const [first, abandoned] = session.learners.map(({ enrolmentId }) => enrolmentId)
    await admin.put(`/api/slots/${session.slots[0]?.id}/attendance`, {
      marks: [{ enrolmentId: abandoned, status: 'present' }],
    })
    const seated = { ...session, learners: session.learners.slice(0, 1) }
    await sealSlot(trainer, seated)
    await signAll(trainer, seated, 1)
    await closeSession(app, session.id)
    await describeOrganisation(app, { certificatesNeedSeals: true })
    const waiting = await issue(admin, session)
    expect(waiting.body.refused).toEqual([{ enrolmentId: first, code: 'certification/not-sealed' }])
    expect(waiting.body.issued).toMatchObject([{ enrolmentId: abandoned }])
    await seal(trainer, session, 1)
    expect((await issue(admin, session)).body).toMatchObject({
      issued: [{ enrolmentId: first }],
      refused: [],
    })
    await describeOrganisation(app, { certificatesNeedSeals: false })
    expect((await issue(admin, await held({ learners: 1 }))).body.refused).toEqual([])
  })

  it('refuses who attended no minute and whose name cannot be printed, and issues the others', async () => {
    const session = await held(
      {
        learners: [
          { lastName: 'Absente' },
          { lastName: '王小明' },
          { lastName: 'Nguyễn' },
          { lastName: 'Employé', traineeType: 'privateEmployee', employer: '株式会社' },
          { lastName: 'Indépendant', traineeType: 'selfFunded', employer: '株式会社' },
        ],
      },
      [['absent'], ['absent']],
    )
    const { body } = await issue(admin, session)
    const ids = session.learners.map((learner) => learner.enrolmentId)
    expect(body.refused).toHaveLength(3)
    expect(body.refused).toEqual(
      expect.arrayContaining([
        { enrolmentId: ids[0], code: 'certification/no-attendance' },
        { enrolmentId: ids[1], code: 'certification/unprintable-name' },
        { enrolmentId: ids[3], code: 'certification/unprintable-name' },
      ]),
    )
    expect(new Set(body.issued.map((one: { enrolmentId: string }) => one.enrolmentId))).toEqual(
      new Set([ids[2], ids[4]]),
    )
  })

  it('certifies who abandoned for what they attended, and nobody who cancelled', async () => {
    const session = await addSession(app, {
      learners: [{ status: 'confirmed' }, { status: 'confirmed' }, { status: 'confirmed' }],
    })
    await admin.put(`/api/slots/${session.slots[0]?.id}/attendance`, {
      marks: session.learners.map(({ enrolmentId }) => ({ enrolmentId, status: 'present' })),
    })
    const become = (learner: number, status: 'abandoned' | 'cancelled') =>
      app.deps.db
        .updateTable('enrolment')
        .set({ status })
        .where('id', '=', session.learners[learner]?.enrolmentId ?? '')
        .execute()
    await become(0, 'abandoned')
    await become(1, 'cancelled')
    await closeSession(app, session.id)
    const { body } = await issue(admin, session)
    expect(body.issued.map((one: { enrolmentId: string }) => one.enrolmentId)).toEqual([
      session.learners[0]?.enrolmentId,
      session.learners[2]?.enrolmentId,
    ])
    expect((await documentsOf(session)).map((document) => document.attendedMinutes)).toEqual([210, 210])
  })

  it.each(['draft', 'open', 'cancelled'] as const)('waits while the session is %s', async (status) => {
    const session = await addSession(app, { status })
    const answer = await issue(admin, session)
    expect([answer.status, answer.body.code]).toEqual([409, 'certification/session-not-closed'])
  })

  it('needs an organisation to issue in the name of', async () => {
    const empty = await testAppForOneTest({ now: '2026-03-10T12:00:00Z' })
    const admin = await empty.signIn('admin')
    const session = await heldSession(empty, admin)
    const answer = await issue(admin, session)
    expect([answer.status, answer.body.code]).toEqual([409, 'organisation/not-set-up'])
    expect(await documentsOf(session, empty)).toEqual([])
  })

  it('is done by the ambassador of the chapter and by admins', async () => {
    const chapterId = await addChapter(app)
    const [learner, trainer] = [await app.signIn(), await app.signIn('trainer')]
    const session = await held({ chapterId, trainer, learners: [{ personId: learner.personId }] })
    const other = await app.signIn({ role: 'ambassador', chapterId: await addChapter(app) })
    const ambassador = await app.signIn({ role: 'ambassador', chapterId })
    const statuses = []
    for (const who of [app.anonymous, await app.signIn(), other, learner, trainer, ambassador, admin])
      statuses.push((await issue(who, session)).status)
    expect(statuses).toEqual([401, 404, 404, 403, 403, 200, 200])
  })

  it('stands in the audit, once per certificate', async () => {
    const session = await held({ learners: 2 })
    const { body } = await issue(admin, session)
    const entries = await app.deps.db
      .selectFrom('auditEntry')
      .select(['subjectId', 'actorAccountId', 'changes'])
      .where('action', '=', 'certificate.issue')
      .where(
        'subjectId',
        'in',
        body.issued.map((one: { id: string }) => one.id),
      )
      .orderBy('sequence')
      .execute()
    expect(entries).toEqual(
      body.issued.map((one: { id: string; enrolmentId: string; number: string }) => ({
        subjectId: one.id,
        actorAccountId: admin.accountId,
        changes: { enrolmentId: one.enrolmentId, number: one.number },
      })),
    )
  })

  it('takes as many statements to number 40 certificates as to number 10', async () => {
    const cost = async (learners: number) => {
      const session = await held({ learners, slots: ['2026-03-02 09:00-12:00'] })
      return app.countQueries(() => inTransaction(app.system, (ctx) => numberAndFreeze(ctx, session.id)))
    }
    const [few, many] = [await cost(10), await cost(40)]
    expect(many).toBe(few)
    await finishIssuing(app.system)
  })
})

describe('numbers', () => {
  it('follow the civil year in the organisation’s own time zone', async () => {
    const overseas = await testAppForOneTest({ now: '2026-12-31T20:30:00Z' })
    await describeOrganisation(overseas, { timeZone: 'Indian/Reunion' })
    const admin = await overseas.signIn('admin')
    const { body } = await issue(admin, await heldSession(overseas, admin, { learners: 1 }))
    expect(body.issued[0].number).toBe('CR-2027-0001')
    overseas.setNow('2026-12-31T19:59:59Z')
    const earlier = await issue(admin, await heldSession(overseas, admin, { learners: 1 }))
    expect(earlier.body.issued[0].number).toBe('CR-2026-0001')
  })

  it('have no gap and no double when twenty admins issue for one session at once', async () => {
    const own = await testAppForOneTest({ now: '2026-03-10T12:00:00Z', maxConnections: 22 })
    await describeOrganisation(own)
    const admins = [await own.signIn('admin'), await own.signIn('admin')]
    const session = await heldSession(own, admins[0]!, { learners: 6 })
    const answers = await Promise.all(upTo(20).map((call) => issue(admins[call % 2]!, session)))
    expect(answers.map((answer) => answer.status)).toEqual(Array(20).fill(200))
    const issued = answers.flatMap((answer) => answer.body.issued)
    expect(new Set(issued.map((one) => one.enrolmentId)).size).toBe(6)
    expect(issued).toHaveLength(6)
    expect(await numbersOf(2026, own)).toEqual(upTo(6))
    for (const { sha256 } of await documentsOf(session, own)) expect(sha256).not.toBeNull()
  })

  it('have no gap and no double when twenty sessions are issued at once, and some of them fail', async () => {
    const own = await testAppForOneTest({ now: '2026-03-10T12:00:00Z', maxConnections: 22 })
    await describeOrganisation(own)
    const admin = await own.signIn('admin')
    const sessions = []
    for (const _ of upTo(20)) sessions.push(await heldSession(own, admin, { learners: 2 }))
    await Promise.all(
      sessions.map((session, index) =>
        index % 4 === 0
          ? inTransaction(own.system, async (ctx) => {
              await numberAndFreeze(ctx, session.id)
              throw new Error('cut off')
            }).catch((error) => expect(error.message).toBe('cut off'))
          : issue(admin, session),
      ),
    )
    expect(await numbersOf(2026, own)).toEqual(upTo(30))
    for (const session of sessions) await issue(admin, session)
    expect(await numbersOf(2026, own)).toEqual(upTo(40))
  })
})

describe('issuing cut off between its two steps', () => {
  const numberOnly = (session: WorldSession) =>
    inTransaction(app.system, (ctx) => numberAndFreeze(ctx, session.id))

  it('is mended at the next start with the same numbers and codes', async () => {
    const session = await held({ learners: 3 })
    const { issued } = await numberOnly(session)
    const frozen = await documentsOf(session)
    expect(frozen.map((document) => document.sha256)).toEqual([null, null, null])
    expect(await finishIssuing(app.system)).toEqual({ finished: 3, failed: [] })
    const finished = await documentsOf(session)
    expect(
      finished.map(({ id, number, verificationCode, model }) => [id, number, verificationCode, model]),
    ).toEqual(frozen.map(({ id, number, verificationCode, model }) => [id, number, verificationCode, model]))
    expect(finished.map((document) => document.verificationCode)).toEqual(
      issued.map((one) => one.verificationCode),
    )
    for (const { sha256 } of finished) expect(sha256).not.toBeNull()
    expect(await finishIssuing(app.system)).toEqual({ finished: 0, failed: [] })
  })

  it('is mended by issuing again, which gives no second certificate', async () => {
    const session = await held({ learners: 2 })
    await numberOnly(session)
    expect((await issue(admin, session)).body.issued).toEqual([])
    const documents = await documentsOf(session)
    expect(documents).toHaveLength(2)
    for (const { sha256 } of documents) expect(sha256).not.toBeNull()
  })

  it('is mended for the one who comes to download or verify', async () => {
    const session = await held({ learners: 2 })
    const { issued } = await numberOnly(session)
    const pdf = await admin.get(`/api/certificates/${issued[0]?.id}/pdf`)
    expect(pdf.body.subarray(0, 5).toString()).toBe('%PDF-')
    const verified = await app.anonymous.get(`/api/verify/${issued[1]?.verificationCode}`)
    expect(verified.body.sha256).toMatch(/^[0-9a-f]{64}$/)
  })

  it('draws the frozen model, whatever has been changed in between', async () => {
    const own = await testAppForOneTest({ now: '2026-03-10T12:00:00Z' })
    await describeOrganisation(own)
    const admin = await own.signIn('admin')
    const twins = [
      await heldSession(own, admin, { learners: 1 }),
      await heldSession(own, admin, { learners: 1 }),
    ]
    await inTransaction(own.system, (ctx) => numberAndFreeze(ctx, twins[0]!.id))
    await describeOrganisation(own, { legalName: 'Un tout autre nom' })
    await own.deps.db
      .updateTable('person')
      .set({ lastName: 'Rebaptisée' })
      .where('id', '=', twins[0]!.learners[0]!.personId)
      .execute()
    await finishIssuing(own.system)
    const [document] = await documentsOf(twins[0]!, own)
    expect(document?.model.organisation.legalName).toBe('Les Communs du Numérique')
    expect(document?.model.learner.lastName).toBe('Stagiaire-001')
  })

  it('does not stop at a document that cannot be drawn, nor lose its number', async () => {
    const own = await testAppForOneTest({ now: '2026-03-10T12:00:00Z' })
    await describeOrganisation(own)
    const admin = await own.signIn('admin')
    const session = await heldSession(own, admin, { learners: 3 })
    const [broken] = await inTransaction(own.system, async (ctx) => {
      const { issued } = await numberAndFreeze(ctx, session.id)
      return issued
    })
    await damageTemplate(own, broken?.id ?? '')
    expect(await finishIssuing(own.system)).toEqual({ finished: 2, failed: [broken?.id] })
    expect((await admin.get(`/api/certificates/${broken?.id}/pdf`)).status).toBe(500)
    const next = await heldSession(own, admin, { learners: 1 })
    expect((await issueCertificates(own.system, next.id)).issued).toMatchObject([{ number: 'CR-2026-0004' }])
    expect(await numbersOf(2026, own)).toEqual([1, 2, 3, 4])
  })
})

/** As a slip in the wording would: the frozen template asks for what no certificate has. */
async function damageTemplate(own: TestApp, id: string): Promise<void> {
  await own.deps.db.transaction().execute(async (trx) => {
    await sql`set local session_replication_role = replica`.execute(trx)
    await trx
      .updateTable('issuedDocument')
      .set({ templateSource: '---\ntitle: {{ nothing }}\n---\n' })
      .where('id', '=', id)
      .execute()
  })
}
