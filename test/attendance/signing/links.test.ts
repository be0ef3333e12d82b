/** Personal links: who gets one, what it opens, and when it ends. */
import { sql } from 'kysely'
import { simpleParser } from 'mailparser'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import type { Message } from '../../../src/platform/mail/message.ts'
import { type Caller, type TestApp, testApp } from '../../support/app.ts'
import { made } from '../../support/route-world.ts'
import { sendNow } from '../../support/worker.ts'
import { addLearners, addSession, describeOrganisation } from '../../support/world.ts'
import { aSignature } from './signatures.ts'
import { aScreenLink, aSignedSession, ledgerOf, type SignedSession, signByLink } from './signing-world.ts'

const now = '2026-03-02T09:00:00Z'

let app: TestApp
let admin: Caller
let trainer: Caller
beforeAll(async () => {
  app = await testApp({ now })
  await describeOrganisation(app)
  admin = await app.signIn('admin')
  trainer = await app.signIn('trainer')
})
afterAll(() => app.close())
beforeEach(() => app.setNow(now))

const send = (who: Caller, { id }: { id: string }, body?: object) =>
  who.post(`/api/sessions/${id}/signing-links`, body)

/** The mails to a learner that wait, sent now: the text of each. */
async function receive(session: SignedSession, learner = 0): Promise<string[]> {
  const mails = await app.deps.db
    .selectFrom('outgoingMail')
    .select('id')
    .where('personId', '=', session.learners[learner]?.personId ?? '')
    .where('state', '=', 'queued')
    .execute()
  const texts: string[] = []
  const transport = async (message: Message) => {
    texts.push((await simpleParser(message.bytes)).text ?? '')
    return { outcome: 'sent' as const }
  }
  for (const { id } of mails) await sendNow(app, id, { transport })
  return texts
}

const tokenIn = (text = '') => /https:\/\/preau\.example\/signing\/([\w-]{43})/.exec(text)?.[1] ?? ''

async function aMailedLink(session: SignedSession): Promise<string> {
  made(await send(trainer, session))
  return tokenIn((await receive(session))[0])
}

/** With an address for each learner. */
async function aSession(people = 1): Promise<SignedSession> {
  const session = await aSignedSession(app, trainer, { people })
  for (const { personId } of session.people)
    await app.deps.db
      .updateTable('person')
      .set({ email: `${personId.slice(-8)}@example.org` })
      .where('id', '=', personId)
      .execute()
  return session
}

const read = (token: string, who = app.anonymous) => who.get(`/api/signing/${token}`)

