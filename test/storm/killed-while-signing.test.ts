/** `kill -9` of server and database, ten times over, while a room full of people signs. */
import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, expect, it } from 'vitest'
import { verifyEvidence } from '../../src/compliance/evidence.ts'
import { startEmbeddedDatabase } from '../../src/platform/db/embedded.ts'
import { openDatabase } from '../../src/platform/db/pool.ts'
import { inSnapshot } from '../../src/platform/db/snapshot.ts'
import { dayFromNow, type Remote, remoteWith, type Server, startServer } from '../processes/servers.ts'
import { dataFolder, signInAt } from '../support/command.ts'
import { postmasterOf } from '../support/embedded-process.ts'
import { anOrganisation } from '../support/facts.ts'
import { aTraining, made } from '../support/route-world.ts'

const kills = 10
const [learners, days] = [16, 15]
const password = 'les trains de nuit du dimanche'

let server: Server | undefined
afterEach(() => server?.kill())

type Signature = { slotId: string; enrolmentId: string; strokes: number[][] }

/** Everybody draws another signature each time. */
function drawing(turn: number): number[][] {
  const points = Array.from({ length: 40 }, (_, step) => [
    100 + step * 20,
    Math.round(200 + 150 * Math.sin(step * 0.4 + turn * 0.37) * Math.cos(turn + step * 0.11)),
  ])
  return [points.flat()]
}

/** Somebody with an account signs in, and calls by a token from then on. */
async function tokenOf(address: string, email: string): Promise<Remote> {
  const cookie = await signInAt(address, email, password)
  const answer = await fetch(`${address}/api/tokens`, {
    method: 'POST',
    headers: { ...cookie, 'content-type': 'application/json' },
    body: JSON.stringify({ name: 'tablette' }),
  })
  return remoteWith(((await answer.json()) as { token: string }).token)
}

/** A session that is being held; everybody has signed nothing yet. */
async function prepare(server: Server): Promise<{ trainer: Remote; sessionId: string; toSign: Signature[] }> {
  const admin = await tokenOf(server.address, 'chef@example.org')
  const send = async (method: string, path: string, body?: unknown) =>
    made(await admin.send(server, method, path, body))
  await send('PUT', '/api/organisation', anOrganisation)
  const { id: trainingId } = await send('POST', '/api/trainings', { code: 'ORAGE', ...aTraining })
  await send('POST', `/api/trainings/${trainingId}/publish`)
  const email = 'formatrice@example.org'
  const account = { firstName: 'Claude', lastName: 'Ba', roleGrants: [{ role: 'trainer' }] }
  const { personId } = await send('POST', '/api/accounts', { email, password, ...account })
  const session = await send('POST', '/api/sessions', {
    ...{ trainingId, modality: 'onsite', capacity: learners },
    trainers: [{ personId, engagement: 'internal' }],
    slots: Array.from({ length: days }, (_, day) => [
      { date: dayFromNow(day - days), startTime: '09:00', endTime: '12:30' },
      { date: dayFromNow(day - days), startTime: '14:00', endTime: '17:30' },
    ]).flat(),
  })
  await send('POST', `/api/sessions/${session.id}/open`)
  const toSign: Signature[] = []
  for (let number = 1; number <= learners; number++) {
    const person = { firstName: 'Alix', lastName: `Présente-${number}` }
    const body = { person, traineeType: 'other' }
    const { id: enrolmentId } = await send('POST', `/api/sessions/${session.id}/enrolments`, body)
    for (const { id: slotId } of session.slots)
      toSign.push({ slotId, enrolmentId, strokes: drawing(toSign.length) })
  }
  return { trainer: await tokenOf(server.address, email), sessionId: session.id, toSign }
}

it('every signature that was answered is there, each once, and the ledger holds', async () => {
  const env = {
    PREAU_DATA_DIR: dataFolder(),
    PREAU_ADMIN_EMAIL: 'chef@example.org',
    PREAU_ADMIN_PASSWORD: password,
  }
  server = await startServer(env)
  const { trainer, sessionId, toSign } = await prepare(server)
  const answered = new Set<string>()
  const unexpected: string[] = []
  let cutOff = 0
  const waiting = [...toSign]

  /** Eight devices; what had no answer is sent again as it was. */
  async function device(): Promise<void> {
    for (let next = waiting.shift(); next; next = waiting.shift()) {
      const { slotId, ...body } = next
      const path = `/api/slots/${slotId}/signatures`
      const answer = server && (await trainer.send(server, 'POST', path, body).catch(() => undefined))
      if (answer && answer.status < 300) answered.add(`${slotId} ${body.enrolmentId}`)
      else if (!answer || answer.status === 503) {
        cutOff++
        waiting.push(next)
        await sleep(50)
      } else unexpected.push(`${answer.status} ${JSON.stringify(answer.body)}`)
    }
  }

  const devices = Promise.all(Array.from({ length: 8 }, device))
  for (let kill = 1; kill <= kills; kill++) {
    const enough = Math.floor((kill * toSign.length) / (kills + 2))
    while (answered.size < enough && unexpected.length === 0) await sleep(5)
    // The database first every other time: the server then meets a database that is gone in the middle of it.
    const postmaster = postmasterOf(env.PREAU_DATA_DIR)
    if (kill % 2 === 0) process.kill(postmaster, 'SIGKILL')
    const killed = server.kill()
    // In the same breath, or the watchdog would end it gently.
    if (kill % 2 === 1) process.kill(postmaster, 'SIGKILL')
    await killed
    server = await startServer(env)
  }
  await devices
  expect(unexpected).toEqual([])
  expect(cutOff).toBeGreaterThan(0)
  expect(answered.size).toBe(toSign.length)
  await server.stop()

  const embedded = await startEmbeddedDatabase({ dataDirectory: env.PREAU_DATA_DIR })
  const db = openDatabase(embedded.connection)
  const events = await db
    .selectFrom('attendanceEvent')
    .select(['kind', (eb) => eb.fn.countAll<number>().as('count')])
    .where('sessionId', '=', sessionId)
    .groupBy('kind')
    .orderBy('kind')
    .execute()
  const signatures = await db
    .selectFrom('attendanceSignature')
    .innerJoin('attendancePayload', 'attendancePayload.eventId', 'attendanceSignature.eventId')
    .select(['slotId', 'enrolmentId', 'content'])
    .execute()
  const altered: unknown[] = []
  await inSnapshot(db, (db) => verifyEvidence(db, (alteration) => altered.push(alteration)))
  await db.destroy()
  await embedded.stop()
  expect(altered).toEqual([])
  // A signature and the presence that it founds: one event each, and none by half.
  expect(events).toEqual(['mark', 'signature'].map((kind) => ({ kind, count: toSign.length })))
  const drawn = new Map(signatures.map((row) => [`${row.slotId} ${row.enrolmentId}`, row.content.strokes]))
  expect(drawn).toEqual(
    new Map(toSign.map(({ slotId, enrolmentId, strokes }) => [`${slotId} ${enrolmentId}`, strokes])),
  )
})
