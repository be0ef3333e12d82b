/** Whatever members and ambassadors do at the same moment, a session is never oversold and nobody waits beside a free seat. */
import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import type { Approval } from '../../src/planning/planning.schema.ts'
import { type Caller, type TestApp, testApp } from '../support/app.ts'
import type { WorldSession } from '../support/world.ts'
import { aSession, beforeStart, somePeople, stateOf } from './enrolment-world.ts'

let app: TestApp
let admin: Caller

beforeAll(async () => {
  app = await testApp({ now: beforeStart, maxConnections: 20 })
  admin = await app.signIn('admin')
})
afterAll(() => app.close())

const people = 9
const person = fc.nat({ max: people - 1 })
const action = fc.oneof(
  { weight: 4, arbitrary: fc.record({ verb: fc.constant('enrol' as const), person }) },
  {
    weight: 3,
    arbitrary: fc.record({ verb: fc.constantFrom('cancel', 'refuse', 'confirm', 'abandon'), person }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      verb: fc.constant('capacity' as const),
      capacity: fc.integer({ min: 1, max: 6 }),
    }),
  },
)
type Action = typeof action extends fc.Arbitrary<infer A> ? A : never

const bodies: Record<string, object> = {
  cancel: {},
  confirm: {},
  refuse: { reason: 'Motif' },
  abandon: { on: '2026-03-02', reason: 'Motif' },
}

async function act(session: WorldSession, personIds: string[], wanted: Action): Promise<number> {
  if (wanted.verb === 'capacity') {
    const path = `/api/sessions/${session.id}`
    return (await admin.patch(path, { capacity: wanted.capacity }, { 'if-match': '*' })).status
  }
  const personId = personIds[wanted.person]
  if (wanted.verb === 'enrol') {
    const path = `/api/sessions/${session.id}/enrolments`
    return (await admin.post(path, { personId, traineeType: 'other' })).status
  }
  const latest = [...(await stateOf(app, session.id)).values()]
    .filter((row) => row.personId === personId)
    .at(-1)
  if (!latest) return 409
  return (await admin.post(`/api/enrolments/${latest.id}/${wanted.verb}`, bodies[wanted.verb])).status
}

async function checkInvariants(session: WorldSession): Promise<void> {
  const rows = [...(await stateOf(app, session.id)).values()]
  const { body } = await admin.get(`/api/sessions/${session.id}`)
  const taken = rows.filter((row) => ['requested', 'confirmed', 'abandoned'].includes(row.status))
  const waiting = rows.filter((row) => row.status === 'waitlisted')
  expect(taken.length, 'seats sold').toBeLessThanOrEqual(body.capacity)
  expect(body).toMatchObject({ seatsLeft: body.capacity - taken.length, waitlisted: waiting.length })
  if (waiting.length > 0) expect(taken.length, 'nobody waits beside a free seat').toBe(body.capacity)
  const live = rows.filter((row) => !['refused', 'cancelled'].includes(row.status))
  expect(new Set(live.map((row) => row.personId)).size, 'each person once').toBe(live.length)
  const { items } = (await admin.get(`/api/sessions/${session.id}/enrolments?status=waitlisted`)).body
  const positions = items.map((item: { waitlistPosition: number }) => item.waitlistPosition)
  expect(positions.sort()).toEqual(waiting.map((_, index) => index + 1))
}

describe('any interleaving of enrolling, cancelling, refusing, confirming and resizing', () => {
  it.for(['automatic', 'manual'] as const)(
    'keeps seats and waiting list true with %s approval',
    async (approval) => {
      const batches = fc.array(fc.array(action, { minLength: 2, maxLength: 10 }), {
        minLength: 2,
        maxLength: 4,
      })
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 1, max: 4 }), batches, (capacity, actions) =>
          runBatches(approval, capacity, actions),
        ),
        { numRuns: 25 },
      )
    },
  )
})

async function runBatches(approval: Approval, capacity: number, batches: Action[][]): Promise<void> {
  const session = await aSession(app, { capacity, approval })
  const personIds = await somePeople(app, people)
  for (const batch of batches) {
    const statuses = await Promise.all(batch.map((wanted) => act(session, personIds, wanted)))
    expect(statuses.filter((status) => ![200, 201, 409].includes(status))).toEqual([])
    await checkInvariants(session)
  }
}
