/** What follows attendance by itself: reminders, findings, the digest, and the list of what there is to do. */
import { simpleParser } from 'mailparser'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Message } from '../../src/platform/mail/message.ts'
import { type Caller, type TestApp, testApp } from '../support/app.ts'
import { doJob } from '../support/jobs.ts'
import { addCountersignature, addSeal, addSignature } from '../support/signatures.ts'
import { sendNow } from '../support/worker.ts'
import {
  addChapter,
  addSession,
  addTrainer,
  describeOrganisation,
  type SessionFacts,
  type WorldSession,
} from '../support/world.ts'

let app: TestApp
let admin: Caller
let ada: Caller
let trainer: Caller
beforeAll(async () => {
  app = await testApp({ now: '2026-02-01T12:00:00Z' })
  await describeOrganisation(app)
  admin = await app.signIn('admin')
  ada = await app.signIn()
  trainer = await app.signIn('trainer')
})
afterAll(() => app.close())

/** Nothing that an earlier fact left behind is due or found any more. */
async function forgetOthers(): Promise<void> {
  const { db } = app.deps
  await db.updateTable('trainingSession').set({ status: 'cancelled' }).execute()
  await db.deleteFrom('attendanceFinding').execute()
  await db.deleteFrom('attendanceDigest').execute()
  await db.deleteFrom('outgoingMail').execute()
}

/** The only session there is, Monday 2 March 2026 from 9 h to 12 h 30 and from 14 h to 17 h 30, of Ada and another. */
async function onlySession(facts: SessionFacts = {}): Promise<WorldSession> {
  await forgetOthers()
  const session = await addSession(app, { learners: [{ personId: ada.personId }, {}], ...facts })
  const other = session.learners[1]?.personId ?? ''
  await app.deps.db
    .updateTable('person')
    .set({ email: `${other}@example.org` })
    .where('id', '=', other)
    .execute()
  return session
}

/** Done on two workers at the same moment. */
async function hourlyAt(now: string): Promise<void> {
  app.setNow(now)
  await Promise.all([doJob(app, 'follow-up'), doJob(app, 'follow-up')])
}

/** Template and how many half-days, by whom they go to: Ada, another learner, the trainer, an admin. */
async function queued(): Promise<string[]> {
  const rows = await app.deps.db
    .selectFrom('outgoingMail')
    .selectAll()
    .where('state', '=', 'queued')
    .execute()
  const names = new Map([
    [ada.personId, 'Ada'],
    [trainer.personId, 'trainer'],
    [admin.personId, 'admin'],
  ])
  return rows
    .map(({ template, personId, data }) => {
      const count = Array.isArray(data.slots) ? ` ${data.slots.length}` : ''
      return `${template}${count} → ${names.get(personId ?? '') ?? 'other'}`
    })
    .sort()
}

/** The mail of a template as Ada, the trainer or the admin receives it; undefined when it is not true any more. */
async function received(template: string, { personId }: Caller) {
  const mail = await app.deps.db
    .selectFrom('outgoingMail')
    .select('id')
    .where('template', '=', template as 'half-day-ahead')
    .where('personId', '=', personId)
    .executeTakeFirstOrThrow()
  const messages: Message[] = []
  await sendNow(app, mail.id, {
    transport: async (message) => {
      messages.push(message)
      return { outcome: 'sent' }
    },
  })
  const { subject, text } = messages[0] ? await simpleParser(messages[0].bytes) : {}
  return messages[0] && { subject: plain(subject), text: plain(text) }
}

/** With ordinary spaces in place of those that do not break. */
const plain = (text: string | undefined) => text?.replaceAll(/[\u00a0\u202f]/g, ' ')

const slotPath = (session: WorldSession, slot: number) => `/api/slots/${session.slots[slot]?.id}`

async function markAll(session: WorldSession, slot: number, statuses: readonly string[]): Promise<void> {
  const marks = statuses.map((status, index) => ({
    enrolmentId: session.learners[index]?.enrolmentId,
    status,
    ...(status === 'absent' && { reasonCode: 'illness' }),
  }))
  const { status, body } = await admin.put(`${slotPath(session, slot)}/attendance`, { marks })
  expect(status, JSON.stringify(body)).toBe(200)
}

