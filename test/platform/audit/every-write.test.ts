/**
 * No verb writes without the audit. The database watches every table, also one that comes tomorrow; what a transaction
 * writes without an entry of the audit beside it has to stand in the list below, with the reason.
 */
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { rotateKey } from '../../../src/attendance/ledger/ledger-keys.ts'
import { numberCertificates } from '../../../src/certification/certification.service.ts'
import { buildJobs } from '../../../src/jobs.ts'
import { createFirstAdmin, offerSetup, setUpFirstAdmin } from '../../../src/people/sign-in/setup.service.ts'
import { type JobKind, jobKinds } from '../../../src/platform/jobs/queue.ts'
import { day, importLines } from '../../commands/import/import-world.ts'
import { type Caller, type TestApp, testAppForOneTest } from '../../support/app.ts'
import { type AuditWatch, watchWrites } from '../../support/audit-watch.ts'
import { permissionTable } from '../../support/permission-table.ts'
import { routeRequests } from '../../support/route-requests.ts'
import { sendRequest } from '../../support/route-sending.ts'
import {
  aFundingLine,
  anOpenSession,
  aSession,
  aTraining,
  made,
  now,
  type RouteWorld,
  routeWorld,
} from '../../support/route-world.ts'
import { describeOrganisation } from '../../support/world.ts'

/** What may be written without an entry, by whom, and why nobody misses one. */
const exceptions: { what: RegExp; by?: string; why: string }[] = [
  { what: /^sign_in_throttle /, why: 'counts failures; each failure that was answered has its entry' },
  { what: /^login_session UPDATE$/, why: 'a session in use is prolonged' },
  { what: /^api_token UPDATE$/, why: 'the day on which a token was last used' },
  { what: /^idempotency_key INSERT$/, why: 'remembers an answer; what it answers has its entry' },
  { what: /^outgoing_mail UPDATE$/, by: 'mail', why: 'how the sending goes; the row itself tells' },
  { what: /^single_use_token UPDATE$/, by: 'mail', why: 'a link gets its token as its mail leaves' },
  { what: /^signing_link UPDATE$/, by: 'mail', why: 'a link gets its token as its mail leaves' },
  {
    what: /^(login_session|single_use_token|sign_in_throttle|idempotency_key) DELETE$/,
    by: 'tidy',
    why: 'what has expired is forgotten',
  },
  { what: /^slot_code_guess DELETE$/, by: 'tidy', why: 'wrong codes of long ago count no longer' },
  { what: /^calendar_withdrawal DELETE$/, by: 'tidy', why: 'calendars were told for long enough' },
  { what: /^outgoing_mail UPDATE$/, by: 'tidy', why: 'the address of a mail of long ago is forgotten' },
]

const password = 'trois phrases de passe bien longues'

let world: RouteWorld
let watch: AuditWatch
beforeAll(async () => {
  world = await routeWorld()
  watch = await watchWrites(world.app)
}, 60_000)
afterAll(() => world.app.close())

const used = new Set<object>()

/** What the work writes past the audit, beside what may; `by` is the job that does it. */
async function missingAfter(
  work: () => Promise<unknown>,
  { watching = watch, by = '' } = {},
): Promise<string[]> {
  await watching.clear()
  await work()
  return (await watching.unaudited()).filter((what) => {
    const allowing = exceptions.filter((one) => one.what.test(what) && (one.by ?? by) === by)
    for (const exception of allowing) used.add(exception)
    return allowing.length === 0
  })
}

async function watched(): Promise<{ app: TestApp; watching: AuditWatch }> {
  const app = await testAppForOneTest()
  return { app, watching: await watchWrites(app) }
}

/** These do nothing in a world that is set up and signs in by tokens; they have a test of their own below. */
const needsMore = ['POST /api/setup', 'PUT /api/me/password']

