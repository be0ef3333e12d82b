import { sql } from 'kysely'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { listEvents } from '../../../src/attendance/ledger/ledger.queries.ts'
import { verifySessionLedger } from '../../../src/attendance/ledger/ledger-verification.ts'
import { sha256Hex } from '../../../src/platform/files/files.ts'
import { type Caller, type TestApp, testApp } from '../../support/app.ts'
import { logFiles, zoomLog, zoomLogOf } from '../../support/connection-logs.ts'
import { addSession, type WorldSession } from '../../support/world.ts'

let app: TestApp
let admin: Caller
let trainer: Caller
beforeAll(async () => {
  app = await testApp({ now: '2026-03-03T08:00:00Z' })
  admin = await app.signIn('admin')
  trainer = await app.signIn('trainer')
})
afterAll(() => app.close())

let session: WorldSession
let path = ''
beforeEach(async () => {
  session = await addSession(app, {
    modality: 'remote',
    trainer,
    learners: [
      { firstName: 'Maëlle', lastName: 'Le Bihan' },
      { firstName: 'Théo', lastName: 'Nguyen' },
      { firstName: 'Awa', lastName: 'Diallo' },
    ],
  })
  path = `/api/slots/${session.slots[0]?.id}/connection-log`
})

const [maelle, theo, awa] = [0, 1, 2].map((index) => () => session.learners[index]?.enrolmentId ?? '')
const upload = (bytes: Uint8Array, who = trainer, query = '') =>
  who.post(`${path}${query}`, bytes, { 'content-type': 'text/csv' })
const events = () => listEvents(app.deps.db, session.id)
const ledgerFault = () => verifySessionLedger(app.deps.db, session.id)
const row = (lines: { line: number }[], line: number) => lines.find((one) => one.line === line)