describe('a learner', () => {
  it('is reminded of tomorrow’s half-days once, in the evening, with a link of their own', async () => {
    await onlySession()
    await hourlyAt('2026-03-01T15:30:00Z')
    expect(await queued()).toEqual([])
    await hourlyAt('2026-03-01T16:30:00Z')
    await hourlyAt('2026-03-01T17:30:00Z')
    expect(await queued()).toEqual(['half-day-ahead 2 → Ada', 'half-day-ahead 2 → other'])
    const mail = await received('half-day-ahead', ada)
    expect(mail?.subject).toBe('lundi 2 mars 2026 : Éco-conception web')
    expect(mail?.text).toContain(
      '- lundi 2 mars 2026, de 9 h à 12 h 30\n- lundi 2 mars 2026, de 14 h à 17 h 30',
    )
    expect(mail?.text).toMatch(/https:\/\/preau\.example\/signing\/\S{40}/)
  })

  it('is reminded by the clock of where the session is held, never at night, and in the morning if the evening was missed', async () => {
    await onlySession({ timeZone: 'Indian/Reunion' })
    await hourlyAt('2026-03-01T12:30:00Z')
    expect(await queued()).toEqual([])
    await hourlyAt('2026-03-01T17:30:00Z')
    expect(await queued()).toEqual([])
    await hourlyAt('2026-03-02T04:30:00Z')
    const mail = await received('half-day-ahead', ada)
    expect(mail?.text).toContain('de 9 h à 12 h 30')
    expect(mail?.text).toContain('heure de La Réunion')
  })

  it('is told once, an hour after the day, what they did not sign: not who signed, was absent or is not in it', async () => {
    const session = await onlySession()
    await addSignature(app, session, { slot: 0, learner: 0, at: '2026-03-02T08:30:00Z' })
    app.setNow('2026-03-02T13:30:00Z')
    await markAll(session, 0, ['present', 'present'])
    await markAll(session, 1, ['present', 'absent'])
    await hourlyAt('2026-03-02T17:00:00Z')
    expect(await queued()).toEqual([])
    await hourlyAt('2026-03-02T17:40:00Z')
    await hourlyAt('2026-03-03T09:00:00Z')
    expect((await queued()).filter((mail) => mail.startsWith('signature'))).toEqual([
      'signature-missing 1 → Ada',
      'signature-missing 1 → other',
    ])
    expect((await received('signature-missing', ada))?.text).toContain('de 14 h à 17 h 30')
  })

  it('is not reminded of what was sealed or cancelled, nor when enrolled afterwards, nor where the settings say so', async () => {
    const session = await onlySession()
    await app.deps.db
      .updateTable('enrolment')
      .set({ createdAt: Temporal.Instant.from('2026-03-02T18:00:00Z') })
      .where('id', '=', session.learners[1]?.enrolmentId ?? '')
      .execute()
    await app.deps.db
      .updateTable('slot')
      .set({ cancelledAt: app.deps.clock(), cancelledReason: 'Salle inondée' })
      .where('id', '=', session.slots[0]?.id ?? '')
      .execute()
    await addSeal(app, session, 1)
    await hourlyAt('2026-03-02T17:40:00Z')
    expect(await queued()).toEqual([])
    await onlySession()
    await describeOrganisation(app, { remindsLearners: false })
    await hourlyAt('2026-03-01T17:30:00Z')
    await describeOrganisation(app, { remindsLearners: true })
    expect(await queued()).toEqual([])
  })

  it('who signs before the reminder leaves does not get it; who signs one of two reads of the other', async () => {
    const session = await onlySession()
    await hourlyAt('2026-03-02T17:40:00Z')
    await addSignature(app, session, { slot: 0, learner: 0, at: '2026-03-02T17:41:00Z' })
    const mail = await received('signature-missing', ada)
    expect(mail?.text).toContain('de 14 h')
    expect(mail?.text).not.toContain('de 9 h')
    const later = await onlySession()
    await hourlyAt('2026-03-02T17:40:00Z')
    for (const slot of [0, 1])
      await addSignature(app, later, { slot, learner: 0, at: '2026-03-02T17:41:00Z' })
    expect(await received('signature-missing', ada)).toBeUndefined()
  })

  it('is reminded again of a half-day that was moved to another day', async () => {
    const session = await onlySession({ slots: ['2026-03-02 09:00-12:30'] })
    await hourlyAt('2026-03-01T17:30:00Z')
    const moved = await admin.patch(
      slotPath(session, 0),
      { date: '2026-03-05', startTime: '09:00', endTime: '12:30' },
      { 'if-match': '*' },
    )
    expect(moved.status, JSON.stringify(moved.body)).toBe(200)
    await hourlyAt('2026-03-04T17:30:00Z')
    expect(await queued()).toEqual([
      ...['half-day-ahead 1 → Ada', 'half-day-ahead 1 → Ada'],
      ...['half-day-ahead 1 → other', 'half-day-ahead 1 → other'],
    ])
  })
})

