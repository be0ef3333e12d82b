import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { sha256Hex } from '../../src/platform/files/files.ts'
import { correct, mark, sealSlot } from '../attendance/sealing-world.ts'
import { readPdf, scanQrCode } from '../documents/read-pdf.ts'
import { type Caller, type TestApp, testApp } from '../support/app.ts'
import {
  addChapter,
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
  app = await testApp({ now: '2026-03-10T12:00:00Z' })
  admin = await app.signIn('admin')
  await describeOrganisation(app)
})
afterAll(() => app.close())

type Held = WorldSession & { certificates: { id: string; number: string; verificationCode: string }[] }

async function certified(facts: SessionFacts = {}, marks: (string | number)[][] = []): Promise<Held> {
  const session = await heldSession(app, admin, facts, marks)
  const { body } = await admin.post(`/api/sessions/${session.id}/certificates`)
  return { ...session, certificates: body.issued }
}

const plain = (text: string) => text.replaceAll(/\s+/gu, ' ')

describe('the certificate', () => {
  it('prints the hours of the sheet, and the API says the same minutes', async () => {
    const session = await certified(
      {
        title: 'Animer un collectif',
        slots: ['2026-03-02 09:00-12:30', '2026-03-02 14:00-17:30', '2026-03-04 18:00-19:30 @remote'],
        learners: [{ firstName: 'Rosa', lastName: 'Le Bihan', birthName: 'Caron' }],
      },
      [['present'], [125], ['present']],
    )
    const [certificate] = session.certificates
    const sheet = await admin.get(`/api/sessions/${session.id}/attendance`)
    const answer = await admin.get(`/api/certificates/${certificate?.id}`)
    const pdf = await admin.get(`/api/certificates/${certificate?.id}/pdf`)
    expect(sheet.body.learners[0].attendedMinutes).toBe(425)
    expect(answer.body).toMatchObject({
      number: certificate?.number,
      holder: 'Rosa Le Bihan',
      training: 'Animer un collectif',
      attendedMinutes: 425,
      outdated: false,
      revokedAt: null,
    })
    const text = plain((await readPdf(pdf.body)).text)
    for (const printed of [
      `N° ${certificate?.number} · session ${session.reference}`,
      'Rosa Le Bihan',
      '(nom de naissance : Caron)',
      'Animer un collectif',
      'du 2 mars 2026 au 4 mars 2026',
      'pour une durée de 7 h 05',
      'Dont 5 h 35 sur site et 1 h 30 à distance',
      'Fait à Paris Le 10 mars 2026',
      'Les Communs du Numérique',
    ])
      expect(text).toContain(printed)
  })

  it('carries a QR code to its page of verification', async () => {
    const [certificate] = (await certified({ learners: 1 })).certificates
    const { body } = await admin.get(`/api/certificates/${certificate?.id}/pdf`)
    expect(await scanQrCode(body)).toBe(`https://preau.example/verify/${certificate?.verificationCode}`)
  })

  it.each([
    ['privateEmployee', 'Coopérative du Canal', true],
    ['apprentice', 'Coopérative du Canal', true],
    ['privateEmployee', undefined, false],
    ['selfFunded', 'Coopérative du Canal', false],
    ['other', undefined, false],
  ] as const)(
    'of a learner who is %s, employer %s, names an employer: %s',
    async (traineeType, employer, named) => {
      const [certificate] = (
        await certified({ learners: [{ traineeType, ...(employer !== undefined && { employer }) }] })
      ).certificates
      const { body } = await admin.get(`/api/certificates/${certificate?.id}/pdf`)
      const { text } = await readPdf(body)
      expect(text.includes('salarié(e) de l’entreprise')).toBe(named)
    },
  )

  it('mentions Qualiopi only while the organisation holds it', async () => {
    const qualiopi = (validUntil: string) => ({
      qualiopi: { certificateNumber: 'Q-2026', categories: ['training' as const], validUntil },
    })
    const texts = []
    for (const validUntil of ['2026-03-10', '2026-03-09']) {
      await describeOrganisation(app, qualiopi(validUntil))
      const [certificate] = (await certified({ learners: 1 })).certificates
      texts.push((await readPdf((await admin.get(`/api/certificates/${certificate?.id}/pdf`)).body)).text)
    }
    await describeOrganisation(app)
    expect(texts.map((text) => text.includes('Qualiopi'))).toEqual([true, false])
  })

  it('is the same bytes for ever, under a name that says its number', async () => {
    const session = await certified({ learners: 1 })
    const [certificate] = session.certificates
    const path = `/api/certificates/${certificate?.id}/pdf`
    const first = await admin.get(path)
    await describeOrganisation(app, { legalName: 'Les Communs, nouveau nom' })
    await app.deps.db
      .updateTable('person')
      .set({ lastName: 'Autre' })
      .where('id', '=', session.learners[0]?.personId ?? '')
      .execute()
    const second = await admin.get(path)
    await describeOrganisation(app)
    expect(second.body.equals(first.body)).toBe(true)
    const { headers } = first
    expect(headers.get('content-type')).toBe('application/pdf')
    expect(headers.get('content-disposition')).toContain(`filename="certificat-${certificate?.number}.pdf"`)
    expect(headers.get('etag')).toBe(`"${sha256Hex(first.body)}"`)
    const answer = await admin.get(`/api/certificates/${certificate?.id}`)
    expect(answer.body.sha256).toBe(sha256Hex(first.body))
    expect(answer.body.holder).toBe('Alix Stagiaire-001')
  })

  it('is read by its holder, the ambassador of the chapter and admins', async () => {
    const chapterId = await addChapter(app)
    const [holder, other, trainer] = [await app.signIn(), await app.signIn(), await app.signIn('trainer')]
    const learners = [{ personId: holder.personId }, { personId: other.personId }]
    const session = await certified({ chapterId, trainer, learners })
    const id = session.certificates[0]?.id
    const statuses: number[][] = []
    for (const who of [
      app.anonymous,
      await app.signIn(),
      other,
      trainer,
      await app.signIn({ role: 'ambassador', chapterId: await addChapter(app) }),
      holder,
      await app.signIn({ role: 'ambassador', chapterId }),
      admin,
    ]) {
      const [one, pdf] = [
        await who.get(`/api/certificates/${id}`),
        await who.get(`/api/certificates/${id}/pdf`),
      ]
      statuses.push([one.status, pdf.status])
    }
    expect(statuses.map(([one, pdf]) => (one === pdf ? one : 'differ'))).toEqual([
      401, 404, 404, 404, 404, 200, 200, 200,
    ])
    const own = await holder.get('/api/me/certificates')
    expect(own.body.items.map((one: { id: string }) => one.id)).toEqual([id])
    expect((await admin.get('/api/certificates/01980000-0000-7000-8000-000000000000')).status).toBe(404)
  })
})

