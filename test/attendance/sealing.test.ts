import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { recordMarks } from '../../src/attendance/attendance.service.ts'
import { listEvents } from '../../src/attendance/ledger/ledger.queries.ts'
import { appendEvents } from '../../src/attendance/ledger/ledger.service.ts'
import { readBody } from '../../src/attendance/ledger/ledger.ts'
import { verifySessionLedger } from '../../src/attendance/ledger/ledger-verification.ts'
import { countersignatureEntry } from '../../src/attendance/sealing/countersigning.ts'
import { findSlot, listSlots, lockSession } from '../../src/planning/session.queries.ts'
import { inTransaction } from '../../src/platform/db/transaction.ts'
import { isSignedBy } from '../../src/platform/keyring.ts'
import { type Caller, type TestApp, testApp } from '../support/app.ts'
import {
  addLearners,
  addSession,
  addTrainer,
  type SessionFacts,
  type WorldSession,
} from '../support/world.ts'
import { countersign, mark, seal, sealSlot, sign, signAll, slotOf, strokesOf } from './sealing-world.ts'

const now = '2026-03-02T17:00:00Z'

let app: TestApp
let admin: Caller
let trainer: Caller
let otherTrainer: Caller

beforeAll(async () => {
  app = await testApp({ now, maxConnections: 12 })
  admin = await app.signIn('admin')
  trainer = await app.signIn('trainer')
  otherTrainer = await app.signIn('trainer')
})
afterAll(() => app.close())

const session = (facts: SessionFacts = {}) => addSession(app, { trainer, learners: 2, ...facts })
const sheetOf = async (held: WorldSession, who = admin) =>
  (await who.get(`/api/sessions/${held.id}/attendance`)).body

/** What the events of a session state, of one kind. */
async function stated(held: WorldSession, kind: string) {
  const events = await listEvents(app.deps.db, held.id)
  return events.filter((event) => event.kind === kind).map((event) => ({ ...event, says: readBody(event) }))
}

/** Teaches in these half-days alone, by their index. */
async function teaches(held: WorldSession, { personId }: Caller, slots: readonly number[]): Promise<void> {
  const assignment = await app.deps.db
    .selectFrom('trainerAssignment')
    .select('id')
    .where('sessionId', '=', held.id)
    .where('personId', '=', personId)
    .executeTakeFirstOrThrow()
  for (const slot of slots)
    await app.deps.db
      .insertInto('slotTrainer')
      .values({ slotId: held.slots[slot]?.id ?? '', assignmentId: assignment.id })
      .execute()
}

/** Every half-day of a session at once. */
async function countersignAll(held: WorldSession): Promise<void> {
  const { personId } = trainer
  const signedAt = Temporal.Instant.from(now)
  await inTransaction(app.system, async (ctx) => {
    const entries = held.slots.map(({ id: slotId }) =>
      countersignatureEntry(ctx, { slotId, personId, strokes: strokesOf(100), signedAt }),
    )
    const appended = await appendEvents(ctx, held.id, entries, 'attendance.countersign')
    await ctx.db
      .insertInto('trainerSignature')
      .values(
        appended.map(({ id: eventId }, slot) => ({
          slotId: held.slots[slot]?.id ?? '',
          personId,
          sessionId: held.id,
          signedAt,
          deviceAt: null,
          eventId,
        })),
      )
      .execute()
  })
}

async function withTwoTrainers(): Promise<WorldSession> {
  const held = await session()
  await addTrainer(app, held.id, otherTrainer.personId)
  return held
}

