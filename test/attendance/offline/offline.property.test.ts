import fc from 'fast-check'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { verifySessionLedger } from '../../../src/attendance/ledger/ledger-verification.ts'
import { type Caller, type TestApp, testApp } from '../../support/app.ts'
import { addSession, type WorldSession } from '../../support/world.ts'
import { aSignature } from '../signing/signatures.ts'

const now = Temporal.Instant.from('2026-03-02T18:00:00Z')
/** 09:00–12:30 and 14:00–17:30 in Paris. */
const slotStarts = ['2026-03-02T08:00:00Z', '2026-03-02T13:00:00Z'].map((at) => Temporal.Instant.from(at))

let app: TestApp
let trainer: Caller
let learner: Caller

beforeAll(async () => {
  app = await testApp({ now: now.toString() })
  trainer = await app.signIn('trainer')
  learner = await app.signIn('member')
})
afterAll(() => app.close())

/** Two devices of the trainer, and the phone of the first learner. */
const learnersPhone = 2
const devices = [0, 1, learnersPhone] as const

const when = {
  slot: fc.constantFrom(0, 0, 0, 1),
  /** Minutes after 08:00 UTC; some lie before their half-day, some after the present. */
  minute: fc.oneof(fc.integer({ min: -5, max: 610 }), fc.constantFrom(0, 300, 599, 605)),
}
const statuses = ['present', 'absent', 'partial'] as const
const trainersEvent = fc.oneof(
  fc.record({
    type: fc.constant('mark' as const),
    device: fc.nat(1),
    ...when,
    learner: fc.nat(1),
    status: fc.constantFrom(...statuses),
  }),
  fc.record({ type: fc.constant('signature' as const), device: fc.nat(1), ...when, learner: fc.nat(1) }),
  fc.record({ type: fc.constant('countersignature' as const), device: fc.nat(1), ...when }),
)
const learnersEvent = fc.record({
  type: fc.constant('signature' as const),
  device: fc.constant(learnersPhone),
  ...when,
  learner: fc.constant(0),
})
const anyEvent = fc.record({
  clientId: fc.uuid({ version: 4 }),
  told: fc.oneof({ weight: 3, arbitrary: trainersEvent }, learnersEvent),
})
type Event = typeof anyEvent extends fc.Arbitrary<infer T> ? T : never

const anyStory = fc.record({
  events: fc.uniqueArray(anyEvent, { selector: ({ clientId }) => clientId, minLength: 4, maxLength: 14 }),
  /** Minutes by which the clock of each device is ahead of the server’s. */
  skews: fc.tuple(
    ...devices.map(() => fc.oneof(fc.constantFrom(0, 1, -1), fc.integer({ min: -200, max: 200 }))),
  ),
  /** Pieces on the way, of whatever the device holds; all of it is sent once more at the end. */
  pieces: fc.array(
    fc.record({ device: fc.constantFrom(...devices), picks: fc.array(fc.nat(13), { minLength: 1 }) }),
    {
      maxLength: 5,
    },
  ),
})
type Story = typeof anyStory extends fc.Arbitrary<infer T> ? T : never

type Happened = Event & { at: Temporal.Instant; happenedAt: Temporal.Instant }

/** A device that is less than two minutes off is believed to the second; else it is put right. */
function happened({ clientId, told }: Event, skews: Story['skews']): Happened {
  const skew = skews[told.device] ?? 0
  const truly = Temporal.Instant.from('2026-03-02T08:00:00Z').add({ minutes: told.minute })
  const at = truly.add({ minutes: skew })
  return { clientId, told, at, happenedAt: Math.abs(skew) < 2 ? at : truly }
}

function faultOf({ told, happenedAt }: Happened): string | undefined {
  const start = slotStarts[told.slot]
  if (start && Temporal.Instant.compare(happenedAt, start) < 0) return 'attendance/slot-not-started'
  const isAhead = Temporal.Instant.compare(happenedAt, now.add({ minutes: 2 })) > 0
  return isAhead ? 'attendance/in-the-future' : undefined
}

const earliestFirst = (a: Happened, b: Happened) =>
  Temporal.Instant.compare(a.happenedAt, b.happenedAt) || (a.clientId < b.clientId ? -1 : 1)

/** What stands after all of it, told without any order, database or chain. */
function model(all: readonly Happened[]) {
  const good = all.filter((event) => !faultOf(event)).toSorted(earliestFirst)
  const marks: Record<string, string> = {}
  const signatures: Record<string, string> = {}
  const countersignatures: Record<string, string> = {}
  for (const slot of [0, 1]) {
    const inSlot = good.filter(({ told }) => told.slot === slot)
    for (const learner of [0, 1]) {
      const theirs = inSlot.filter(({ told }) => 'learner' in told && told.learner === learner)
      const decision = theirs.findLast(({ told }) => told.type === 'mark')
      const signed = theirs.filter(({ told }) => told.type === 'signature')
      const key = `${slot} ${learner}`
      // What learners signed by themselves counts before what was signed on the trainer's device.
      const first = signed.find(({ told }) => told.device === learnersPhone) ?? signed.at(0)
      const last = signed.at(-1)
      if (decision && 'status' in decision.told)
        marks[key] = `${decision.told.status} by decision at ${decision.happenedAt}`
      else if (last) marks[key] = `present by signature at ${last.happenedAt}`
      if (first) signatures[key] = first.happenedAt.toString()
    }
    const [countersigned] = inSlot.filter(({ told }) => told.type === 'countersignature')
    if (countersigned) countersignatures[slot] = countersigned.happenedAt.toString()
  }
  const absent = Object.keys(marks).filter((key) => marks[key]?.startsWith('absent') && signatures[key])
  const wrong = good.filter(({ at, happenedAt }) => !at.equals(happenedAt))
  const about = ({ told }: Happened) => `${told.slot} ${'learner' in told ? told.learner : -1}`
  const conflicts = [
    ...absent.map((key) => `${key} signed-but-absent`),
    ...new Set(wrong.map((event) => `${about(event)} clock-off`)),
  ]
  return {
    marks,
    signatures,
    countersignatures,
    conflicts: conflicts.sort(),
    recorded: good.map(({ clientId }) => clientId).sort(),
  }
}