describe('the audit', () => {
  it('misses nothing unnoticed: the database sees a write beside it', async () => {
    const write = () => sql`update person set phone = '0612345678'`.execute(world.app.deps.db)
    expect(await missingAfter(write)).toEqual(['person UPDATE'])
  })

  it.for(Object.keys(permissionTable))('has an entry of whatever %s writes', async (name) => {
    const request = await routeRequests[name]?.(world)
    if (!request) throw new Error(`no request for ${name}`)
    const keyed = { ...request, headers: { 'idempotency-key': crypto.randomUUID(), ...request.headers } }
    let status = 0
    const missing = await missingAfter(async () => {
      status = (await sendRequest(name, keyed)).status
    })
    expect(missing).toEqual([])
    if (!needsMore.includes(name)) expect(status).toBeLessThan(300)
  })

  it('has an entry of a training, from its programme to its certificates', async () => {
    const { callers } = world
    const { admin, trainer } = callers
    const missing = await missingAfter(async () => {
      const training = await aCertifiedTraining()
      const session = made(
        await admin.post('/api/sessions', {
          ...aSession({ ...world, training }),
          ...{ capacity: 1, approval: 'automatic' },
          slots: [
            {
              ...{ date: '2026-03-03', startTime: '09:00', endTime: '12:30' },
              trainerPersonIds: [trainer.personId],
            },
          ],
        }),
      )
      made(await admin.post(`/api/sessions/${session.id}/open`))
      const enrol = (personId: string) =>
        admin.post(`/api/sessions/${session.id}/enrolments`, {
          ...{ personId, traineeType: 'other', needs: 'Une chaise haute', fundingLines: [aFundingLine] },
        })
      const [first, second] = [
        made(await enrol(callers.learner.personId)),
        made(await enrol(callers.stranger.personId)),
      ]
      made(await admin.patch(`/api/sessions/${session.id}`, { capacity: 2 }, { 'if-match': '*' }))
      made(await admin.post(`/api/enrolments/${second.id}/confirm`))
      const marks = [
        {
          enrolmentId: first.id,
          status: 'partial',
          attendedMinutes: 100,
          reasonCode: 'transport',
          note: 'Train en retard',
        },
        { enrolmentId: second.id, status: 'absent', reasonCode: 'illness' },
      ]
      made(await trainer.put(`/api/slots/${session.slots[0].id}/attendance`, { marks }))
      made(await admin.post(`/api/sessions/${session.id}/close`))
      made(await admin.post(`/api/sessions/${session.id}/certificates`))
    })
    expect(missing).toEqual([])
  })

  it('has an entry of a code that a learner mistypes', async () => {
    const { callers } = world
    const [slot] = (await anOpenSession(world)).slotIds
    made(await callers.trainer.get(`/api/slots/${slot}/code`))
    const mistyped = { strokes: [[0, 0, 400, 400]], code: '000000' }
    const missing = await missingAfter(async () => {
      const { body } = await callers.learner.post(`/api/slots/${slot}/signatures`, mistyped)
      expect(body.code).toBe('attendance/wrong-code')
    })
    expect(missing).toEqual([])
  })

  it('has an entry of who moves up from the waiting list', async () => {
    const { admin, learner, stranger } = world.callers
    const slots = [{ date: '2026-06-02', startTime: '09:00', endTime: '12:30' }]
    const missing = await missingAfter(async () => {
      const session = made(await admin.post('/api/sessions', { ...aSession(world), capacity: 1, slots }))
      made(await admin.post(`/api/sessions/${session.id}/open`))
      const enrol = ({ personId }: Caller) =>
        admin.post(`/api/sessions/${session.id}/enrolments`, { personId, traineeType: 'other' })
      const first = made(await enrol(learner))
      expect(made(await enrol(stranger)).status).toBe('waitlisted')
      made(await admin.post(`/api/enrolments/${first.id}/cancel`))
      made(await admin.post(`/api/sessions/${session.id}/cancel`, { reason: 'Salle inondée' }))
    })
    expect(missing).toEqual([])
  })

  it('has an entry of who signs in, who fails to, and who changes a password', async () => {
    const { app, callers } = world
    const email = 'ada.le.bris@example.org'
    const person = {
      email,
      password,
      firstName: 'Ada',
      lastName: 'Le Bris',
      roleGrants: [{ role: 'member' }],
    }
    const account = made(await callers.admin.post('/api/accounts', person))
    const signIn = (password: string) => app.anonymous.post('/api/auth/login', { email, password })
    const ada = await app.inBrowser({
      ...app.anonymous,
      accountId: account.id,
      personId: account.personId,
    })
    const missing = await missingAfter(async () => {
      expect((await signIn('pas le bon')).status).toBe(401)
      expect((await signIn(password)).status).toBe(204)
      app.setNow('2026-03-14T12:00:00Z')
      made(await ada.get('/api/me'))
      const change = { currentPassword: password, newPassword: `${password} encore` }
      made(await ada.put('/api/me/password', change))
    })
    app.setNow(now)
    expect(missing).toEqual([])
  })

  it('has an entry of the first admin, by link and from the environment', async () => {
    const person = { email: 'ada@example.org', password, firstName: 'Ada', lastName: 'Le Bris' }
    const byLink = await watched()
    const { system } = byLink.app
    const missing = await missingAfter(async () => {
      const token = await offerSetup(system)
      await setUpFirstAdmin(system, { ...person, token: token ?? '' })
    }, byLink)
    expect(missing).toEqual([])

    const fromEnvironment = await watched()
    const create = () => createFirstAdmin(fromEnvironment.app.system, person)
    expect(await missingAfter(create, fromEnvironment)).toEqual([])
  })

  it('has an entry of every import', async () => {
    const { app, watching } = await watched()
    await describeOrganisation(app)
    const missing = await missingAfter(
      async () => {
        const email = 'awa@example.org'
        const runs = [
          await importLines(app.system, 'people', [{ email, employeur: 'Atelier', roles: 'membre' }]),
          await importLines(app.system, 'people', [{ email, telephone: '0612345678', roles: 'formateur' }]),
          await importLines(app.system, 'trainings', [{}]),
          await importLines(app.system, 'attendance', day({})),
          await importLines(app.system, 'attendance', day({ present: 'non' })),
          await importLines(app.system, 'funding', [{}]),
          await importLines(app.system, 'funding', [{ montant_ht: '500' }]),
        ]
        expect(runs.flatMap((run) => run.problems)).toEqual([])
        expect(runs.every((run) => run.created + run.updated > 0)).toBe(true)
      },
      { watching },
    )
    expect(missing).toEqual([])
  })

  it('has an entry of a key that takes the place of another', async () => {
    expect(await missingAfter(() => rotateKey(world.app.system, { isLost: false }))).toEqual([])
  })

  it('has none of what a key remembers, when nothing was left to do', async () => {
    const { callers, closed } = world
    const missing = await missingAfter(async () => {
      const again = `/api/sessions/${closed.id}/certificates`
      made(await callers.admin.post(again, {}, { 'idempotency-key': crypto.randomUUID() }))
    })
    expect(missing).toEqual([])
  })

  it.for<JobKind>(jobKinds)('has an entry of whatever the job %s writes', async (kind) => {
    const { app } = world
    // Two months on, when everything has expired that can.
    if (kind === 'tidy') app.setNow('2026-06-10T12:00:00Z')
    if (kind === 'finish-issuing') await aCertificateNotDrawn()
    if (kind === 'follow-up') await theMorningOfASession()
    const transport = async () => ({ outcome: 'sent' as const })
    const job = buildJobs({ transport, from: undefined }).find((handler) => handler.kind === kind)
    const { signal } = new AbortController()
    const results: string[] = []
    const missing = await missingAfter(
      async () => {
        for (const id of await queuedIds(kind))
          results.push((await job?.work(app.system, { id, isLastTry: true, signal }))?.state ?? 'no such job')
      },
      { by: kind },
    )
    expect(missing).toEqual([])
    expect(new Set(results)).toEqual(new Set(['done']))
  })

  it('was watched on every table there is, and makes no exception that nobody needs', async () => {
    const written = await watch.written()
    expect(watch.tables.filter((table) => !written.has(table))).toEqual([])
    expect(exceptions.filter((exception) => !used.has(exception))).toEqual([])
  })
})