describe('links by mail', () => {
  it('go to every confirmed learner who has an address, and say who has none', async () => {
    const session = await aSession(2)
    const [unreachable] = await addLearners(app, session.id, [{}])
    await addLearners(app, session.id, [{ status: 'waitlisted' }])
    const { body } = await send(trainer, session)
    const [first, second] = session.learners.map(({ enrolmentId }) => enrolmentId)
    expect(new Set(body.sent)).toEqual(new Set([first, second]))
    expect(body.unreachable).toEqual([unreachable?.enrolmentId])
    const some = await send(admin, session, { enrolmentIds: [second] })
    expect(some.body).toEqual({ sent: [second], unreachable: [] })
    const elsewhere = await addSession(app, { learners: 1 })
    const wrong = await send(trainer, session, { enrolmentIds: [first, elsewhere.learners[0]?.enrolmentId] })
    expect(wrong.body.errors).toMatchObject([{ pointer: '/enrolmentIds/1', code: 'not-confirmed' }])
  })

  it('sign every half-day of the session without an account, however often they are opened', async () => {
    const session = await aSession()
    const token = await aMailedLink(session)
    for (let opened = 0; opened < 3; opened++)
      expect(await read(token)).toMatchObject({
        status: 200,
        body: {
          session: { title: 'Éco-conception web', timeZone: 'Europe/Paris' },
          learner: { name: expect.stringMatching(/^Claude Martin-/) },
          slots: [
            { date: '2026-03-02', startTime: '09:00', endTime: '12:30', state: 'toSign', signedAt: null },
            { startTime: '14:00', state: 'notStarted' },
          ],
        },
      })
    expect(await signByLink(app.anonymous, token, session)).toMatchObject({
      status: 201,
      body: { way: 'ownDevice', enrolmentId: session.learners[0]?.enrolmentId },
    })
    app.setNow('2026-03-02T14:00:00Z')
    made(await signByLink(app.anonymous, token, session, { slot: 1, strokes: aSignature(2) }))
    expect((await read(token)).body.slots.map(({ state }: { state: string }) => state)).toEqual([
      'signed',
      'signed',
    ])
    const links = await app.deps.db.selectFrom('signingLink').selectAll().execute()
    const ledger = await ledgerOf(app, session)
    expect(ledger[0]).toMatchObject({ recordedBy: null, way: 'ownDevice' })
    expect(links.map(({ id }) => id)).toContain(ledger[0].linkId)
    expect(
      JSON.stringify([links, await app.deps.db.selectFrom('outgoingMail').selectAll().execute()]),
    ).not.toContain(token)
  })

  it('say in the mail what they are for, in the words of the template', async () => {
    const session = await aSession()
    made(await send(trainer, session))
    const [text] = await receive(session)
    expect(text).toContain(`Éco-conception web`)
    expect(text).toContain(session.reference)
    expect(text).toContain('Ce lien vaut votre signature')
  })

  it('work until two weeks after the last half-day, and no mail goes out after that', async () => {
    const session = await aSession()
    const token = await aMailedLink(session)
    made(await send(trainer, session))
    app.setNow('2026-03-16T16:29:59Z')
    expect((await read(token)).status).toBe(200)
    app.setNow('2026-03-16T16:30:00Z')
    expect(await read(token)).toMatchObject({ status: 404, body: { code: 'attendance/link-not-valid' } })
    expect((await signByLink(app.anonymous, token, session)).status).toBe(404)
    expect(await receive(session)).toEqual([])
    expect((await send(trainer, session)).body.code).toBe('attendance/links-ended')
  })

  it('end when they are revoked, when the enrolment ends, and when the session is cancelled', async () => {
    const session = await aSession(2)
    made(await send(trainer, session))
    const [one, two] = [tokenIn((await receive(session))[0]), tokenIn((await receive(session, 1))[0])]
    expect([(await read(one)).status, (await read(two)).status]).toEqual([200, 200])
    const revoke = `/api/enrolments/${session.learners[0]?.enrolmentId}/signing-links`
    expect((await trainer.delete(revoke)).status).toBe(204)
    expect([(await read(one)).status, (await read(two)).status]).toEqual([404, 200])
    const { db } = app.deps
    const enrolment = db.updateTable('enrolment').where('id', '=', session.learners[1]?.enrolmentId ?? '')
    await enrolment.set({ status: 'cancelled' }).execute()
    expect((await read(two)).status).toBe(404)
    await enrolment.set({ status: 'confirmed' }).execute()
    await db
      .updateTable('trainingSession')
      .set({ status: 'cancelled' })
      .where('id', '=', session.id)
      .execute()
    expect((await read(two)).status).toBe(404)
    expect((await send(trainer, session)).body.code).toBe('attendance/session-not-held')
  })

  it('are not guessed: what is none is answered alike, whatever its form', async () => {
    const tokens = ['x', 'A'.repeat(43), encodeURIComponent('œ'), "'or'1"]
    for (const token of tokens)
      expect(await read(token)).toMatchObject({ status: 404, body: { code: 'attendance/link-not-valid' } })
  })
})