const minutesOf = { present: 210, partial: 60, absent: 0 }

function requestOf({ clientId, told, at }: Happened, held: WorldSession) {
  const { type } = told
  const base = { type, clientId, slotId: held.slots[told.slot]?.id, at: at.toString() }
  const enrolmentId = 'learner' in told ? held.learners[told.learner]?.enrolmentId : undefined
  const strokes = aSignature(Number.parseInt(clientId.slice(0, 6), 16))
  if (type === 'mark')
    return {
      ...base,
      enrolmentId,
      status: told.status,
      ...(told.status === 'partial' && { attendedMinutes: minutesOf.partial }),
    }
  return type === 'countersignature' || told.device === learnersPhone
    ? { ...base, strokes }
    : { ...base, enrolmentId, strokes }
}

/** Sends it and watches that each event is recorded once, and answered alike ever after. */
async function send(held: WorldSession, sent: readonly Happened[], skew: number, seen: Map<string, string>) {
  const who = sent[0]?.told.device === learnersPhone ? learner : trainer
  const { status, body } = await who.post('/api/attendance/events', {
    deviceNow: now.add({ minutes: skew }).toString(),
    events: sent.map((event) => requestOf(event, held)),
  })
  expect(status).toBe(200)
  expect(Math.abs(body.clockOffsetSeconds)).toBe(Math.abs(skew) < 2 ? 0 : Math.abs(skew) * 60)
  for (const [index, event] of sent.entries()) {
    const { outcome, code } = body.results[index]
    const fault = faultOf(event)
    if (fault) expect({ outcome, code }).toEqual({ outcome: 'refused', code: fault })
    else if (seen.has(event.clientId)) expect(outcome).toBe('repeated')
    else expect(['recorded', 'conflict']).toContain(outcome)
    seen.set(event.clientId, outcome)
  }
}

async function stateOf(held: WorldSession) {
  const { db } = app.deps
  const slot = (id: string) => held.slots.findIndex((one) => one.id === id)
  const key = (row: { slotId: string; enrolmentId: string }) =>
    `${slot(row.slotId)} ${held.learners.findIndex(({ enrolmentId }) => enrolmentId === row.enrolmentId)}`
  const { body: sheet } = await trainer.get(`/api/sessions/${held.id}/attendance`)
  const marks = await db.selectFrom('attendanceMark').selectAll().where('sessionId', '=', held.id).execute()
  for (const mark of marks) expect(mark.attendedMinutes).toBe(minutesOf[mark.status])
  const signatures = await db
    .selectFrom('attendanceSignature')
    .selectAll()
    .where('sessionId', '=', held.id)
    .execute()
  const countersignatures = await db
    .selectFrom('trainerSignature')
    .selectAll()
    .where('sessionId', '=', held.id)
    .execute()
  const events = await db
    .selectFrom('attendanceEvent')
    .select('clientId')
    .where('sessionId', '=', held.id)
    .where('clientId', 'is not', null)
    .execute()
  return {
    marks: Object.fromEntries(
      marks.map((mark) => [key(mark), `${mark.status} by ${mark.source} at ${mark.decidedAt}`]),
    ),
    signatures: Object.fromEntries(signatures.map((row) => [key(row), row.signedAt.toString()])),
    countersignatures: Object.fromEntries(
      countersignatures.map((row) => [slot(row.slotId), row.signedAt.toString()]),
    ),
    conflicts: sheet.conflicts
      .map(
        (conflict: { kind: string; slotId: string; enrolmentId: string }) =>
          `${key(conflict)} ${conflict.kind}`,
      )
      .sort(),
    recorded: events.map(({ clientId }) => clientId).sort(),
  }
}

describe('what devices record without a network', () => {
  it('comes to the same state in whatever order, pieces and repeats it arrives, from clocks however wrong', async () => {
    await fc.assert(
      fc.asyncProperty(anyStory, async ({ events, skews, pieces }) => {
        const held = await addSession(app, { trainer, learners: [{ personId: learner.personId }, {}] })
        const all = events.map((event) => happened(event, skews))
        const seen = new Map<string, string>()
        const of = (device: number) => all.filter(({ told }) => told.device === device)
        for (const { device, picks } of [...pieces, ...devices.map((device) => ({ device, picks: [] }))]) {
          const own = of(device)
          const picked = picks.length > 0 ? picks.flatMap((pick) => own[pick] ?? []) : own.toReversed()
          const once = [...new Set(picked)]
          if (once.length > 0) await send(held, once, skews[device] ?? 0, seen)
        }
        expect(await stateOf(held)).toEqual(model(all))
        expect(await verifySessionLedger(app.deps.db, held.id)).toBeUndefined()
      }),
      { numRuns: 20 },
    )
  })
})