describe('a connection log of a half-day', () => {
  it('proves how long each learner was connected, beside the marks and without changing any', async () => {
    const mark = { enrolmentId: maelle?.(), status: 'absent', reasonCode: 'unknown' }
    await admin.put(`/api/slots/${session.slots[0]?.id}/attendance`, { marks: [mark] })
    const { status, body } = await upload(zoomLog)
    expect(status, JSON.stringify(body)).toBe(200)
    expect(body.presences).toEqual([
      { enrolmentId: maelle?.(), name: 'Maëlle Le Bihan', minutes: 195 },
      { enrolmentId: theo?.(), name: 'Théo Nguyen', minutes: 189 },
    ])
    const sheet = (await admin.get(`/api/sessions/${session.id}/attendance`)).body
    expect(sheet.learners.map((learner: { attendedMinutes: number }) => learner.attendedMinutes)).toEqual([
      0, 0, 0,
    ])
    expect(sheet.learners[1].marks).toMatchObject([{ status: 'absent', connectedMinutes: 195 }])
    expect(await ledgerFault()).toBeUndefined()
  })

  it.for([
    "presences = '[]'",
    "matches = jsonb_set(matches, '{0,enrolmentId}', 'null')",
    "sha256 = encode(sha256('other'), 'hex')",
    "time_zone = 'Asia/Tokyo'",
    'uploaded_by = null',
  ])('altered behind the back of Préau is found: %s', async (change) => {
    await upload(zoomLog)
    await app.deps.db.transaction().execute(async (trx) => {
      await sql`set local session_replication_role = replica`.execute(trx)
      await sql`update connection_log set ${sql.raw(change)} where session_id = ${session.id}`.execute(trx)
    })
    expect(await ledgerFault()).toMatchObject({ code: 'connection-log-differs', sequence: 1 })
  })

  it('is in the ledger with the lines of the file and the minutes, and without a name or an address', async () => {
    await upload(zoomLog)
    const [event] = await events()
    expect(JSON.parse(event?.body ?? '')).toMatchObject({
      kind: 'connections',
      slotId: session.slots[0]?.id,
      provider: 'zoom',
      sha256: sha256Hex(zoomLog),
      timeZone: 'Europe/Paris',
      matches: [
        { line: 7, enrolmentId: maelle?.(), by: 'name' },
        { line: 9, enrolmentId: theo?.(), by: 'name' },
      ],
      presences: [
        { enrolmentId: maelle?.(), minutes: 195 },
        { enrolmentId: theo?.(), minutes: 189 },
      ],
    })
    expect(event?.body).not.toMatch(/Bihan|Nguyen|Garnier|@|iPhone/)
  })

  it.for(logFiles)(
    'is known for one of $provider, in whatever language ($says)',
    async ({ provider, bytes }) => {
      const { body } = await upload(bytes)
      expect(body.logs).toMatchObject([{ provider, size: bytes.byteLength }])
      expect(body.presences).toMatchObject([{ minutes: 195 }, { minutes: 189 }])
    },
  )

  it('is kept byte by byte, once, however often it is uploaded', async () => {
    const { body } = await upload(zoomLog)
    expect((await upload(zoomLog, admin)).body).toEqual(body)
    expect(await events()).toHaveLength(1)
    expect((await trainer.get(path)).body).toEqual(body)
    const file = await admin.get(`/api/connection-logs/${body.logs[0].id}/file`)
    expect(sha256Hex(file.body)).toBe(sha256Hex(new TextDecoder().decode(zoomLog)))
  })

  it('and another one of the same half-day count what they share once', async () => {
    await upload(zoomLog)
    const second = zoomLogOf('Théo Nguyen,,03/02/2026 09:00:00 AM,03/02/2026 09:40:00 AM,40,Yes,,No')
    const { body } = await upload(second)
    expect(body.logs).toHaveLength(2)
    expect(body.presences).toMatchObject([{ minutes: 195 }, { enrolmentId: theo?.(), minutes: 210 }])
  })

  it('shows who is unsure with the likeliest learners, and is decided by hand', async () => {
    const log = zoomLogOf(
      'Inès Garnier,,03/02/2026 09:00:00 AM,03/02/2026 12:30:00 PM,210,No,,No',
      'Awa D.,,03/02/2026 09:00:00 AM,03/02/2026 12:00:00 PM,180,Yes,,No',
      'Galaxy S24,,03/02/2026 12:00:00 PM,03/02/2026 12:30:00 PM,30,Yes,,No',
    )
    await app.deps.db
      .updateTable('person')
      .set({ firstName: 'Inès', lastName: 'Garnier' })
      .where('id', '=', trainer.personId)
      .execute()
    const [uploaded] = (await upload(log)).body.logs
    expect(row(uploaded.participants, 5)).toMatchObject({ isTrainer: true, candidates: [] })
    expect(row(uploaded.participants, 6)).toMatchObject({
      enrolmentId: null,
      matchedBy: null,
      candidates: [{ enrolmentId: awa?.(), name: 'Awa Diallo' }],
    })
    const decide = (matches: { line: number; enrolmentId: string | null | undefined }[]) =>
      trainer.put(`${path}/matches`, { logId: uploaded.id, matches })
    const both = [
      { line: 6, enrolmentId: awa?.() },
      { line: 7, enrolmentId: awa?.() },
    ]
    expect((await decide(both)).body.presences).toMatchObject([{ enrolmentId: awa?.(), minutes: 210 }])
    expect((await decide(both)).body.logs[0].participants[1]).toMatchObject({
      matchedBy: 'hand',
      candidates: [],
    })
    expect(await events()).toHaveLength(2)
    const { body } = await decide([{ line: 7, enrolmentId: null }])
    expect(body.presences).toMatchObject([{ enrolmentId: awa?.(), minutes: 180 }])
    expect(await events()).toHaveLength(3)
    expect(await ledgerFault()).toBeUndefined()
  })

  it('is matched to no line that is not there and to nobody of another session', async () => {
    const [log] = (await upload(zoomLog)).body.logs
    const stranger = (await addSession(app)).learners[0]?.enrolmentId
    const { status, body } = await trainer.put(`${path}/matches`, {
      logId: log.id,
      matches: [
        { line: 8, enrolmentId: awa?.() },
        { line: 5, enrolmentId: stranger },
      ],
    })
    expect(status).toBe(422)
    expect(body.errors.map(({ pointer }: { pointer: string }) => pointer)).toEqual([
      '/matches/0/line',
      '/matches/1/enrolmentId',
    ])
  })

  it('that cannot be read is refused with its lines in French, and nothing is kept', async () => {
    const { status, body } = await upload(zoomLogOf('Ana,,vers 9 h,03/02/2026 12:30:00 PM,210,Yes,,No'))
    expect(status).toBe(422)
    expect(body).toMatchObject({
      code: 'attendance/unreadable-connection-log',
      lines: [{ line: 5, column: 'Join Time' }],
    })
    expect(body.errors[0].detail).toBe(
      'ligne 5, «\u202fJoin Time\u202f»\u00a0: n’est pas une date et une heure',
    )
    expect((await upload(Buffer.from('PK\u0003\u0004'))).status).toBe(422)
    expect((await trainer.get(path)).body.logs).toEqual([])
  })

  it('of another day is refused; its times may be of another place', async () => {
    const other = zoomLogOf('Théo Nguyen,,03/05/2026 09:00:00 AM,03/05/2026 12:30:00 PM,210,Yes,,No')
    expect((await upload(other)).body.code).toBe('attendance/connection-log-of-another-time')
    const inUtc = zoomLogOf('Théo Nguyen,,03/02/2026 08:00:00 AM,03/02/2026 11:30:00 AM,210,Yes,,No')
    const { body } = await upload(inUtc, trainer, '?timeZone=UTC')
    expect(body.presences).toMatchObject([{ minutes: 210 }])
    expect((await trainer.get(path)).body.presences).toMatchObject([{ minutes: 210 }])
  })

  it('is shown to the people of the session alone, and never to learners', async () => {
    const learner = await app.signIn('member')
    const other = await app.signIn('trainer')
    const { body } = await upload(zoomLog)
    for (const who of [learner, other]) {
      expect((await who.get(path)).status).toBe(404)
      expect((await who.get(`/api/connection-logs/${body.logs[0].id}/file`)).status).toBe(404)
    }
  })
})