describe('sealing a half-day', () => {
  it('names everybody who is missing, and why, until nobody is', async () => {
    const held = await session({
      learners: [{ lastName: 'Abel' }, { lastName: 'Benoît' }, { lastName: 'Colin' }, { lastName: 'Diallo' }],
    })
    await mark(trainer, held, [
      { status: 'present' },
      { status: 'absent' },
      { status: 'partial', attendedMinutes: 60 },
    ])
    const first = await seal(trainer, held)
    expect(first.body).toMatchObject({ status: 409, code: 'attendance/not-ready-to-seal' })
    const { missing } = first.body
    expect(missing.learners).toEqual([
      { enrolmentId: held.learners[0]?.enrolmentId, name: 'Alix Abel', what: 'signature' },
      { enrolmentId: held.learners[1]?.enrolmentId, name: 'Alix Benoît', what: 'reason' },
      { enrolmentId: held.learners[2]?.enrolmentId, name: 'Alix Colin', what: 'signature' },
      { enrolmentId: held.learners[3]?.enrolmentId, name: 'Alix Diallo', what: 'mark' },
    ])
    expect(missing.trainers).toEqual([{ personId: trainer.personId, name: expect.any(String) }])

    await sign(trainer, held, 0)
    await mark(trainer, held, [{ status: 'present' }, { status: 'absent', reasonCode: 'illness' }])
    await trainer.post(`${slotOf(held)}/waivers`, {
      enrolmentId: held.learners[2]?.enrolmentId,
      reasonCode: 'unable',
    })
    await countersign(trainer, held)
    const second = await seal(trainer, held)
    expect(second.body.missing).toEqual({
      learners: [expect.objectContaining({ name: 'Alix Diallo', what: 'mark' })],
      trainers: [],
    })
    await sign(trainer, held, 3)
    expect((await seal(trainer, held)).status).toBe(200)
  })

  it('states all that it stands on, signed, and says so in its answer', async () => {
    const held = await session()
    const { body } = await sealSlot(trainer, held)
    const [event] = await stated(held, 'seal')
    const says = async (kind: string) => (await stated(held, kind)).map(({ id }) => id)
    const [marks, signatures] = [await says('mark'), await says('signature')]
    expect(event?.says).toMatchObject({
      slotId: held.slots[0]?.id,
      trainerPersonId: trainer.personId,
      slotStartsAt: '2026-03-02T08:00:00Z',
      slotEndsAt: '2026-03-02T11:30:00Z',
      learners: held.learners.map(({ enrolmentId }, index) => ({
        enrolmentId,
        mark: marks[index],
        signature: signatures[index],
        waiver: null,
      })),
      countersignatures: await says('countersignature'),
      scanIds: [],
    })
    expect(body).toMatchObject({ slotId: held.slots[0]?.id, sealedAt: now, sequence: event?.sequence })
    const key = await app.deps.db
      .selectFrom('ledgerKey')
      .select('publicKey')
      .where('id', '=', body.keyId)
      .executeTakeFirstOrThrow()
    expect(isSignedBy(key.publicKey, `preau attendance event\n${body.hash}`, body.signature)).toBe(true)
    expect(await verifySessionLedger(app.deps.db, held.id)).toBeUndefined()
  })

  it('waits for the half-day to end', async () => {
    const held = await session({ slots: ['2026-03-02 17:00-18:30'] })
    await signAll(trainer, held)
    expect((await seal(trainer, held)).body.code).toBe('attendance/slot-not-ended')
  })

  it('is of no half-day of a session that is a draft or cancelled', async () => {
    for (const status of ['draft', 'cancelled'] as const)
      expect((await seal(trainer, await session({ status }))).body.code).toBe('attendance/session-not-held')
  })

  it('is done once, however many ask for it at the same moment', async () => {
    const held = await session()
    await signAll(trainer, held)
    const answers = await Promise.all(Array.from({ length: 50 }, () => seal(trainer, held)))
    expect(new Set(answers.map(({ status }) => status))).toEqual(new Set([200]))
    expect(new Set(answers.map(({ body }) => body.hash)).size).toBe(1)
    expect(await stated(held, 'seal')).toHaveLength(1)
    expect(await verifySessionLedger(app.deps.db, held.id)).toBeUndefined()
  })

  it('asks for nobody who cancelled, left, or came in afterwards', async () => {
    const held = await session({
      learners: [{}, { status: 'cancelled' }, { status: 'abandoned' }, { status: 'waitlisted' }, {}],
    })
    await app.deps.db
      .updateTable('enrolment')
      .set({ joinedAt: Temporal.Instant.from('2026-03-02T11:00:00Z') })
      .where('id', '=', held.learners[4]?.enrolmentId ?? '')
      .execute()
    await sign(trainer, held, 0)
    await countersign(trainer, held)
    expect((await seal(trainer, held)).status).toBe(200)
    await sign(trainer, held, 0, 1)
    await countersign(trainer, held, 1)
    expect((await seal(trainer, held, 1)).body.missing.learners).toMatchObject([
      { enrolmentId: held.learners[4]?.enrolmentId },
    ])
  })

  it('asks again for who was marked before the half-day was moved', async () => {
    const held = await session({ learners: 1 })
    await signAll(trainer, held)
    await admin.patch(
      slotOf(held),
      {
        startTime: '10:00',
        reason: 'Train du formateur supprimé',
        acceptWarnings: ['planning/trainer-double-booked'],
      },
      { 'if-match': '*' },
    )
    expect((await seal(trainer, held)).body.missing.learners).toMatchObject([{ what: 'mark' }])
    await mark(trainer, held, [{ status: 'present' }])
    expect((await seal(trainer, held)).status).toBe(200)
  })

  it('needs no session to be open, and no session waits for it to be closed', async () => {
    const held = await session({ slots: ['2026-03-02 09:00-12:30'] })
    await signAll(trainer, held)
    expect((await admin.post(`/api/sessions/${held.id}/close`)).status).toBe(200)
    expect((await seal(trainer, held)).status).toBe(200)
  })
})

