/** One session from the catalogue to the certificate, through the public door alone. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifySessionLedger } from '../../src/attendance/ledger/ledger-verification.ts'
import { readPdf } from '../documents/read-pdf.ts'
import { type Answer, type Caller, type TestApp, testApp } from '../support/app.ts'
import { anOrganisation } from '../support/facts.ts'
import { aTraining, made } from '../support/route-world.ts'

let app: TestApp
let admin: Caller
let trainer: Caller
let learner: Caller
let session: Answer['body']
let enrolmentIds: string[]

beforeAll(async () => {
  app = await testApp({ now: '2026-02-20T10:00:00Z' })
  admin = await app.signIn('admin')
  trainer = await app.signIn('trainer')
  learner = await app.signIn()
  made(await admin.put('/api/organisation', anOrganisation))
  const training = made(await admin.post('/api/trainings', { code: 'ECO-WEB', ...aTraining }))
  made(await admin.post(`/api/trainings/${training.id}/publish`))
  session = made(
    await admin.post('/api/sessions', {
      trainingId: training.id,
      modality: 'onsite',
      place: 'Le Quai, Bordeaux',
      capacity: 12,
      trainers: [{ personId: trainer.personId, engagement: 'internal' }],
      slots: [
        { date: '2026-03-02', startTime: '09:00', endTime: '12:30' },
        { date: '2026-03-02', startTime: '14:00', endTime: '17:30' },
      ],
    }),
  )
  made(await admin.post(`/api/sessions/${session.id}/open`))
  const enrol = async (who: Caller, body: object) =>
    made(await who.post(`/api/sessions/${session.id}/enrolments`, body)).id
  const employer = made(await admin.post('/api/clients', { kind: 'company', name: 'Atelier Kerdoncuff' }))
  enrolmentIds = [
    await enrol(learner, { traineeType: 'selfFunded' }),
    await enrol(admin, {
      person: { firstName: 'Inès', lastName: 'Caron' },
      traineeType: 'privateEmployee',
      employerClientId: employer.id,
    }),
    await enrol(admin, { person: { firstName: 'Paul', lastName: 'Roux' }, traineeType: 'other' }),
  ]
  app.setNow('2026-03-02T17:00:00Z')
})
afterAll(() => app.close())

const mark = (who: Caller, slot: number, marks: object[], extra: object = {}) =>
  who.put(`/api/slots/${session.slots[slot].id}/attendance`, {
    marks: marks.map((one, index) => ({ enrolmentId: enrolmentIds[index], ...one })),
    ...extra,
  })
const issue = () => admin.post(`/api/sessions/${session.id}/certificates`)

describe('a session held', () => {
  it('goes from marks to certificates, and from a correction to new ones', async () => {
    const [present, absent] = [{ status: 'present' }, { status: 'absent', reasonCode: 'illness' }]
    made(await mark(trainer, 0, [present, { status: 'partial', attendedMinutes: 100 }, absent]))
    expect((await admin.post(`/api/sessions/${session.id}/close`)).status).toBe(409)
    made(await mark(trainer, 1, [present, present, absent]))
    made(await admin.post(`/api/sessions/${session.id}/close`))

    const first = made(await issue())
    expect(first).toMatchObject({
      issued: [
        { enrolmentId: enrolmentIds[1], number: 'CR-2026-0001' },
        { enrolmentId: enrolmentIds[0], number: 'CR-2026-0002' },
      ],
      refused: [{ enrolmentId: enrolmentIds[2], code: 'certification/no-attendance' }],
    })
    const [certificate] = first.issued
    const pdf = made(await admin.get(`/api/certificates/${certificate.id}/pdf`))
    const { text } = await readPdf(pdf)
    expect(text).toContain('Inès Caron salarié(e) de l’entreprise Atelier Kerdoncuff a suivi l’action')
    expect(text.replaceAll(/\s+/g, ' ')).toContain('pour une durée de 5 h 10')
    const own = made(await learner.get('/api/me/certificates'))
    expect(own.items).toMatchObject([{ number: 'CR-2026-0002', attendedMinutes: 420 }])

    const reason = { reason: 'Erreur sur la feuille du matin' }
    expect((await admin.post(`/api/sessions/${session.id}/reopen`, reason)).status).toBe(409)
    for (const { id } of first.issued) made(await admin.post(`/api/certificates/${id}/revoke`, reason))
    made(await admin.post(`/api/sessions/${session.id}/reopen`, reason))
    made(await mark(trainer, 0, [present, present, present]))
    made(await admin.post(`/api/sessions/${session.id}/close`))

    const second = made(await issue())
    expect(second.issued.map((one: { number: string }) => one.number)).toEqual([
      'CR-2026-0003',
      'CR-2026-0004',
      'CR-2026-0005',
    ])
    expect(second.refused).toEqual([])
    const verified = made(await app.anonymous.get(`/api/verify/${second.issued[0].verificationCode}`))
    expect(verified).toMatchObject({ valid: true, holder: 'Inès Caron', attendedMinutes: 420 })
    const old = made(await app.anonymous.get(`/api/verify/${certificate.verificationCode}`))
    expect(old).toMatchObject({ valid: false, attendedMinutes: 310 })
    expect(await verifySessionLedger(app.deps.db, session.id)).toBeUndefined()
  })
})