describe('what is not sealed', () => {
  it('is brought to the trainer the morning after, to the admins after two days, in one mail a day and once', async () => {
    const session = await onlySession({
      trainer,
      slots: ['2026-03-02 09:00-12:30', '2026-03-09 09:00-12:30'],
    })
    app.setNow('2026-03-02T08:30:00Z')
    for (const learner of [0, 1])
      await addSignature(app, session, { slot: 0, learner, at: '2026-03-02T08:30:00Z' })
    await hourlyAt('2026-03-02T18:30:00Z')
    expect(await queued()).toEqual([])
    await hourlyAt('2026-03-03T07:30:00Z')
    expect(await queued()).toEqual(['sheet-unsealed 1 → trainer'])
    expect((await received('sheet-unsealed', trainer))?.text).toContain(
      '- lundi 2 mars 2026, de 9 h à 12 h 30',
    )
    await hourlyAt('2026-03-04T07:30:00Z')
    expect(await queued()).toEqual([])
    await hourlyAt('2026-03-05T07:30:00Z')
    expect(await queued()).toEqual(['follow-up-digest → admin'])
    const digest = await received('follow-up-digest', admin)
    expect(digest?.subject).toBe('Émargement : 1 point à vérifier')
    expect(digest?.text).toContain(`- Éco-conception web (session ${session.reference}) : 1 point à vérifier`)
    await hourlyAt('2026-03-05T09:30:00Z')
    await hourlyAt('2026-03-06T07:30:00Z')
    await addSeal(app, session, 0)
    await hourlyAt('2026-03-07T07:30:00Z')
    expect(await queued()).toEqual([])
  })

  it('of a session entered after it was held is not asked for', async () => {
    const session = await onlySession({ trainer })
    await app.deps.db
      .updateTable('trainingSession')
      .set({ createdAt: Temporal.Instant.from('2026-03-08T12:00:00Z') })
      .where('id', '=', session.id)
      .execute()
    await hourlyAt('2026-03-08T09:00:00Z')
    expect(await queued()).toEqual([])
    expect((await admin.get(`/api/sessions/${session.id}/findings`)).body.findings).toEqual([])
  })
})

/** Kind and half-day of what is found in a session, and of whom. */
async function findingsIn(session: WorldSession, caller = admin): Promise<string[]> {
  const { status, body } = await caller.get(`/api/sessions/${session.id}/findings`)
  expect(status).toBe(200)
  return body.findings.map(
    (finding: { kind: string; slotId: string; enrolmentId: string | null; personId: string | null }) => {
      const slot = session.slots.findIndex(({ id }) => id === finding.slotId)
      const learner = session.learners.findIndex(({ enrolmentId }) => enrolmentId === finding.enrolmentId)
      const whom = learner >= 0 ? ` learner ${learner}` : finding.personId ? ' trainer' : ''
      return `${finding.kind} ${slot}${whom}`
    },
  )
}

