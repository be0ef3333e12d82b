/** What learners are written when their enrolment changes, and when nobody is written to. */
import { sql } from 'kysely'
import { simpleParser } from 'mailparser'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { enrol } from '../../src/enrolment/enrol.service.ts'
import { enrolmentInput } from '../../src/enrolment/enrolment.schema.ts'
import { addEnrolments } from '../../src/enrolment/enrolment-history.ts'
import { lockSession } from '../../src/planning/session.queries.ts'
import { inTransaction } from '../../src/platform/db/transaction.ts'
import type { Message } from '../../src/platform/mail/message.ts'
import { type Caller, type TestApp, testApp } from '../support/app.ts'
import { sendNow } from '../support/worker.ts'
import { describeOrganisation, type WorldSession } from '../support/world.ts'
import { afterEnd, afterStart, aSession, beforeStart, somePeople, type Terms } from './enrolment-world.ts'

let app: TestApp
let admin: Caller
let ada: Caller
beforeAll(async () => {
  app = await testApp({ now: beforeStart })
  await describeOrganisation(app)
  admin = await app.signIn('admin')
  ada = await app.signIn()
})
afterAll(() => app.close())

/** A session of its own: mails are told apart by its reference. */
async function aMailedSession(terms: Terms = {}): Promise<WorldSession> {
  app.setNow(beforeStart)
  return aSession(app, { title: 'Éco-conception web', ...terms })
}

/** Person after person with an address of their own. */
async function reachable(count: number): Promise<{ id: string; email: string }[]> {
  const ids = await somePeople(app, count)
  const people = ids.map((id, index) => ({ id, email: `riou${index}.${id.slice(-6)}@example.org` }))
  for (const { id, email } of people)
    await app.deps.db.updateTable('person').set({ email }).where('id', '=', id).execute()
  return people
}

async function enrolPerson(session: WorldSession, personId: string): Promise<{ id: string; status: string }> {
  const body = { personId, traineeType: 'other' }
  return (await admin.post(`/api/sessions/${session.id}/enrolments`, body)).body
}

/** The mails about a session, in the order in which they were queued: template and to whom. */
async function mailsOf(session: WorldSession): Promise<string[]> {
  return (await rowsOf(session)).map(({ template, address }) => `${template} → ${address}`)
}

/** As they lie in the table, which is the order in which they were written: ids of one millisecond have none. */
async function rowsOf(session: WorldSession) {
  const rows = await app.deps.db.selectFrom('outgoingMail').selectAll().orderBy(sql`ctid`).execute()
  const enrolments = await app.deps.db
    .selectFrom('enrolment')
    .select('id')
    .where('sessionId', '=', session.id)
    .execute()
  const ids = new Set(enrolments.map(({ id }) => id))
  return rows.filter(({ data }) => ids.has(String(data.enrolmentId)))
}

/** The last mail about a session that is queued, as it is received. */
async function readLast(session: WorldSession) {
  const mail = (await rowsOf(session)).findLast(({ state }) => state === 'queued')
  const messages: Message[] = []
  await sendNow(app, mail?.id ?? '', {
    transport: async (message) => {
      messages.push(message)
      return { outcome: 'sent' }
    },
  })
  const [message] = messages
  return message && simpleParser(message.bytes)
}