describe('the certificates of a session', () => {
  it('tell which are outdated when the sheet has been corrected since', async () => {
    const session = await certified({ learners: 2 })
    const list = async () =>
      (await admin.get(`/api/sessions/${session.id}/certificates`)).body.items.map(
        (one: { outdated: boolean }) => one.outdated,
      )
    const correct = (status: string) =>
      admin.put(`/api/slots/${session.slots[0]?.id}/attendance`, {
        marks: [{ enrolmentId: session.learners[1]?.enrolmentId, status }],
        reason: 'Feuille relue',
      })
    expect(await list()).toEqual([false, false])
    await correct('absent')
    expect(await list()).toEqual([false, true])
    await correct('present')
    expect(await list()).toEqual([false, false])
  })

  it('tell which correction of a sealed half-day makes one to be replaced, and stay as they are for a mere reason', async () => {
    const trainer = await app.signIn('trainer')
    const session = await addSession(app, { trainer, learners: 2 })
    await sealSlot(trainer, session)
    await mark(trainer, session, [{ status: 'present' }, { status: 'absent' }], 1)
    await closeSession(app, session.id)
    await admin.post(`/api/sessions/${session.id}/certificates`)
    const list = async () =>
      (await admin.get(`/api/sessions/${session.id}/certificates`)).body.items.map(
        ({ outdated, outdatedBy }: { outdated: boolean; outdatedBy: object[] }) => ({ outdated, outdatedBy }),
      )
    const valid = { outdated: false, outdatedBy: [] }
    await correct(admin, session, { status: 'present', note: 'Signature relue' })
    expect(await list()).toEqual([valid, valid])
    await correct(admin, session, { status: 'partial', attendedMinutes: 180, reasonCode: 'transport' })
    const corrected = {
      slotId: session.slots[0]?.id,
      at: '2026-03-10T12:00:00Z',
      sequence: expect.any(Number),
      minutesBefore: 210,
      minutesAfter: 180,
    }
    expect(await list()).toEqual([{ outdated: true, outdatedBy: [corrected] }, valid])
    await correct(admin, session, { status: 'partial', attendedMinutes: 180, reasonCode: 'family' })
    expect((await list())[0].outdatedBy).toEqual([corrected])
    await correct(admin, session, { status: 'present' })
    expect((await list())[0]).toEqual(valid)
  })

  it('are to be replaced when as many minutes were attended another way', async () => {
    const session = await certified({ learners: 1 })
    await app.deps.db
      .updateTable('slot')
      .set({ modality: 'remote' })
      .where('id', '=', session.slots[0]?.id ?? '')
      .execute()
    await admin.put(`/api/slots/${session.slots[0]?.id}/attendance`, {
      marks: [{ enrolmentId: session.learners[0]?.enrolmentId, status: 'present' }],
      reason: 'La matinée a eu lieu à distance',
    })
    const [one] = (await admin.get(`/api/sessions/${session.id}/certificates`)).body.items
    expect(one).toMatchObject({ attendedMinutes: 420, outdated: true, outdatedBy: [] })
  })

  it('come by number, page after page', async () => {
    const session = await certified({ learners: 5 })
    const path = `/api/sessions/${session.id}/certificates?limit=2`
    const numbers = []
    let cursor: string | null = null
    do {
      const { body } = await admin.get(cursor === null ? path : `${path}&cursor=${cursor}`)
      numbers.push(...body.items.map((one: { number: string }) => one.number))
      cursor = body.nextCursor
    } while (cursor !== null)
    expect(numbers).toEqual(session.certificates.map((one) => one.number))
    const forged = Buffer.from(JSON.stringify(['2026', 'x', session.id])).toString('base64url')
    expect((await admin.get(`${path}&cursor=${forged}`)).status).toBe(422)
  })

  it('are listed to the ambassador of the chapter and to admins', async () => {
    const chapterId = await addChapter(app)
    const [learner, trainer] = [await app.signIn(), await app.signIn('trainer')]
    const session = await certified({ chapterId, trainer, learners: [{ personId: learner.personId }] })
    const statuses = []
    for (const who of [
      app.anonymous,
      await app.signIn(),
      learner,
      trainer,
      await app.signIn({ role: 'ambassador', chapterId }),
      admin,
    ])
      statuses.push((await who.get(`/api/sessions/${session.id}/certificates`)).status)
    expect(statuses).toEqual([401, 404, 403, 403, 200, 200])
  })

  it('cost the same number of statements for 3 and for 30', async () => {
    const cost = async (learners: number) => {
      const session = await certified({ learners, slots: ['2026-03-02 09:00-12:00'] })
      return app.countQueries(() => admin.get(`/api/sessions/${session.id}/certificates`))
    }
    expect(await cost(30)).toBe(await cost(3))
  })
})