async function aCertifiedTraining(): Promise<RouteWorld['training']> {
  const { admin } = world.callers
  const certification = {
    register: 'RS',
    code: 'RS5890',
    title: 'Gestes qui sauvent',
    certifier: 'Croix-Rouge',
  }
  const { id, activities } = made(
    await admin.post('/api/trainings', { ...aTraining, code: 'SST', objective: 'rs', certification }),
  )
  made(await admin.post(`/api/trainings/${id}/publish`))
  return { id, code: 'SST', activityId: activities[0].id }
}

/** Learners are reminded of it, and the admins told of what has been found until then. */
async function theMorningOfASession(): Promise<void> {
  const { app, callers } = world
  const slots = [{ date: '2026-03-10', startTime: '14:00', endTime: '17:00' }]
  const session = made(await callers.admin.post('/api/sessions', { ...aSession(world), slots }))
  made(await callers.admin.post(`/api/sessions/${session.id}/open`))
  const { personId } = callers.learner
  made(await callers.admin.post(`/api/sessions/${session.id}/enrolments`, { personId, traineeType: 'other' }))
  app.setNow('2026-03-10T07:30:00Z')
}

/** The process was killed between numbering and drawing. */
async function aCertificateNotDrawn(): Promise<void> {
  const { admin } = world.callers
  const session = await anOpenSession(world)
  const marks = [{ enrolmentId: session.enrolmentId, status: 'present' }]
  for (const slotId of session.slotIds) made(await admin.put(`/api/slots/${slotId}/attendance`, { marks }))
  made(await admin.post(`/api/sessions/${session.id}/close`))
  await numberCertificates(world.app.system, session.id)
}

/** Of the mails that wait; any other job comes by itself. */
async function queuedIds(kind: JobKind): Promise<string[]> {
  const { deps, system } = world.app
  if (kind !== 'mail') return [system.newId()]
  const mails = await deps.db.selectFrom('outgoingMail').select('id').where('state', '=', 'queued').execute()
  return mails.map(({ id }) => id)
}