describe('who seals and countersigns', () => {
  it('is a trainer of the half-day: not one of another, not a learner, and no admin for a trainer', async () => {
    const held = await withTwoTrainers()
    await teaches(held, trainer, [0])
    await teaches(held, otherTrainer, [1])
    await signAll(trainer, held)
    expect((await countersign(otherTrainer, held)).status).toBe(403)
    expect((await seal(otherTrainer, held)).status).toBe(403)
    expect((await countersign(admin, held)).status).toBe(403)
    expect((await seal(admin, held)).body.code).toBe('attendance/not-on-paper')
    expect((await countersign(otherTrainer, held, 1)).status).toBe(200)
    expect((await seal(trainer, held)).status).toBe(200)
  })

  it('is each of several trainers for themself, of whom one is enough', async () => {
    const held = await withTwoTrainers()
    await signAll(trainer, held)
    await countersign(otherTrainer, held)
    expect((await seal(trainer, held)).status).toBe(200)
    const [event] = await stated(held, 'seal')
    const countersignatures = (await stated(held, 'countersignature')).map(({ id }) => id)
    expect(event?.says).toMatchObject({ countersignatures: expect.arrayContaining(countersignatures) })
    const { slots } = await sheetOf(held)
    expect(slots[0].trainers).toEqual([
      { personId: trainer.personId, name: expect.any(String), signedAt: now },
      { personId: otherTrainer.personId, name: expect.any(String), signedAt: now },
    ])
  })

  it('signs once: the same strokes again change nothing, others are refused', async () => {
    const held = await session()
    const first = await countersign(trainer, held)
    expect(await countersign(trainer, held)).toMatchObject({ status: 200, body: first.body })
    const other = await trainer.post(`${slotOf(held)}/countersignature`, { strokes: strokesOf(7) })
    expect(other.body).toMatchObject({ status: 409, code: 'attendance/already-signed' })
    const nothing = await trainer.post(`${slotOf(held, 1)}/countersignature`, { strokes: [] })
    expect(nothing.body).toMatchObject({ status: 422, errors: [{ pointer: '/strokes' }] })
    expect(await stated(held, 'countersignature')).toHaveLength(1)
  })

  it('does not sign for a half-day that has not begun', async () => {
    const held = await session({ slots: ['2026-03-03 09:00-12:30'] })
    expect((await countersign(trainer, held)).body.code).toBe('attendance/slot-not-started')
  })

  it('stays on the sheet once replaced, and what they signed is sealed by who came after', async () => {
    const held = await withTwoTrainers()
    await signAll(trainer, held)
    await app.deps.db
      .deleteFrom('trainerAssignment')
      .where('sessionId', '=', held.id)
      .where('personId', '=', trainer.personId)
      .execute()
    expect((await seal(otherTrainer, held)).status).toBe(200)
    const { slots } = await sheetOf(held)
    expect(slots[0].trainers).toMatchObject([
      { personId: trainer.personId, signedAt: now },
      { personId: otherTrainer.personId, signedAt: null },
    ])
  })
})