describe('revoking', () => {
  it('is an admin’s, with a reason, once', async () => {
    const chapterId = await addChapter(app)
    const holder = await app.signIn()
    const session = await certified({ chapterId, learners: [{ personId: holder.personId }] })
    const path = `/api/certificates/${session.certificates[0]?.id}/revoke`
    const reason = { reason: 'Nom mal orthographié' }
    const ambassador = await app.signIn({ role: 'ambassador', chapterId })
    expect((await app.anonymous.post(path, reason)).status).toBe(401)
    expect((await (await app.signIn()).post(path, reason)).status).toBe(404)
    expect((await holder.post(path, reason)).status).toBe(403)
    expect((await ambassador.post(path, reason)).status).toBe(403)
    expect((await admin.post(path, {})).status).toBe(422)
    const revoked = await admin.post(path, reason)
    expect(revoked.body).toMatchObject({
      revokedAt: '2026-03-10T12:00:00Z',
      revokedReason: 'Nom mal orthographié',
    })
    const again = await admin.post(path, reason)
    expect([again.status, again.body.code]).toEqual([409, 'certification/already-revoked'])
  })

  it('leaves the bytes where they are, and makes room for a new certificate with a new number', async () => {
    const session = await certified({ learners: 1 })
    const [old] = session.certificates
    const bytes = await admin.get(`/api/certificates/${old?.id}/pdf`)
    await admin.post(`/api/certificates/${old?.id}/revoke`, { reason: 'Heures corrigées' })
    await admin.put(`/api/slots/${session.slots[0]?.id}/attendance`, {
      marks: [{ enrolmentId: session.learners[0]?.enrolmentId, status: 'absent' }],
      reason: 'Heures corrigées',
    })
    const { body } = await admin.post(`/api/sessions/${session.id}/certificates`)
    const [renewed] = body.issued
    expect(renewed.number).not.toBe(old?.number)
    const answers = [
      (await admin.get(`/api/certificates/${old?.id}`)).body,
      (await admin.get(`/api/certificates/${renewed.id}`)).body,
    ]
    expect(answers).toMatchObject([
      { replacedById: renewed.id, attendedMinutes: 420 },
      { replacedById: null, attendedMinutes: 210, revokedAt: null },
    ])
    const after = await admin.get(`/api/certificates/${old?.id}/pdf`)
    expect(after.body.equals(bytes.body)).toBe(true)
    expect((await app.anonymous.get(`/api/verify/${old?.verificationCode}`)).body.valid).toBe(false)
    expect((await app.anonymous.get(`/api/verify/${renewed.verificationCode}`)).body.valid).toBe(true)
  })

  it('happens once when two admins revoke at the same moment', async () => {
    const [certificate] = (await certified({ learners: 1 })).certificates
    const answers = await Promise.all(
      ['Erreur', 'Doublon'].map((reason) =>
        admin.post(`/api/certificates/${certificate?.id}/revoke`, { reason }),
      ),
    )
    expect(answers.map((answer) => answer.status).sort()).toEqual([200, 409])
  })
})

