import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listEvents } from '../../../src/attendance/ledger/ledger.queries.ts'
import { canonicalJson, genesis, verifyChain } from '../../../src/attendance/ledger/ledger.ts'
import { readKeys, readSignatories } from '../../../src/attendance/ledger/ledger-signatories.ts'
import { verifySessionLedger } from '../../../src/attendance/ledger/ledger-verification.ts'
import { sha256Hex } from '../../../src/platform/files/files.ts'
import { type Caller, type TestApp, testApp } from '../../support/app.ts'
import { addSession, type WorldSession } from '../../support/world.ts'

let app: TestApp
let admin: Caller

beforeAll(async () => {
  app = await testApp({ now: '2026-03-02T17:00:00Z' })
  admin = await app.signIn('admin')
})
afterAll(() => app.close())

/** Three learners marked, then one of them corrected: four events, three marks, two payloads. */
async function markedSession(): Promise<WorldSession> {
  const held = await addSession(app)
  const [first, second, third] = held.learners.map((learner) => learner.enrolmentId)
  const path = `/api/slots/${held.slots[0]?.id}/attendance`
  await admin.put(path, {
    marks: [
      { enrolmentId: first, status: 'present' },
      { enrolmentId: second, status: 'partial', attendedMinutes: 90, note: 'Arrivée à 11 h' },
      { enrolmentId: third, status: 'absent', reasonCode: 'family', justified: true, note: 'Naissance' },
    ],
  })
  await admin.put(path, { marks: [{ enrolmentId: first, status: 'absent', reasonCode: 'unknown' }] })
  return held
}

/** What nobody can do through Préau: somebody with the keys of the database changes rows. */
async function tamper(change: string, { id }: WorldSession): Promise<void> {
  await app.deps.db.transaction().execute(async (trx) => {
    await sql`set local session_replication_role = replica`.execute(trx)
    const result = await sql.raw(change.replaceAll(':session', `'${id}'`)).execute(trx)
    expect(Number(result.numAffectedRows)).toBeGreaterThan(0)
  })
}

describe('the ledger', () => {
  it('can be recomputed by anyone from the texts it holds', async () => {
    const held = await markedSession()
    const events = await listEvents(app.deps.db, held.id)
    let previous = sha256Hex(`preau attendance ledger\n${held.id}`)
    for (const [index, event] of events.entries()) {
      expect(event.sequence).toBe(index + 1)
      expect(event.previousHash).toBe(previous)
      previous = sha256Hex(`${previous}\n${event.body}`)
      expect(event.hash).toBe(previous)
    }
    expect(events).toHaveLength(4)
    const signatories = await readSignatories(app.deps.db, [held.id], await readKeys(app.deps.db, []))
    expect(verifyChain(held.id, events, signatories(held.id))).toEqual([])
    expect(await verifySessionLedger(app.deps.db, held.id)).toBeUndefined()
  })

  it('states ids, codes, dates and minutes, and no free text', async () => {
    const held = await markedSession()
    const [, second] = await listEvents(app.deps.db, held.id)
    expect(JSON.parse(second?.body ?? '')).toEqual({
      format: 2,
      kind: 'mark',
      id: second?.id,
      sessionId: held.id,
      sequence: 2,
      slotId: held.slots[0]?.id,
      enrolmentId: held.learners[1]?.enrolmentId,
      status: 'partial',
      minutes: 90,
      reasonCode: null,
      justified: null,
      heldOn: '2026-03-02',
      attendanceKind: 'onsite',
      source: 'decision',
      decidedAt: '2026-03-02T17:00:00Z',
      arrivedAt: null,
      leftAt: null,
      slotStartsAt: '2026-03-02T08:00:00Z',
      slotEndsAt: '2026-03-02T11:30:00Z',
      deviceAt: null,
      clientId: null,
      isLate: false,
      recordedAt: '2026-03-02T17:00:00Z',
      recordedBy: admin.accountId,
      payloadHash: second?.payloadHash,
    })
    const payload = await app.deps.db
      .selectFrom('attendancePayload')
      .selectAll()
      .where('eventId', '=', second?.id ?? '')
      .executeTakeFirstOrThrow()
    expect(payload.content).toEqual({ note: 'Arrivée à 11 h' })
    expect(second?.payloadHash).toBe(sha256Hex(`${payload.salt}{"note":"Arrivée à 11 h"}`))
    expect(payload.salt).toHaveLength(43)
  })

  it('begins with a hash that belongs to the session, and needs no event', async () => {
    const [one, other] = [await addSession(app), await addSession(app)]
    expect(genesis(one.id).hash).not.toBe(genesis(other.id).hash)
    expect(await verifySessionLedger(app.deps.db, one.id)).toBeUndefined()
  })

  it('writes JSON in the one form of RFC 8785', () => {
    expect(canonicalJson({ b: 1, a: 'é', é: null, B: [1.0, true] })).toBe(
      '{"B":[1,true],"a":"é","b":1,"é":null}',
    )
  })

  it('still holds when what is personal has been deleted in its time', async () => {
    const held = await markedSession()
    await sql`delete from attendance_payload where event_id in
      (select id from attendance_event where session_id = ${held.id})`.execute(app.deps.db)
    expect(await verifySessionLedger(app.deps.db, held.id)).toBeUndefined()
  })
})