describe('whoever enrols', () => {
  it('is told dates in the session’s clock, place and how to say no', async () => {
    const session = await aMailedSession({ slots: ['2026-03-02 09:00-12:30', '2026-03-02 14:00-17:30'] })
    await app.deps.db
      .updateTable('trainingSession')
      .set({ place: 'La Fabrique, Lyon' })
      .where('id', '=', session.id)
      .execute()
    await ada.post(`/api/sessions/${session.id}/enrolments`, { traineeType: 'other' })
    const mail = await readLast(session)
    expect(mail?.subject).toBe('Inscription confirmée\u00a0: Éco-conception web')
    const text = mail?.text?.replaceAll(/[\u00a0\u202f]/g, ' ')
    expect(text).toMatch(/^Bonjour Claude,\n/)
    expect(text).toContain(`(session ${session.reference})`)
    expect(text).toContain('- lundi 2 mars 2026, de 9 h à 12 h 30\n- lundi 2 mars 2026, de 14 h à 17 h 30\n')
    expect(text).toContain('Lieu : La Fabrique, Lyon')
    expect(text).toContain('Répondez à ce message')
    expect(mail?.replyTo?.text).toBe('contact@example.org')
  })

  it('reads the hours of La Réunion where the session is held there', async () => {
    const session = await aMailedSession({ timeZone: 'Indian/Reunion', slots: ['2026-03-04 08:30-12:00'] })
    await ada.post(`/api/sessions/${session.id}/enrolments`, { traineeType: 'other' })
    const text = (await readLast(session))?.text?.replaceAll(/[\u00a0\u202f]/g, ' ')
    expect(text).toContain('Dates (heure de La Réunion) :\n- mercredi 4 mars 2026, de 8 h 30 à 12 h\n')
  })

  it('gets the address of the virtual room with the seat, and not while waiting for one', async () => {
    const session = await aMailedSession({ capacity: 1 })
    const remoteUrl = 'https://visio.example/salle'
    await app.deps.db.updateTable('trainingSession').set({ remoteUrl }).where('id', '=', session.id).execute()
    const [first, second] = await reachable(2)
    await enrolPerson(session, first?.id ?? '')
    expect((await readLast(session))?.text).toContain(remoteUrl)
    await enrolPerson(session, second?.id ?? '')
    const waiting = await readLast(session)
    expect(waiting?.subject).toBe('Liste d’attente\u00a0: Éco-conception web')
    expect(waiting?.text).toContain('en position 1.')
    expect(waiting?.text).not.toContain(remoteUrl)
  })

  it('reads at the moment of sending what is true then: a room that changed, or nothing when they have left again', async () => {
    const session = await aMailedSession()
    const [person] = await reachable(1)
    const { id } = await enrolPerson(session, person?.id ?? '')
    await app.deps.db
      .updateTable('trainingSession')
      .set({ place: 'Salle 3' })
      .where('id', '=', session.id)
      .execute()
    const [confirmed] = await rowsOf(session)
    await admin.post(`/api/enrolments/${id}/cancel`)
    await sendNow(app, confirmed?.id ?? '', { transport: async () => ({ outcome: 'sent' }) })
    const states = (await rowsOf(session)).map(({ template, state }) => `${template} ${state}`)
    expect(states.sort()).toEqual(['enrolment-cancelled queued', 'enrolment-confirmed obsolete'])
  })
})

describe('every turn of an enrolment', () => {
  it('is told: received, accepted, waiting, seated, refused with the reason, cancelled', async () => {
    const session = await aMailedSession({ capacity: 2, approval: 'manual' })
    const [a, b, c, d] = await reachable(4)
    const enrolments = []
    for (const person of [a, b, c, d]) enrolments.push(await enrolPerson(session, person?.id ?? ''))
    const [first, second, third] = enrolments
    await admin.post(`/api/enrolments/${first?.id}/confirm`)
    await admin.post(`/api/enrolments/${second?.id}/refuse`, { reason: 'Il manque un prérequis.\nDommage.' })
    await admin.post(`/api/enrolments/${first?.id}/cancel`)
    await admin.post(`/api/enrolments/${third?.id}/confirm`)
    expect(await mailsOf(session)).toEqual([
      `enrolment-requested → ${a?.email}`,
      `enrolment-requested → ${b?.email}`,
      `enrolment-waitlisted → ${c?.email}`,
      `enrolment-waitlisted → ${d?.email}`,
      `enrolment-confirmed → ${a?.email}`,
      `enrolment-refused → ${b?.email}`,
      // The seat that was refused becomes a request of the first in waiting.
      `enrolment-requested → ${c?.email}`,
      `enrolment-cancelled → ${a?.email}`,
      `enrolment-requested → ${d?.email}`,
      `enrolment-confirmed → ${c?.email}`,
    ])
    const refused = (await rowsOf(session)).find(({ template }) => template === 'enrolment-refused')
    expect(refused?.data).toMatchObject({ reason: 'Il manque un prérequis.\nDommage.' })
  })

  it('seats the next in waiting, and tells them so', async () => {
    const session = await aMailedSession({ capacity: 1 })
    const [a, b, c] = await reachable(3)
    const first = await enrolPerson(session, a?.id ?? '')
    const second = await enrolPerson(session, b?.id ?? '')
    await enrolPerson(session, c?.id ?? '')
    await admin.post(`/api/enrolments/${first.id}/cancel`)
    expect((await mailsOf(session)).slice(3)).toEqual([
      `enrolment-cancelled → ${a?.email}`,
      `enrolment-seated → ${b?.email}`,
    ])
    expect(second.status).toBe('waitlisted')
  })
})