describe('verifying', () => {
  it('tells anyone what the certificate says, and nothing else', async () => {
    const [certificate] = (
      await certified({ title: 'Sobriété numérique', learners: [{ firstName: 'Léo', lastName: 'Da Silva' }] })
    ).certificates
    const { status, body } = await app.anonymous.get(`/api/verify/${certificate?.verificationCode}`)
    expect(status).toBe(200)
    expect(body).toEqual({
      valid: true,
      number: certificate?.number,
      holder: 'Léo Da Silva',
      training: 'Sobriété numérique',
      attendedMinutes: 420,
      issuedAt: '2026-03-10T12:00:00Z',
      sha256: expect.stringMatching(/^[0-9a-f]{64}$/),
    })
  })

  it('says when a certificate has been revoked', async () => {
    const [certificate] = (await certified({ learners: 1 })).certificates
    await admin.post(`/api/certificates/${certificate?.id}/revoke`, { reason: 'Erreur' })
    const { body } = await app.anonymous.get(`/api/verify/${certificate?.verificationCode}`)
    expect(body).toMatchObject({
      valid: false,
      revokedAt: '2026-03-10T12:00:00Z',
      number: certificate?.number,
    })
  })

  it('forgives how a code is typed', async () => {
    const [certificate] = (await certified({ learners: 1 })).certificates
    const code = certificate?.verificationCode ?? ''
    const groups = code.match(/.{5}/g) ?? []
    for (const typed of [
      code.toLowerCase(),
      groups.join('-'),
      groups.join('%20'),
      groups.join('–'),
      code.replaceAll('0', 'O').replaceAll('1', 'l'),
      code.replaceAll('0', 'o').replaceAll('1', 'I'),
    ]) {
      const { body } = await app.anonymous.get(`/api/verify/${typed}`)
      expect(body.number).toBe(certificate?.number)
    }
  })

  it.each(['00000000000000000000', 'x', '%20', `${'A'.repeat(2_000)}`])(
    'does not know the code %s',
    async (code) => {
      const { status, body } = await app.anonymous.get(`/api/verify/${code}`)
      expect([status, body.code]).toEqual([404, 'platform/not-found'])
    },
  )
})