describe('the database', () => {
  it.each([
    ['an event changed', `update attendance_event set recorded_by = null where session_id = :session`],
    ['an event deleted', `delete from attendance_event where session_id = :session`],
    ['all events gone', `truncate attendance_event cascade`],
    ['a mark deleted', `delete from attendance_mark where session_id = :session`],
    ['all marks gone', `truncate attendance_mark`],
    ['a chain cut short', `update ledger_head set sequence = 0 where session_id = :session`],
    ['another end of the chain', `update ledger_head set hash = 'x' where session_id = :session`],
    ['a chain forgotten', `delete from ledger_head where session_id = :session`],
    [
      'a payload changed',
      `update attendance_payload set content = '{}' where event_id in
        (select id from attendance_event where session_id = :session)`,
    ],
  ])('refuses %s', async (_, change) => {
    const held = await markedSession()
    const attempt = sql.raw(change.replaceAll(':session', `'${held.id}'`)).execute(app.deps.db)
    await expect(attempt).rejects.toMatchObject({ code: 'PR001' })
  })
})

describe('an alteration behind the back of Préau is found', () => {
  const ofSession = 'where session_id = :session'
  const payloads = `where event_id in (select id from attendance_event where session_id = :session)`
  it.each([
    [
      'the body of an event',
      `update attendance_event set body = replace(body, '"minutes":90', '"minutes":91') ${ofSession} and sequence = 2`,
      'wrong-hash',
      2,
    ],
    [
      'the hash of an event',
      `update attendance_event set hash = repeat('0', 64) ${ofSession} and sequence = 2`,
      'wrong-hash',
      2,
    ],
    [
      'the hash before',
      `update attendance_event set previous_hash = repeat('0', 64) ${ofSession} and sequence = 3`,
      'broken-link',
      3,
    ],
    [
      'body and hash together',
      `update attendance_event set body = 'x', hash = encode(sha256(convert_to(previous_hash || E'\\n' || 'x', 'UTF8')), 'hex') ${ofSession} and sequence = 2`,
      'unreadable-body',
      2,
    ],
    ['an event taken out', `delete from attendance_event ${ofSession} and sequence = 2`, 'sequence-gap', 3],
    [
      'the first event taken out',
      `delete from attendance_event ${ofSession} and sequence = 1`,
      'sequence-gap',
      2,
    ],
    [
      'the last event taken out',
      `delete from attendance_event ${ofSession} and sequence = 4`,
      'wrong-head',
      null,
    ],
    [
      'who recorded an event',
      `update attendance_event set recorded_by = null ${ofSession} and sequence = 2`,
      'column-differs',
      2,
    ],
    [
      'when an event was recorded',
      `update attendance_event set recorded_at = recorded_at + interval '1 second' ${ofSession} and sequence = 2`,
      'column-differs',
      2,
    ],
    [
      'whom an event is about',
      `update attendance_event set enrolment_id = null ${ofSession} and sequence = 2`,
      'column-differs',
      2,
    ],
    [
      'the kind of an event',
      `update attendance_event set kind = 'seal' ${ofSession} and sequence = 2`,
      'column-differs',
      2,
    ],
    [
      'the hash of a payload',
      `update attendance_event set payload_hash = null ${ofSession} and sequence = 2`,
      'column-differs',
      2,
    ],
    [
      'the place in the order',
      `update attendance_event set sequence = 9 ${ofSession} and sequence = 2`,
      'sequence-gap',
      3,
    ],
    ['the head', `update ledger_head set sequence = 3 ${ofSession}`, 'wrong-head', null],
    ['the head’s hash', `update ledger_head set hash = repeat('0', 64) ${ofSession}`, 'wrong-head', null],
    ['no head any more', `delete from ledger_head ${ofSession}`, 'wrong-head', null],
    [
      'a note',
      `update attendance_payload set content = '{"note":"À l’heure"}' ${payloads} and content ->> 'note' like 'Arr%'`,
      'payload-differs',
      2,
    ],
    [
      'the salt of a note',
      `update attendance_payload set salt = 'x' ${payloads} and content ->> 'note' like 'Nai%'`,
      'payload-differs',
      3,
    ],
    [
      'a note slipped in',
      `insert into attendance_payload select id, 'x', '{"note":"x"}' from attendance_event ${ofSession} and sequence = 1`,
      'payload-differs',
      1,
    ],
    [
      'the minutes of a mark',
      `update attendance_mark set attended_minutes = 91 ${ofSession} and status = 'partial'`,
      'mark-differs',
      2,
    ],
    [
      'the status of a mark',
      `update attendance_mark set status = 'present' ${ofSession} and status = 'partial'`,
      'mark-differs',
      2,
    ],
    [
      'the date of a mark',
      `update attendance_mark set held_on = '2025-12-31' ${ofSession} and status = 'partial'`,
      'mark-differs',
      2,
    ],
    [
      'the kind of a mark',
      `update attendance_mark set kind = 'synchronous' ${ofSession} and status = 'partial'`,
      'mark-differs',
      2,
    ],
    [
      'the reason of a mark',
      `update attendance_mark set reason_code = 'work' ${ofSession} and justified`,
      'mark-differs',
      3,
    ],
    [
      'the proof of a mark',
      `update attendance_mark set justified = false ${ofSession} and justified`,
      'mark-differs',
      3,
    ],
    [
      'the event of a mark',
      `update attendance_mark set event_id = (select id from attendance_event ${ofSession} and sequence = 1) ${ofSession} and status = 'partial'`,
      'mark-differs',
      2,
    ],
    [
      'the moment of a mark',
      `update attendance_mark set marked_at = marked_at + interval '1 second' ${ofSession} and status = 'partial'`,
      'mark-differs',
      2,
    ],
    [
      'a mark taken out',
      `delete from attendance_mark ${ofSession} and status = 'partial'`,
      'mark-missing',
      2,
    ],
  ] as const)('in %s', async (_, change, code, sequence) => {
    const held = await markedSession()
    await tamper(change, held)
    expect(await verifySessionLedger(app.deps.db, held.id)).toMatchObject({ code, sequence })
  })

  it('in a mark that no event founds', async () => {
    const [held, other] = [await markedSession(), await addSession(app)]
    await tamper(
      `insert into attendance_mark select (jsonb_populate_record(mark, jsonb_build_object(
        'enrolment_id', '${other.learners[0]?.enrolmentId}'))).*
        from attendance_mark mark where session_id = :session and status = 'partial'`,
      held,
    )
    expect(await verifySessionLedger(app.deps.db, held.id)).toMatchObject({
      code: 'mark-unfounded',
      sequence: null,
    })
  })

  it('in events exchanged between two sessions', async () => {
    const [held, other] = [await markedSession(), await markedSession()]
    await tamper(
      `update attendance_event set session_id = case session_id when :session then '${other.id}'::uuid
        else :session::uuid end, sequence = sequence + 100 where session_id in (:session, '${other.id}')`,
      held,
    )
    await tamper(
      `update attendance_event set sequence = sequence - 100 where session_id in (:session, '${other.id}')`,
      held,
    )
    expect(await verifySessionLedger(app.deps.db, held.id)).toMatchObject({
      code: 'broken-link',
      sequence: 1,
    })
  })
})