describe('a session that is cancelled', () => {
  it('tells everybody who was in it why, in as many statements for 3 as for 40', async () => {
    const cancelled = async (count: number) => {
      const session = await aMailedSession({ capacity: 100 })
      const people = await reachable(count)
      for (const person of people) await enrolPerson(session, person.id)
      const statements = await app.countQueries(() =>
        admin.post(`/api/sessions/${session.id}/cancel`, { reason: 'Formatrice malade' }),
      )
      const mails = (await mailsOf(session)).slice(count)
      expect(mails.sort()).toEqual(people.map(({ email }) => `session-cancelled → ${email}`).sort())
      return { session, statements }
    }
    const [few, many] = [await cancelled(3), await cancelled(40)]
    expect(many.statements).toBe(few.statements)
    const mail = await readLast(few.session)
    expect(mail?.text).toContain('Motif\u00a0: Formatrice malade')
    expect(mail?.text).toContain('Elle devait avoir lieu')
  })
})

describe('nobody is written to', () => {
  it('who has no address', async () => {
    const session = await aMailedSession()
    const [person = ''] = await somePeople(app, 1)
    await enrolPerson(session, person)
    expect(await mailsOf(session)).toEqual([])
  })

  it('when an admin adds somebody to a session that has begun or is over', async () => {
    const session = await aMailedSession()
    const [during, after] = await reachable(2)
    app.setNow(afterStart)
    await enrolPerson(session, during?.id ?? '')
    app.setNow(afterEnd)
    const { id } = await enrolPerson(session, after?.id ?? '')
    await admin.post(`/api/enrolments/${id}/cancel`)
    expect(await mailsOf(session)).toEqual([])
  })

  it('when the change is undone', async () => {
    const session = await aMailedSession()
    const [person] = await reachable(1)
    await enrolPerson(session, person?.id ?? '')
    expect(((await enrolPerson(session, person?.id ?? '')) as { code?: string }).code).toBe(
      'enrolment/already-enrolled',
    )
    expect(await mailsOf(session)).toHaveLength(1)
  })

  it('by an import or the demonstration', async () => {
    const session = await aMailedSession()
    const [imported, played] = await reachable(2)
    await inTransaction(app.system, async (ctx) => {
      await lockSession(ctx.db, session.id)
      await addEnrolments(ctx, session, [
        { personId: imported?.id ?? '', traineeType: 'other', employerClientId: null },
      ])
    })
    await enrol(app.system, session.id, enrolmentInput.parse({ personId: played?.id, traineeType: 'other' }))
    expect(await mailsOf(session)).toEqual([])
  })

  it('of an abandonment, which is what they said themselves', async () => {
    const session = await aMailedSession()
    const [person] = await reachable(1)
    const { id } = await enrolPerson(session, person?.id ?? '')
    app.setNow(afterStart)
    await admin.post(`/api/enrolments/${id}/abandon`, { on: '2026-03-02', reason: 'Reprise d’emploi' })
    expect(await mailsOf(session)).toEqual([`enrolment-confirmed → ${person?.email}`])
  })
})