describe('a half-day on paper', () => {
  const onePixel = Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mNk+A8AAQUBAScY42YAAAAASUVORK5CYII=',
    'base64',
  )
  async function scanned(held: WorldSession): Promise<string> {
    const keptAt = encodeURIComponent('Classeur 2026')
    const path = `/api/sessions/${held.id}/scans?slotIds=${held.slots[0]?.id}&originalKeptAt=${keptAt}`
    const { status, body } = await admin.post(path, onePixel, { 'content-type': 'image/png' })
    expect(status, JSON.stringify(body)).toBe(201)
    return body.id
  }

  it('is sealed by an admin without a countersignature, if the scan bears it all', async () => {
    const held = await session()
    const scanId = await scanned(held)
    const read = (learner: number) =>
      admin.post(`/api/scans/${scanId}/signatures`, {
        signatures: [{ slotId: held.slots[0]?.id, enrolmentId: held.learners[learner]?.enrolmentId }],
      })
    await read(0)
    expect((await seal(admin, held)).body).toMatchObject({
      code: 'attendance/not-ready-to-seal',
      missing: { learners: [{ enrolmentId: held.learners[1]?.enrolmentId }], trainers: [] },
    })
    await read(1)
    const { body } = await seal(admin, held)
    expect(body).toMatchObject({ trainerPersonId: null })
    const [event] = await stated(held, 'seal')
    expect(event?.says).toMatchObject({ trainerPersonId: null, countersignatures: [], scanIds: [scanId] })
    expect((await sheetOf(held)).slots[0].scans).toMatchObject([
      { id: scanId, originalKeptAt: 'Classeur 2026' },
    ])
  })

  it('is the trainer’s to seal when somebody signed on a screen', async () => {
    const held = await session({ learners: 1 })
    await scanned(held)
    await sign(trainer, held)
    expect((await seal(admin, held)).body.code).toBe('attendance/not-on-paper')
    expect((await seal(trainer, held)).body.missing.trainers).toHaveLength(1)
  })
})

describe('present and unsigned', () => {
  const waive = (held: WorldSession, given: object = {}, who = trainer) =>
    who.post(`${slotOf(held)}/waivers`, {
      enrolmentId: held.learners[0]?.enrolmentId,
      reasonCode: 'unable',
      note: 'Main dans le plâtre',
      ...given,
    })

  it('is explained by the trainer, once, and stands on the sheet', async () => {
    const held = await session()
    await mark(trainer, held, [{ status: 'present' }])
    const first = await waive(held)
    expect(first.status).toBe(200)
    expect((await waive(held)).body).toEqual(first.body)
    expect((await waive(held, { reasonCode: 'refused' })).body.code).toBe('attendance/already-waived')
    expect(await stated(held, 'waiver')).toHaveLength(1)
    expect((await sheetOf(held)).learners[0].marks[0]).toMatchObject({
      signature: null,
      waiver: { reasonCode: 'unable', note: 'Main dans le plâtre' },
    })
    expect(await verifySessionLedger(app.deps.db, held.id)).toBeUndefined()
  })

  it('is not said of who is absent, not marked, signed, or of another session', async () => {
    const [held, other] = [await session(), await session()]
    expect((await waive(held)).body.code).toBe('attendance/not-present')
    await mark(trainer, held, [{ status: 'absent' }])
    expect((await waive(held)).body.code).toBe('attendance/not-present')
    const signed = await session()
    await sign(trainer, signed)
    expect((await waive(signed)).body.code).toBe('attendance/already-signed')
    const foreign = await waive(held, { enrolmentId: other.learners[0]?.enrolmentId })
    expect(foreign.body).toMatchObject({ status: 422, errors: [{ pointer: '/enrolmentId' }] })
    expect((await waive(held, { reasonCode: 'other', note: null })).body).toMatchObject({
      errors: [{ pointer: '/note' }],
    })
    expect((await waive(held, {}, admin)).status).toBe(403)
  })
})

