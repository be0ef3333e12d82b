/** Sheets signed on paper: which files are taken, what is kept of them, and the signatures read off them. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { verifySessionLedger } from '../../../src/attendance/ledger/ledger-verification.ts'
import { recogniseFile } from '../../../src/platform/files/file-content.ts'
import { sha256Hex } from '../../../src/platform/files/files.ts'
import { type Caller, type TestApp, testApp } from '../../support/app.ts'
import { aJpeg, aPdf, aPng } from '../../support/paper.ts'
import { made } from '../../support/route-world.ts'
import { addSession, type WorldSession } from '../../support/world.ts'
import { aSignedSession, ledgerOf, sealed, sign, signaturesOf } from './signing-world.ts'

const now = '2026-03-02T17:00:00Z'

let app: TestApp
let admin: Caller
let trainer: Caller
beforeAll(async () => {
  app = await testApp({ now })
  admin = await app.signIn('admin')
  trainer = await app.signIn('trainer')
})
afterAll(() => app.close())
beforeEach(() => app.setNow(now))

const aSession = () => addSession(app, { trainer })

type Upload = { slots?: (string | undefined)[]; type?: string; who?: Caller; keptAt?: string }

function upload(
  session: WorldSession,
  bytes: Uint8Array,
  {
    slots = [session.slots[0]?.id],
    type = 'application/pdf',
    who = trainer,
    keptAt = 'Classeur 2026',
  }: Upload = {},
) {
  const query = new URLSearchParams({ slotIds: slots.join(','), originalKeptAt: keptAt })
  return who.post(`/api/sessions/${session.id}/scans?${query}`, bytes, { 'content-type': type })
}

describe('a scan', () => {
  it('is kept byte by byte, with who uploaded it, its half-days, and where the paper lies', async () => {
    const session = await aSession()
    const slots = session.slots.map(({ id }) => id)
    const bytes = aPdf('lundi')
    const scan = made(await upload(session, bytes, { slots, keptAt: 'Armoire de Lyon' }))
    expect(scan).toMatchObject({
      sessionId: session.id,
      slotIds: slots,
      sha256: sha256Hex(bytes),
      mediaType: 'application/pdf',
      size: bytes.length,
      originalKeptAt: 'Armoire de Lyon',
      uploadedBy: trainer.accountId,
      uploadedAt: now,
    })
    expect((await admin.get(`/api/scans/${scan.id}`)).body).toEqual(scan)
    const file = await admin.get(`/api/scans/${scan.id}/file`)
    expect(file.headers.get('content-type')).toBe('application/pdf')
    expect(Buffer.compare(file.body, bytes)).toBe(0)
    const [event] = await ledgerOf(app, session)
    expect(event).toMatchObject({
      kind: 'scan',
      scanId: scan.id,
      slotIds: slots,
      sha256: scan.sha256,
      payload: { originalKeptAt: 'Armoire de Lyon' },
    })
    expect(await verifySessionLedger(app.deps.db, session.id)).toBeUndefined()
  })

  it('is a PDF, a JPEG or a PNG by what is in it, whatever it is called', async () => {
    const session = await aSession()
    const named = async (bytes: Uint8Array, type: string) =>
      (await upload(session, bytes, { type })).body.mediaType
    expect(await named(aJpeg(), 'image/jpeg')).toBe('image/jpeg')
    expect(await named(aPng(), 'image/png')).toBe('image/png')
    expect(await named(aPdf('nommée à tort'), 'image/png')).toBe('application/pdf')
    const page = Buffer.from('<html><script>alert(1)</script></html>')
    expect(await upload(session, page)).toMatchObject({
      status: 415,
      body: { code: 'platform/unsupported-file' },
    })
    expect((await upload(session, aPdf(), { type: 'text/html' })).status).toBe(415)
  })

  it('is the same one when it is uploaded again, and not attached to other half-days behind the first', async () => {
    const session = await aSession()
    const first = made(await upload(session, aPdf()))
    expect((await upload(session, aPdf(), { who: admin })).body).toEqual(first)
    expect(await upload(session, aPdf(), { slots: [session.slots[1]?.id] })).toMatchObject({
      status: 409,
      body: { code: 'attendance/scan-exists', scanId: first.id },
    })
    expect(await ledgerOf(app, session)).toHaveLength(1)
    expect((await upload(await aSession(), aPdf())).status).toBe(201)
  })

  it('is of half-days of the session that have begun and are not sealed', async () => {
    const session = await aSession()
    const code = async (options: Upload) => {
      const { body } = await upload(session, aPdf('autre'), options)
      return body.errors?.[0]?.code ?? body.code
    }
    expect(await code({ slots: [(await aSession()).slots[0]?.id] })).toBe('not-of-this-session')
    expect(await code({ slots: ['x'] })).toBe('invalid-format')
    expect(await code({ keptAt: '' })).toBe('missing')
    app.setNow('2026-03-02T10:00:00Z')
    expect(await code({ slots: [session.slots[1]?.id] })).toBe('attendance/slot-not-started')
    made(await upload(session, aPdf()))
    await sealed(app, session)
    expect(await code({})).toBe('attendance/sheet-sealed')
  })
})

describe('a file that was cut off or damaged', () => {
  it.each([
    ['a PDF', aPdf()],
    ['a JPEG', aJpeg()],
    ['a PNG', aPng()],
  ])('is told from a whole one: %s', (_, bytes) => {
    expect(recogniseFile(bytes)?.isWhole).toBe(true)
    for (let end = 8; end < bytes.length - 8; end++)
      expect(recogniseFile(bytes.subarray(0, end))?.isWhole, `${end} bytes`).toBe(false)
  })

  it('is refused with 422, and nothing is kept of it', async () => {
    const session = await aSession()
    const answer = await upload(session, aPdf('coupé').subarray(0, 100))
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ code: 'broken' }] } })
    const png = aPng()
    png[40] = (png[40] ?? 0) ^ 1
    expect((await upload(session, png, { type: 'image/png' })).status).toBe(422)
    expect(await ledgerOf(app, session)).toEqual([])
  })
})

describe('signatures read off a paper', () => {
  const readOff = (scanId: string, pairs: [string | undefined, string | undefined][], who = trainer) =>
    who.post(`/api/scans/${scanId}/signatures`, {
      signatures: pairs.map(([slotId, enrolmentId]) => ({ slotId, enrolmentId })),
    })

  it('are of who signed there, name who read them, and make present who was not marked', async () => {
    const session = await aSession()
    const [slot] = session.slots.map(({ id }) => id)
    const [one, two] = session.learners.map(({ enrolmentId }) => enrolmentId)
    const scan = made(await upload(session, aPdf()))
    const { body } = await readOff(
      scan.id,
      [
        [slot, one],
        [slot, two],
      ],
      admin,
    )
    expect(body.signatures).toMatchObject([
      { enrolmentId: one, way: 'paper', handedOverBy: admin.personId, scanId: scan.id },
      { enrolmentId: two, way: 'paper' },
    ])
    const sheet = (await admin.get(`/api/sessions/${session.id}/attendance`)).body
    expect(sheet.learners.map(({ attendedMinutes }: { attendedMinutes: number }) => attendedMinutes)).toEqual(
      [210, 210, 0],
    )
    expect((await readOff(scan.id, [[slot, one]])).body).toEqual(body)
    expect((await ledgerOf(app, session)).map(({ kind }) => kind)).toEqual([
      'scan',
      'signature',
      'mark',
      'signature',
      'mark',
    ])
    expect(await verifySessionLedger(app.deps.db, session.id)).toBeUndefined()
  })

  it('leave as it is what a learner has signed otherwise', async () => {
    const session = await aSignedSession(app, trainer)
    made(await sign(session.people[0]!, session))
    const scan = made(await upload(session, aPdf()))
    made(await readOff(scan.id, [[session.slots[0]?.id, session.learners[0]?.enrolmentId]]))
    expect(await signaturesOf(app, session)).toMatchObject([{ way: 'ownDevice', scanId: null }])
  })

  it('are of half-days of the scan and of confirmed learners, and not once the half-day is sealed', async () => {
    const session = await aSession()
    const elsewhere = await aSession()
    const scan = made(await upload(session, aPdf()))
    const [morning, afternoon] = session.slots.map(({ id }) => id)
    const [learner] = session.learners.map(({ enrolmentId }) => enrolmentId)
    const wrong = await readOff(scan.id, [
      [morning, learner],
      [afternoon, learner],
      [morning, elsewhere.learners[0]?.enrolmentId],
    ])
    expect(wrong.body.errors).toMatchObject([
      { pointer: '/signatures/1/slotId', code: 'not-of-this-scan' },
      { pointer: '/signatures/2/enrolmentId', code: 'not-confirmed' },
    ])
    expect(
      (
        await readOff(scan.id, [
          [morning, learner],
          [morning, learner],
        ])
      ).status,
    ).toBe(422)
    await sealed(app, session)
    expect((await readOff(scan.id, [[morning, learner]])).body.code).toBe('attendance/sheet-sealed')
    expect(await signaturesOf(app, session)).toEqual([])
  })
})
