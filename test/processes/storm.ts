/**
 * Mixed writes by several people at once, over servers that come and go; what was answered is written down, and is what
 * the database must then hold.
 */

import { setTimeout as sleep } from 'node:timers/promises'
import { type Kysely, sql } from 'kysely'
import { expect } from 'vitest'
import { listMarks } from '../../src/attendance/attendance.queries.ts'
import { markKey } from '../../src/attendance/ledger/ledger-fold.ts'
import { verifySessionLedger } from '../../src/attendance/ledger/ledger-verification.ts'
import type { Database } from '../../src/database.ts'
import { anOrganisation } from '../support/facts.ts'
import { aTraining, made } from '../support/route-world.ts'
import { dayFromNow, type Remote, type Server } from './servers.ts'

export type Storm = {
  /** What was answered with success: the id, and the table that must have it. */
  answered: { table: 'chapter' | 'person' | 'enrolment' | 'trainingSession' | 'issuedDocument'; id: string }[]
  /** By slot and learner, the minutes that may stand there: of the last mark that was answered, and of those since. */
  marked: Map<string, (number | undefined)[]>
  /** Last names of people asked for under a key until there was an answer. */
  keyed: string[]
  /** Requests whose server ended before it answered, or lost the database on the way (503). */
  cutOff: number
  /** Answers that were neither of these, nor success, nor a conflict. */
  unexpected: string[]
  /** Waits until so many more requests are answered with success. */
  untilAnswered(more: number): Promise<void>
  end(): Promise<void>
}

type World = {
  trainingId: string
  trainerId: string
  sessionId: string
  slotIds: string[]
  learners: string[]
}

/** An organisation with a session that is being held: four half-days, four learners, two seats. */
export async function prepareStorm(server: Server, admin: Remote): Promise<World> {
  const send = async (method: string, path: string, body?: unknown) =>
    made(await admin.send(server, method, path, body))
  await send('PUT', '/api/organisation', anOrganisation)
  const { id: trainingId } = await send('POST', '/api/trainings', { code: 'ORAGE', ...aTraining })
  await send('POST', `/api/trainings/${trainingId}/publish`)
  const trainer = await send('POST', '/api/people', { firstName: 'Claude', lastName: 'Formatrice' })
  const held = { trainingId, trainerId: trainer.id }
  const session = await send('POST', '/api/sessions', aSession(held, [-3, -2], 4))
  await send('POST', `/api/sessions/${session.id}/open`)
  const learners: string[] = []
  for (let count = 1; count <= 4; count++) {
    const body = { person: { firstName: 'Alix', lastName: `Présente-${count}` }, traineeType: 'other' }
    learners.push((await send('POST', `/api/sessions/${session.id}/enrolments`, body)).id)
  }
  const slotIds = session.slots.map(({ id }: { id: string }) => id)
  return { ...held, sessionId: session.id, slotIds, learners }
}

function aSession(
  { trainingId, trainerId }: Pick<World, 'trainingId' | 'trainerId'>,
  days: readonly number[],
  capacity: number,
) {
  return {
    trainingId,
    modality: 'onsite',
    capacity,
    trainers: [{ personId: trainerId, engagement: 'internal' }],
    slots: days.flatMap((day) => [
      { date: dayFromNow(day), startTime: '09:00', endTime: '12:30' },
      { date: dayFromNow(day), startTime: '14:00', endTime: '17:30' },
    ]),
    acceptWarnings: ['planning/trainer-double-booked'],
  }
}