describe('the findings of a session', () => {
  it('are holidays and weekends, those of its region or time zone among them', async () => {
    const slots = [
      '2026-04-03 09:00-12:00',
      '2026-05-01 09:00-12:00',
      '2026-05-02 09:00-12:00',
      '2026-12-21 09:00-12:00',
    ]
    const session = await onlySession({ slots })
    app.setNow('2026-03-01T12:00:00Z')
    expect(await findingsIn(session)).toEqual(['publicHoliday 1', 'weekend 2'])
    const { body } = await admin.get(`/api/sessions/${session.id}/findings`)
    expect(plain(body.findings[0].detail)).toBe(
      'La demi-journée du 1er mai 2026 (9 h à 12 h) tombe un jour férié : le 1er mai, fête du Travail.',
    )
    const chapterId = await addChapter(app, 'Strasbourg')
    await app.deps.db.updateTable('chapter').set({ regionCode: '44' }).where('id', '=', chapterId).execute()
    const alsace = await addSession(app, { slots, chapterId, learners: 0 })
    expect(await findingsIn(alsace)).toEqual(['publicHoliday 0', 'publicHoliday 1', 'weekend 2'])
    const reunion = await addSession(app, {
      ...{ slots: ['2026-12-20 09:00-12:00'], timeZone: 'Indian/Reunion', learners: 0 },
    })
    expect(await findingsIn(reunion)).toEqual(['publicHoliday 0'])
  })

  it('are signatures before the half-day began or well after it ended, and hands that drew the same', async () => {
    const session = await onlySession()
    await addSignature(app, session, { slot: 0, learner: 0, at: '2026-03-02T07:53:00Z', fingerprint: 'a' })
    await addSignature(app, session, { slot: 0, learner: 1, at: '2026-03-02T11:55:00Z', fingerprint: 'a' })
    await addSignature(app, session, { slot: 1, learner: 0, at: '2026-03-02T18:00:00Z', fingerprint: 'b' })
    app.setNow('2026-03-02T19:00:00Z')
    expect(await findingsIn(session)).toEqual([
      ...['sameStrokes 0 learner 0', 'sameStrokes 0 learner 1', 'signedEarly 0 learner 0'],
      ...['signedLate 1 learner 0', 'unsigned 1 learner 1'],
    ])
    const { findings } = (await admin.get(`/api/sessions/${session.id}/findings`)).body
    expect(plain(findings[2].detail)).toMatch(
      /^Claude Martin-\d+ a signé 7 min avant le début de la demi-journée du 2 mars 2026 \(9 h à 12 h 30\)\.$/,
    )
    expect(plain(findings[3].detail)).toContain('a signé 1 h 30 après la fin')
    const own = await onlySession()
    for (const slot of [0, 1])
      await addSignature(app, own, {
        ...{ slot, learner: 0, at: slot === 0 ? '2026-03-02T09:00:00Z' : '2026-03-02T14:00:00Z' },
        fingerprint: 'c',
      })
    app.setNow('2026-03-02T15:00:00Z')
    expect(await findingsIn(own)).toEqual(['repeatedStrokes 0 learner 0', 'repeatedStrokes 1 learner 0'])
  })

  it('are signatures that a device sent only days after the half-day it says they were made in', async () => {
    const session = await onlySession()
    app.setNow('2026-03-03T11:30:00Z')
    await addSignature(app, session, { slot: 0, learner: 0, at: '2026-03-02T09:00:00Z' })
    app.setNow('2026-03-04T11:30:00Z')
    await addSignature(app, session, { slot: 0, learner: 1, at: '2026-03-02T09:00:00Z' })
    const found = (await admin.get(`/api/sessions/${session.id}/findings`)).body.findings
    const late = found.filter(({ kind }: { kind: string }) => kind === 'sentLate')
    expect(late).toMatchObject([{ enrolmentId: session.learners[1]?.enrolmentId }])
    expect(plain(late[0].detail)).toContain('n’est arrivée que 48 h après sa fin')
  })

  it('are people in two sessions at once, unless they were absent from one', async () => {
    const session = await onlySession({ trainer })
    const other = await addSession(app, {
      ...{ slots: ['2026-03-02 11:00-12:00'], trainer, learners: [{ personId: ada.personId }] },
    })
    const third = await addSession(app, { slots: ['2026-03-02 16:00-18:00'], learners: 0 })
    await addTrainer(app, third.id, ada.personId)
    app.setNow('2026-03-01T19:00:00Z')
    expect(await findingsIn(session)).toEqual([
      ...['learnerOverlap 0 learner 0', 'trainerOverlap 0 trainer', 'learnerOverlap 1 learner 0'],
    ])
    expect(await findingsIn(other)).toEqual(['learnerOverlap 0 learner 0', 'trainerOverlap 0 trainer'])
    app.setNow('2026-03-02T12:00:00Z')
    await markAll(other, 0, ['absent'])
    expect(await findingsIn(session)).toEqual(['trainerOverlap 0 trainer', 'learnerOverlap 1 learner 0'])
  })

  it('are shown to its trainer and its ambassador too, in as many statements whatever is found', async () => {
    const chapterId = await addChapter(app)
    const session = await onlySession({ trainer, chapterId })
    const ambassador = await app.signIn({ role: 'ambassador', chapterId })
    app.setNow('2026-03-02T07:00:00Z')
    const read = () => admin.get(`/api/sessions/${session.id}/findings`)
    const few = await app.countQueries(read)
    app.setNow('2026-03-10T12:00:00Z')
    expect(await app.countQueries(read)).toBe(few)
    const found = await findingsIn(session)
    expect(found).toEqual([
      ...['unsealed 0', 'unsigned 0 learner 0', 'unsigned 0 learner 1'],
      ...['unsealed 1', 'unsigned 1 learner 0', 'unsigned 1 learner 1'],
    ])
    expect(await findingsIn(session, trainer)).toEqual(found)
    expect(await findingsIn(session, ambassador)).toEqual(found)
  })

  it('that an admin dismisses with a reason stay dismissed, and are not told of', async () => {
    const session = await onlySession({ slots: ['2026-03-07 09:00-12:00'] })
    app.setNow('2026-03-06T08:00:00Z')
    const path = `/api/sessions/${session.id}/findings`
    const [{ key }] = (await admin.get(path)).body.findings
    const dismissed = await admin.post(`${path}/dismiss`, { key, reason: 'Samedi, comme prévu' })
    expect(dismissed.body.dismissed).toMatchObject({ reason: 'Samedi, comme prévu' })
    const again = await admin.post(`${path}/dismiss`, { key, reason: 'Autre chose' })
    expect(again.body).toEqual(dismissed.body)
    await hourlyAt('2026-03-06T08:30:00Z')
    expect(await queued()).toEqual([])
    expect((await admin.get(path)).body.findings).toEqual([dismissed.body])
    const gone = await admin.post(`${path}/dismiss`, { key: 'weekend:ailleurs', reason: 'Rien' })
    expect(gone).toMatchObject({ status: 409, body: { code: 'attendance/finding-gone' } })
  })
})