describe('a sealed half-day', () => {
  it('is closed for everybody: no mark, no signature, no reason, not even what stands already', async () => {
    const held = await session()
    await addTrainer(app, held.id, otherTrainer.personId)
    const late = (await addLearners(app, held.id, [{ lastName: 'Retardataire' }]))[0]
    await mark(trainer, { ...held, learners: [late as WorldSession['learners'][number]] }, [
      { status: 'absent', reasonCode: 'work' },
    ])
    await sealSlot(trainer, held)
    const before = await listEvents(app.deps.db, held.id)
    const refused = [
      await mark(trainer, held, [{ status: 'absent' }]),
      await mark(admin, held, [{ status: 'absent' }]),
      await mark(trainer, held, [{ status: 'present' }]),
      await countersign(otherTrainer, held),
      await sign(trainer, { ...held, learners: [late as WorldSession['learners'][number]] }),
      await trainer.post(`${slotOf(held)}/waivers`, {
        enrolmentId: held.learners[0]?.enrolmentId,
        reasonCode: 'refused',
      }),
    ]
    expect(refused.map(({ body }) => [body.status, body.code])).toEqual(
      refused.map(() => [409, 'attendance/sheet-sealed']),
    )
    expect((await mark(trainer, held, [{ status: 'absent' }], 1)).status).toBe(200)
    expect((await listEvents(app.deps.db, held.id)).slice(0, -1)).toEqual(before)
  })

  it('takes no news from a file, and what it says already may be said again', async () => {
    const held = await session({ learners: 1 })
    await mark(trainer, held, [{ status: 'present' }])
    await sealSlot(trainer, held)
    const record = (status: 'present' | 'absent') =>
      inTransaction(app.system, async (ctx) => {
        const locked = await lockSession(ctx.db, held.id)
        const slot = await findSlot(ctx.db, held.slots[0]?.id ?? '')
        if (!locked || !slot) throw new Error('no session')
        return recordMarks(ctx, locked, [
          { slot, marks: [{ enrolmentId: held.learners[0]?.enrolmentId ?? '', status }] },
        ])
      })
    expect(await record('present')).toBe(0)
    await expect(record('absent')).rejects.toMatchObject({ definition: { code: 'attendance/sheet-sealed' } })
  })

  it('keeps a learner who cancels afterwards, with what they attended and signed', async () => {
    const held = await session()
    await sealSlot(trainer, held)
    await app.deps.db
      .updateTable('enrolment')
      .set({ status: 'cancelled' })
      .where('id', '=', held.learners[0]?.enrolmentId ?? '')
      .execute()
    const { learners } = await sheetOf(held)
    expect(learners).toHaveLength(2)
    expect(learners[0]).toMatchObject({
      status: 'cancelled',
      attendedMinutes: 210,
      marks: [{ status: 'present', signature: { way: 'trainerDevice', signedAt: now } }],
    })
  })

  it('is never marked or signed after its seal, however closely they race', async () => {
    const slots = Array.from({ length: 50 }, (_, index) => {
      const [day, hour] = [1 + (index % 25), index < 25 ? '09' : '14']
      return `2026-02-${String(day).padStart(2, '0')} ${hour}:00-${hour}:30`
    })
    const held = await session({ learners: 2, slots })
    const absent = { status: 'absent' as const, reasonCode: 'work' as const }
    await inTransaction(app.system, async (ctx) => {
      const locked = await lockSession(ctx.db, held.id)
      if (!locked) throw new Error('no session')
      const marks = held.learners.map(({ enrolmentId }) => ({ enrolmentId, ...absent }))
      const all = await listSlots(ctx.db, held.id)
      await recordMarks(
        ctx,
        locked,
        all.map((slot) => ({ slot, marks })),
      )
    })
    await countersignAll(held)
    const outcomes = await Promise.all(
      slots.flatMap((_, slot) => {
        const calls = [
          () => seal(trainer, held, slot),
          () => mark(admin, held, [{ ...absent, reasonCode: 'family' }], slot),
          () => sign(trainer, held, 1, slot),
        ]
        return (slot % 2 ? calls : calls.reverse()).map((call) => call())
      }),
    )
    expect(new Set(outcomes.map(({ status }) => status)).difference(new Set([200, 201, 409]))).toEqual(
      new Set(),
    )
    const events = await listEvents(app.deps.db, held.id)
    const seals = new Map(
      events.filter(({ kind }) => kind === 'seal').map(({ slotId, sequence }) => [slotId, sequence]),
    )
    expect(seals.size).toBe(50)
    for (const { slotId, sequence, kind } of events)
      expect(sequence, kind).toBeLessThanOrEqual(seals.get(slotId) ?? 0)
    expect(await verifySessionLedger(app.deps.db, held.id)).toBeUndefined()
  })

  it('cannot be taken back behind the back of Préau', async () => {
    const held = await session()
    await sealSlot(trainer, held)
    for (const change of [
      'delete from slot_seal',
      'update slot_seal set sealed_at = now()',
      'truncate slot_seal',
    ])
      await expect(sql.raw(change).execute(app.deps.db)).rejects.toMatchObject({ code: 'PR001' })
  })
})