/** Begins at once; `servers` are those that run at the moment. */
export function beginStorm(admin: Remote, world: World, servers: readonly Server[]): Storm {
  let isOver = false
  const storm: Omit<Storm, 'end' | 'untilAnswered'> = {
    answered: [],
    marked: new Map(),
    keyed: [],
    cutOff: 0,
    unexpected: [],
  }
  let turn = 0

  /** The body of a success; undefined when it was refused, or the server ended. */
  async function ask(method: string, path: string, body?: unknown, key?: string) {
    const server = servers[++turn % servers.length]
    if (!server) throw new Error('no server')
    const answer = await admin.send(server, method, path, body, key).catch(() => undefined)
    if (!answer || answer.status === 503) {
      storm.cutOff++
      await sleep(20)
      return undefined
    }
    if (answer.status < 300) return answer.body
    if (answer.status !== 409)
      storm.unexpected.push(`${answer.status} ${method} ${path} ${JSON.stringify(answer.body)}`)
    return undefined
  }

  async function untilOver(work: (round: number) => Promise<void>): Promise<void> {
    for (let round = 1; !isOver; round++) await work(round)
  }

  const people = [
    untilOver(async (round) => {
      const name = `Antenne ${round}`
      const made = await ask('POST', '/api/chapters', { name, city: 'Brest', regionCode: '53' })
      if (made) storm.answered.push({ table: 'chapter', id: made.id })
    }),
    untilOver(async (round) => {
      const person = { firstName: 'Inès', lastName: `Clé-${round}` }
      storm.keyed.push(person.lastName)
      for (;;) {
        const made = await ask('POST', '/api/people', person, `person-${round}`)
        if (!made) continue
        storm.answered.push({ table: 'person', id: made.id })
        return
      }
    }),
    untilOver(async (round) => {
      const body = { person: { firstName: 'Maël', lastName: `Place-${round}` }, traineeType: 'other' }
      const made = await ask('POST', `/api/sessions/${world.sessionId}/enrolments`, body)
      if (made) storm.answered.push({ table: 'enrolment', id: made.id })
    }),
    ...world.learners.slice(0, 2).map((enrolmentId) =>
      untilOver(async (round) => {
        const slotId = world.slotIds[round % world.slotIds.length] ?? ''
        const key = markKey({ slotId, enrolmentId })
        const attendedMinutes = 1 + (round % 200)
        storm.marked.set(key, [...(storm.marked.get(key) ?? [undefined]), attendedMinutes])
        const marks = [{ enrolmentId, status: 'partial', attendedMinutes }]
        if (await ask('PUT', `/api/slots/${slotId}/attendance`, { marks }))
          storm.marked.set(key, [attendedMinutes])
      }),
    ),
    untilOver(async (round) => {
      const session = await ask('POST', '/api/sessions', aSession(world, [-1], 1))
      if (!session) return
      storm.answered.push({ table: 'trainingSession', id: session.id })
      const path = `/api/sessions/${session.id}`
      await ask('POST', `${path}/open`)
      const body = { person: { firstName: 'Noé', lastName: `Certifié-${round}` }, traineeType: 'other' }
      const enrolment = await ask('POST', `${path}/enrolments`, body)
      if (!enrolment) return
      for (const slot of session.slots)
        await ask('PUT', `/api/slots/${slot.id}/attendance`, {
          marks: [{ enrolmentId: enrolment.id, status: 'present' }],
        })
      await ask('POST', `${path}/close`)
      for (const { id } of (await ask('POST', `${path}/certificates`))?.issued ?? [])
        storm.answered.push({ table: 'issuedDocument', id })
    }),
  ]
  return Object.assign(storm, {
    async untilAnswered(more: number) {
      for (const before = storm.answered.length; storm.answered.length < before + more; ) await sleep(20)
    },
    async end() {
      isOver = true
      await Promise.all(people)
    },
  })
}

/** Nothing that was answered is missing, and nothing is there by half. */
export async function proveWhole(db: Kysely<Database>, storm: Storm, world: World): Promise<void> {
  expect(storm.unexpected).toEqual([])
  for (const [table, answered] of Map.groupBy(storm.answered, ({ table }) => table)) {
    const rows = await db.selectFrom(table).select('id').execute()
    const present = new Set(rows.map(({ id }) => id))
    expect(
      answered.filter(({ id }) => !present.has(id)),
      table,
    ).toEqual([])
  }
  await proveKeyed(db, storm)
  await proveAudited(db)
  await proveLedgers(db, storm, world)
  await proveNumbers(db)
}

async function proveKeyed(db: Kysely<Database>, { keyed }: Storm): Promise<void> {
  const rows = await db.selectFrom('person').select('lastName').where('lastName', 'in', keyed).execute()
  expect(rows.map(({ lastName }) => lastName).sort()).toEqual(keyed.toSorted())
}

/** Whatever was made was audited once, and whatever was audited as made is there. */
async function proveAudited(db: Kysely<Database>): Promise<void> {
  const made = [
    ['chapter', 'chapter.create'],
    ['person', 'person.create'],
    ['enrolment', 'enrolment.create'],
    ['training_session', 'session.create'],
    ['issued_document', 'certificate.issue'],
  ] as const
  for (const [table, action] of made) {
    const { rows } = await sql<{ id: string }>`
      select coalesce(made.id, audited.subject_id) as id
      from ${sql.table(table)} made
      full join (select subject_id, count(*) as entries from audit_entry where action = ${action} group by 1) audited
        on audited.subject_id = made.id
      where made.id is null or audited.entries is distinct from 1`.execute(db)
    expect(rows, action).toEqual([])
  }
}

async function proveLedgers(db: Kysely<Database>, { marked }: Storm, world: World): Promise<void> {
  const sessions = await db.selectFrom('trainingSession').select('id').execute()
  for (const { id } of sessions) expect(await verifySessionLedger(db, id), id).toBeUndefined()
  const marks = await listMarks(db, { sessionId: world.sessionId })
  const standing = new Map(marks.map((mark) => [markKey(mark), mark.attendedMinutes]))
  for (const [key, minutes] of marked) expect(minutes).toContain(standing.get(key))
}

/** No gap, no double; and what was numbered by a server that did not come to draw it was drawn by the next. */
async function proveNumbers(db: Kysely<Database>): Promise<void> {
  const documents = await db
    .selectFrom('issuedDocument')
    .select(['number', 'sha256'])
    .orderBy('number')
    .execute()
  expect(documents.map(({ number }) => number)).toEqual(documents.map((_, index) => index + 1))
  expect(documents.filter(({ sha256 }) => sha256 === null)).toEqual([])
}