/** Kind and how many, in the order in which they are shown. */
async function tasksOf(caller: Caller): Promise<string[]> {
  const { status, body } = await caller.get('/api/me/tasks')
  expect(status).toBe(200)
  return body.tasks.map(({ kind, count, dueOn }: { kind: string; count: number; dueOn: string | null }) =>
    [kind, count, dueOn].filter((part) => part !== null).join(' '),
  )
}

describe('the tasks', () => {
  it('of a learner are the half-days begun and not signed', async () => {
    const session = await onlySession()
    app.setNow('2026-03-02T07:00:00Z')
    expect(await tasksOf(ada)).toEqual([])
    app.setNow('2026-03-02T14:00:00Z')
    expect(await tasksOf(ada)).toEqual(['signSlot 1 2026-03-02', 'signSlot 1 2026-03-02'])
    await addSignature(app, session, { slot: 0, learner: 0, at: '2026-03-02T08:30:00Z' })
    await markAll(session, 1, ['absent', 'present'])
    expect(await tasksOf(ada)).toEqual([])
  })

  it('of a trainer are to mark, to settle who signed and was marked absent, to countersign and to seal', async () => {
    const session = await onlySession({ trainer, slots: ['2026-03-02 09:00-12:30'] })
    app.setNow('2026-03-02T09:00:00Z')
    expect(await tasksOf(trainer)).toEqual(['markSlot 2 2026-03-04'])
    await markAll(session, 0, ['absent', 'present'])
    expect(await tasksOf(trainer)).toEqual([])
    await addSignature(app, session, { slot: 0, learner: 0, at: '2026-03-02T09:01:00Z' })
    expect(await tasksOf(trainer)).toEqual(['settleConflict 1 2026-03-04'])
    await markAll(session, 0, ['present', 'present'])
    app.setNow('2026-03-02T12:00:00Z')
    expect(await tasksOf(trainer)).toEqual(['countersignSlot 1 2026-03-04'])
    await addCountersignature(app, session, { slot: 0, trainer })
    const [task, ...others] = (await trainer.get('/api/me/tasks')).body.tasks
    expect(others).toEqual([])
    expect(task).toMatchObject({
      ...{ kind: 'sealSlot', slotId: session.slots[0]?.id, path: `${slotPath(session, 0)}/seal` },
    })
    expect(plain(task.title)).toBe('Sceller la demi-journée du 2 mars 2026, 9 h, « Éco-conception web »')
    await addSeal(app, session, 0)
    expect(await tasksOf(trainer)).toEqual([])
  })

  it('of who runs sessions are those of the own chapter, of an admin all and more, in as many statements whatever there is', async () => {
    const chapterId = await addChapter(app)
    await onlySession({ chapterId })
    const far = await addSession(app, { chapterId: await addChapter(app), learners: 1 })
    const ambassador = await app.signIn({ role: 'ambassador', chapterId })
    app.setNow('2026-03-01T12:00:00Z')
    const read = () => admin.get('/api/me/tasks')
    const few = await app.countQueries(read)
    await admin.put(`/api/sessions/${far.id}/funding-lines`, {
      fundingLines: [{ source: 'fundCpf', amountCents: 65_000 }],
    })
    app.setNow('2026-03-05T07:30:00Z')
    await doJob(app, 'funder-notices')
    await doJob(app, 'follow-up')
    expect(await app.countQueries(read)).toBe(few)
    const own = ['closeSession 1 2026-03-02', 'sealSheets 2', 'collectSignatures 4']
    expect((await tasksOf(ambassador)).sort()).toEqual(own.sort())
    expect((await tasksOf(admin)).sort()).toEqual(
      [
        ...[...own, 'closeSession 1 2026-03-02', 'sealSheets 2', 'collectSignatures 2'],
        ...['tellFunder 1 2026-03-05', 'tellFunder 1 2026-03-05'],
      ].sort(),
    )
    expect((await received('follow-up-digest', admin))?.text).toContain('2 informations de plus')
  })

  it('of an admin are certificates that a correction has overtaken', async () => {
    const session = await onlySession({ slots: ['2026-03-02 09:00-12:30'] })
    app.setNow('2026-03-02T18:00:00Z')
    await markAll(session, 0, ['present', 'present'])
    await admin.post(`/api/sessions/${session.id}/close`)
    const issued = await admin.post(`/api/sessions/${session.id}/certificates`)
    expect(issued.body.issued).toHaveLength(2)
    const marks = [{ enrolmentId: session.learners[0]?.enrolmentId, status: 'absent', reasonCode: 'illness' }]
    const reason = 'Il n’était pas là'
    const corrected = await admin.put(`${slotPath(session, 0)}/attendance`, { marks, reason })
    expect(corrected.status).toBe(200)
    await doJob(app, 'follow-up')
    expect(await tasksOf(admin)).toContain('replaceCertificates 1')
  })
})
