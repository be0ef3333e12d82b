import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { readPdf, scanQrCode } from '../../documents/read-pdf.ts'
import { type Caller, type TestApp, testApp } from '../../support/app.ts'
import { aPdf } from '../../support/paper.ts'
import {
  addSession,
  describeOrganisation,
  type SessionFacts,
  type WorldSession,
} from '../../support/world.ts'
import { correct, countersign, mark, sealSlot, sign } from '../sealing-world.ts'

let app: TestApp
let admin: Caller
let trainer: Caller

beforeAll(async () => {
  app = await testApp({ now: '2026-03-02T17:00:00Z' })
  admin = await app.signIn('admin')
  trainer = await app.signIn('trainer')
})
afterAll(() => app.close())

const session = (facts: SessionFacts = {}) => addSession(app, { trainer, learners: 2, ...facts })
const pathOf = ({ id }: WorldSession, query = '') => `/api/sessions/${id}/attendance.pdf${query}`

async function printed(held: WorldSession, query = '', who = trainer) {
  const { status, body } = await who.get(pathOf(held, query))
  expect(status).toBe(200)
  return readPdf(body)
}

describe('the sheet of a session', () => {
  it('is not printed before the organisation is described, nor without half-days', async () => {
    const held = await session()
    expect(await trainer.get(pathOf(held))).toMatchObject({
      status: 409,
      body: { code: 'organisation/not-set-up' },
    })
    await describeOrganisation(app)
    expect((await trainer.get(pathOf(held))).status).toBe(200)
    const empty = await session({ slots: [] })
    expect(await trainer.get(pathOf(empty))).toMatchObject({
      status: 409,
      body: { code: 'attendance/nothing-to-print' },
    })
  })

  it('prints what people signed, were marked and sealed, and the minutes of the one view', async () => {
    const held = await session({
      title: 'Éco-concevoir un service',
      learners: [
        { firstName: 'Amina', lastName: 'Benali', employer: 'Coopérative du Canal' },
        { firstName: 'Yann', lastName: 'Kerdoncuff' },
        { firstName: 'Zoé', lastName: 'Marchand' },
      ],
    })
    await mark(trainer, held, [
      { status: 'present' },
      { status: 'partial', arrivedAt: '09:40' },
      { status: 'absent', reasonCode: 'illness', justified: true },
    ])
    await sign(trainer, held, 0)
    await sign(trainer, held, 1)
    await countersign(trainer, held)
    const sealed = await trainer.post(`/api/slots/${held.slots[0]?.id}/seal`)
    expect(sealed.status).toBe(200)
    const { text } = await printed(held)
    for (const words of [
      'Éco-concevoir un service',
      `Session ${held.reference} , le 2 mars 2026 , 7 h, 3 stagiaires`,
      'Les Communs du Numérique',
      'Benali Amina Coopérative du Canal appareil du formateur, 18 h',
      'arrivée 9 h 40 2 h 50 sur 3 h 30 appareil du formateur, 18 h',
      'Absent(e) — maladie, justifiée',
      '2 h 50 sur 7 h',
      '6 h 20 en tout',
      `registre n° ${sealed.body.sequence}`,
    ])
      expect(text).toContain(words)
    const { hash } = await app.deps.db
      .selectFrom('ledgerHead')
      .select('hash')
      .where('sessionId', '=', held.id)
      .executeTakeFirstOrThrow()
    expect(text).toContain(`est ${hash}`)
  })

  it('says what was corrected after the seal; by whom, to admins', async () => {
    const held = await session()
    await sealSlot(trainer, held)
    await correct(admin, held, { status: 'absent', reasonCode: 'work' }, 'Signée par erreur')
    const words =
      'Alix Stagiaire-001, lundi 2 mars 2026, matin : « présent(e), 3 h 30 » devient « absent(e), raison professionnelle » ; motif : Signée par erreur'
    const [forTrainer, forAdmin] = [await printed(held), await printed(held, '', admin)]
    expect(forTrainer.text).toContain(words)
    expect(forTrainer.text).not.toMatch(/18 h par Claude Martin-\d+ \(registre/)
    expect(forAdmin.text).toMatch(/18 h par Claude Martin-\d+ \(registre/)
  })

  it('shows signatures on paper with their scan, and those whose strokes were deleted in their time', async () => {
    const held = await session()
    const [slot] = held.slots
    const scan = await trainer.post(
      `/api/sessions/${held.id}/scans?slotIds=${slot?.id}&originalKeptAt=Classeur%202026`,
      aPdf(),
      { 'content-type': 'application/pdf' },
    )
    expect(scan.status).toBe(201)
    await trainer.post(`/api/scans/${scan.body.id}/signatures`, {
      signatures: [{ slotId: slot?.id, enrolmentId: held.learners[0]?.enrolmentId }],
    })
    await sign(trainer, held, 1)
    await sql`delete from attendance_payload where content ? 'strokes' and event_id in
      (select id from attendance_event where session_id = ${held.id})`.execute(app.deps.db)
    const { text } = await printed(held)
    expect(text).toContain('signé sur papier, scan n° 1')
    expect(text).toContain('signature effacée (appareil du formateur, 18 h)')
    expect(text).toContain('original : Classeur 2026')
  })

  it('says where and how it was held, and nothing that opens the virtual room', async () => {
    const held = await session({ slots: ['2026-03-02 09:00-12:30', '2026-03-02 14:00-17:30 @remote'] })
    await app.deps.db
      .updateTable('trainingSession')
      .set({ place: 'Salle Turing, Lyon', remoteUrl: 'https://visio.example/j/4711?pwd=secret' })
      .where('id', '=', held.id)
      .execute()
    const { text } = await printed(held)
    expect(text).toContain('En présentiel : Salle Turing, Lyon')
    expect(text).toContain('Classe virtuelle : visio.example/j/4711')
    expect(text).not.toContain('secret')
  })

  it('expects who came on the second day from then on, and nobody in what was cancelled', async () => {
    const held = await session({
      slots: ['2026-03-01 09:00-12:00', '2026-03-02 09:00-12:00', '2026-03-02 14:00-17:00'],
    })
    const { db } = app.deps
    await db
      .updateTable('enrolment')
      .set({ startedOn: '2026-03-02' })
      .where('id', '=', held.learners[0]?.enrolmentId ?? '')
      .execute()
    await admin.post(`/api/slots/${held.slots[2]?.id}/cancel`, { reason: 'Panne de courant' })
    const { text } = await printed(held)
    expect(text).toContain('Stagiaire-001 Alix entrée le 2 mars 2026 — Non renseigné Annulée 0 h sur 3 h')
    expect(text).toContain('Stagiaire-002 Alix Non renseigné Non renseigné Annulée 0 h sur 6 h')
    expect(text).toContain('Annulée : Panne de courant')
  })
})

describe('the sheet of one half-day', () => {
  it('holds that half-day, with its hours', async () => {
    const held = await session()
    await mark(trainer, held, [{ status: 'present' }, { status: 'present' }], 1)
    const { text } = await printed(held, `?slotId=${held.slots[1]?.id}`)
    expect(text).toContain('demi-journée du 2 mars 2026 , 3 h 30, 2 stagiaires')
    expect(text).toContain('Après-midi, 14 h – 17 h 30')
    expect(text).not.toContain('Matin')
    expect(text).toContain('3 h 30 sur 3 h 30')
    expect(text).toContain('7 h en tout')
  })

  it('of another session is not found', async () => {
    const [held, other] = [await session(), await session()]
    expect((await trainer.get(pathOf(held, `?slotId=${other.slots[0]?.id}`))).status).toBe(404)
  })
})

describe('the blank sheet', () => {
  it('names who is expected, and by its QR code where its scan is attached', async () => {
    const held = await session({
      learners: [
        { lastName: 'Présent' },
        { lastName: 'Parti', status: 'abandoned', interruptedOn: '2026-03-01' },
      ],
    })
    await sign(trainer, held)
    const { status, body, headers } = await trainer.get(pathOf(held, '?blank=true'))
    expect(status).toBe(200)
    expect(headers.get('content-disposition')).toBe(`inline; filename="emargement-${held.reference}.pdf"`)
    const { text } = await readPdf(body)
    expect(text).toContain('Présent Alix')
    expect(text).not.toContain('Parti')
    expect(text).not.toContain('appareil du formateur')
    const url = (await scanQrCode(body, { scale: 2.5 })) ?? ''
    const ends = held.slots.map(({ id }) => id.slice(-8)).join('-')
    expect(url).toBe(`https://preau.example/sessions/${held.id}/scan?slots=${ends}`)
  })

  it('has a frame for who came in while a half-day was held, and none in those before', async () => {
    const held = await session({
      slots: ['2026-03-01 09:00-12:00', '2026-03-01 14:00-17:00', '2026-03-02 09:00-12:00'],
      learners: [{ lastName: 'Venue' }],
    })
    await app.deps.db
      .updateTable('enrolment')
      .set({ joinedAt: Temporal.Instant.from('2026-03-01T13:10:00Z') })
      .where('id', '=', held.learners[0]?.enrolmentId ?? '')
      .execute()
    const { text } = await readPdf((await trainer.get(pathOf(held, '?blank=true'))).body)
    expect(text).toContain('Venue Alix — Formateur')
  })
})

it('costs the same number of statements for 2 and for 40 learners', async () => {
  const cost = async (learners: number) => {
    const held = await session({ learners })
    await sign(trainer, held)
    return app.countQueries(async () => expect((await trainer.get(pathOf(held))).status).toBe(200))
  }
  const few = await cost(2)
  expect(await cost(40)).toBe(few)
})