describe('the database refuses to alter what was issued', () => {
  it.each([
    ['its minutes', `attended_minutes = attended_minutes + 1`],
    ['what it says', `model = '{}'`],
    ['its number', `number = 9999`],
    ['its code', `verification_code = 'X'`],
    ['its template', `template_source = 'X'`],
    ['its bytes', `sha256 = null`],
    ['who holds it', `person_id = gen_random_uuid()`],
    ['its revocation', `revoked_at = null, revoked_reason = null`],
  ])('%s', async (_, change) => {
    const [certificate] = (await certified({ learners: 1 })).certificates
    await admin.post(`/api/certificates/${certificate?.id}/revoke`, { reason: 'Erreur' })
    const attempt = sql.raw(`update issued_document set ${change} where id = '${certificate?.id}'`)
    await expect(attempt.execute(app.deps.db)).rejects.toMatchObject({ code: 'PR001' })
  })

  it('a replacement of what was never revoked, and bytes that are not their hash', async () => {
    const [one, two] = (await certified({ learners: 2 })).certificates
    const replaced = sql`update issued_document set replaced_by_id = ${two?.id} where id = ${one?.id}`
    await expect(replaced.execute(app.deps.db)).rejects.toMatchObject({ code: 'PR001' })
    const forged = sql`insert into stored_file (sha256, media_type, size, bytes, created_at)
      values (${'0'.repeat(64)}, 'application/pdf', 1, 'x', now())`
    await expect(forged.execute(app.deps.db)).rejects.toMatchObject({ constraint: 'stored_file_is_its_hash' })
  })

  it.each([
    'delete from issued_document',
    'truncate issued_document cascade',
    'delete from stored_file',
    'delete from document_number',
    'update document_number set last_number = last_number - 1',
  ])('nor does it do `%s`', async (attempt) => {
    await certified({ learners: 1 })
    await expect(sql.raw(attempt).execute(app.deps.db)).rejects.toMatchObject({ code: 'PR001' })
  })

  it('a second valid certificate for one enrolment, whoever issues it', async () => {
    const [certificate] = (await certified({ learners: 1 })).certificates
    const document = await app.deps.db
      .selectFrom('issuedDocument')
      .selectAll()
      .where('id', '=', certificate?.id ?? '')
      .executeTakeFirstOrThrow()
    const twin = { ...document, id: app.system.newId(), number: 9_999, verificationCode: 'TWIN' }
    const attempt = app.deps.db
      .insertInto('issuedDocument')
      .values({ ...twin, model: JSON.stringify(document.model) })
      .execute()
    await expect(attempt).rejects.toMatchObject({ constraint: 'issued_document_valid_unique' })
  })
})
