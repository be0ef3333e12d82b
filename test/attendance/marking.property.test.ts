import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { reasonCodes } from '../../src/attendance/attendance.schema.ts'
import { verifySessionLedger } from '../../src/attendance/ledger/ledger-verification.ts'
import { type Caller, type TestApp, testApp } from '../support/app.ts'
import { addSession } from '../support/world.ts'

let app: TestApp
let admin: Caller

beforeAll(async () => {
  app = await testApp({ now: '2026-03-02T17:00:00Z' })
  admin = await app.signIn('admin')
})
afterAll(() => app.close())

const learners = 4
const slotMinutes = [210, 60]

const reason = {
  reasonCode: fc.option(fc.constantFrom(...reasonCodes.slice(0, 2))),
  justified: fc.option(fc.boolean()),
  note: fc.option(fc.constantFrom('en retard', 'prévenue')),
}
const anyMark = fc.oneof(
  fc.record({ status: fc.constant('present' as const) }),
  fc.record({ status: fc.constant('absent' as const), ...reason }),
  // 60 is the whole of the shorter half-day: sometimes a partial mark is one minute too long.
  fc.record({
    status: fc.constant('partial' as const),
    attendedMinutes: fc.integer({ min: 58, max: 60 }),
    ...reason,
  }),
)
const anyCall = fc.record({
  slot: fc.nat(slotMinutes.length - 1),
  marks: fc.uniqueArray(fc.record({ learner: fc.nat(learners - 1), mark: anyMark }), {
    selector: ({ learner }) => learner,
    minLength: 1,
  }),
})
type Call = typeof anyCall extends fc.Arbitrary<infer T> ? T : never

/** What stands after some calls, told without any database: the last word counts, a word repeated is no event. */
function createModel() {
  const marks = new Map<string, { fingerprint: string; minutes: number }>()
  let events = 0
  const minutesOf = (mark: Call['marks'][number]['mark'], slot: number) =>
    mark.status === 'present' ? slotMinutes[slot]! : mark.status === 'partial' ? mark.attendedMinutes : 0
  return {
    accepts: ({ slot, marks }: Call) =>
      marks.every(({ mark }) => mark.status !== 'partial' || mark.attendedMinutes < slotMinutes[slot]!),
    apply({ slot, marks: called }: Call) {
      for (const { learner, mark } of called) {
        const minutes = minutesOf(mark, slot)
        const { reasonCode = null, justified = null, note = null } = mark.status === 'present' ? {} : mark
        const fingerprint = JSON.stringify([mark.status, minutes, reasonCode, justified, note])
        if (marks.get(`${slot} ${learner}`)?.fingerprint !== fingerprint) events++
        marks.set(`${slot} ${learner}`, { fingerprint, minutes })
      }
    },
    events: () => events,
    minutesOf: (learner: number) =>
      slotMinutes.reduce((total, _, slot) => total + (marks.get(`${slot} ${learner}`)?.minutes ?? 0), 0),
  }
}

describe('any sequence of mark calls', () => {
  it('leads to the state, the minutes and the number of events that its story tells', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(anyCall, { minLength: 1, maxLength: 12 }), async (calls) => {
        const held = await addSession(app, {
          learners,
          slots: ['2026-03-02 09:00-12:30', '2026-03-02 14:00-15:00'],
        })
        const model = createModel()
        for (const call of calls) {
          const { status } = await admin.put(`/api/slots/${held.slots[call.slot]?.id}/attendance`, {
            marks: call.marks.map(({ learner, mark }) => ({
              enrolmentId: held.learners[learner]?.enrolmentId,
              ...mark,
            })),
          })
          expect(status).toBe(model.accepts(call) ? 200 : 422)
          if (status === 200) model.apply(call)
        }
        const { body } = await admin.get(`/api/sessions/${held.id}/attendance`)
        expect(body.learners.map((learner: { attendedMinutes: number }) => learner.attendedMinutes)).toEqual(
          held.learners.map((_, learner) => model.minutesOf(learner)),
        )
        const { count } = await app.deps.db
          .selectFrom('attendanceEvent')
          .select(({ fn }) => fn.countAll<number>().as('count'))
          .where('sessionId', '=', held.id)
          .executeTakeFirstOrThrow()
        expect(count).toBe(model.events())
        expect(await verifySessionLedger(app.deps.db, held.id)).toBeUndefined()
      }),
      { numRuns: 40 },
    )
  })
})