async function waitingForLocks(): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) from pg_stat_activity
    where datname = current_database() and wait_event_type = 'Lock'`.execute(app.deps.db)
  return rows[0]?.count ?? 0
}

describe('a link on the trainer’s screen', () => {
  it('signs this half-day for ten minutes, and no other', async () => {
    const session = await aSession()
    app.setNow('2026-03-02T14:00:00Z')
    const token = await aScreenLink(trainer, session)
    expect((await read(token)).body.slots).toMatchObject([{ id: session.slots[0]?.id }])
    expect((await signByLink(app.anonymous, token, session, { slot: 1 })).status).toBe(404)
    app.setNow('2026-03-02T14:09:59Z')
    expect((await signByLink(app.anonymous, token, session)).status).toBe(201)
    app.setNow('2026-03-02T14:10:00Z')
    expect((await read(token)).status).toBe(404)
  })

  it('is not made, nor a code, for a half-day that is taken away at this moment', async () => {
    const session = await aSession()
    const slotId = session.slots[0]?.id ?? ''
    const { enrolmentId } = session.learners[0] ?? {}
    const { asked } = await app.deps.db.transaction().execute(async (trx) => {
      await trx.deleteFrom('slot').where('id', '=', slotId).execute()
      const asked = [
        trainer.post(`/api/slots/${slotId}/signing-links`, { enrolmentId }),
        trainer.get(`/api/slots/${slotId}/code`),
      ]
      await expect.poll(waitingForLocks).toBe(2)
      return { asked }
    })
    for (const { status } of await Promise.all(asked)) expect(status).toBe(404)
  })

  it('comes with a QR code of its address, for confirmed learners of the session', async () => {
    const session = await aSession()
    const path = `/api/slots/${session.slots[0]?.id}/signing-links`
    const shown = made(await trainer.post(path, { enrolmentId: session.learners[0]?.enrolmentId }))
    expect(shown).toMatchObject({ expiresAt: '2026-03-02T09:10:00Z', qrSvg: expect.stringMatching(/^<svg /) })
    const elsewhere = await addSession(app, { learners: 1 })
    const wrong = await trainer.post(path, { enrolmentId: elsewhere.learners[0]?.enrolmentId })
    expect(wrong.body.errors).toMatchObject([{ pointer: '/enrolmentId', code: 'not-confirmed' }])
  })

  it('names the trainer who showed it in the ledger, unless its learner was signed in', async () => {
    const session = await aSession(2)
    for (const [learner, who] of [app.anonymous, session.people[1]!].entries()) {
      const token = await aScreenLink(trainer, session, learner)
      expect((await signByLink(who, token, session, { strokes: aSignature(learner) })).status).toBe(201)
    }
    const { body } = await trainer.get(`/api/slots/${session.slots[0]?.id}/signatures`)
    expect(body.signatures).toMatchObject([
      { way: 'ownDevice', handedOverBy: trainer.personId },
      { way: 'ownDevice', handedOverBy: null },
    ])
  })

  it('is used by its learner or by nobody who is known: who is signed in as another is refused', async () => {
    const session = await aSession(2)
    const token = await aScreenLink(trainer, session)
    expect(await signByLink(trainer, token, session)).toMatchObject({
      status: 403,
      body: { code: 'attendance/link-of-another' },
    })
    expect((await signByLink(session.people[1]!, token, session)).status).toBe(403)
    expect((await signByLink(session.people[0]!, token, session)).status).toBe(201)
  })
})

describe('a learner who is signed in', () => {
  it('sees their half-days of a session, without those of before they came in', async () => {
    const session = await aSession()
    const path = `/api/sessions/${session.id}/signing`
    expect((await session.people[0]!.get(path)).body.slots).toHaveLength(2)
    await app.deps.db
      .updateTable('enrolment')
      .set({ joinedAt: Temporal.Instant.from('2026-03-02T11:45:00Z') })
      .where('id', '=', session.learners[0]?.enrolmentId ?? '')
      .execute()
    expect((await session.people[0]!.get(path)).body.slots).toMatchObject([{ startTime: '14:00' }])
    expect((await admin.get(path)).status).toBe(403)
    expect((await (await app.signIn()).get(path)).status).toBe(404)
  })
})
