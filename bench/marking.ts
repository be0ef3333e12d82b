/** Marking the 12 learners of a half-day: ledger, marks and audit in one transaction. */
import { send } from './http.ts'
import { compare, type Figure, medianOf } from './measure.ts'
import { withStore } from './postgres.ts'
import { withBare, withPreau } from './processes.ts'
import { record } from './recording.ts'
import { addLearners, addPerson, addSession, beginWorld } from './world.ts'

const rounds = { warmUp: 6, counted: 13 }
const callsPerRound = 10
const slotsPerSide = (rounds.warmUp + rounds.counted) * callsPerRound

export async function markingFigures(): Promise<Figure[]> {
  return withStore((store) =>
    withPreau({ DATABASE_URL: store.url }, async (preau) => {
      const world = await beginWorld(preau.address)
      const trainer = await addPerson(world, 'trainer', 'Formatrice')
      const held = { trainer, from: '2025-01-06', capacity: 12 }
      const session = await addSession(world, { ...held, halfDays: slotsPerSide })
      const bareSession = await addSession(world, { ...held, halfDays: slotsPerSide + 1 })
      const { cookie } = trainer.caller
      const markCall = (slotId: string | undefined, enrolmentIds: readonly string[]) => ({
        method: 'PUT' as const,
        path: `/api/slots/${slotId}/attendance`,
        body: { marks: enrolmentIds.map((enrolmentId) => ({ enrolmentId, status: 'present' })) },
        cookie,
      })
      const learners = await addLearners(world, session, 12)
      const bareLearners = await addLearners(world, bareSession, 12)
      const [recordedSlot = '', ...bareSlots] = bareSession.slotIds
      const marking = await record(store.url, markCall(recordedSlot, bareLearners))
      return withBare(store.url, { marking }, async (bare) => {
        // Every call marks a half-day that nobody has marked before.
        const eachCall = (round: number, mark: (call: number) => Promise<unknown>) =>
          medianOf(callsPerRound, (index) => mark(round * callsPerRound + index))
        const compared = await compare(rounds, {
          ours: (round) =>
            eachCall(round, (call) => send(preau.address, markCall(session.slotIds[call], learners))),
          bare: (round) =>
            eachCall(round, (call) => {
              const body = { [recordedSlot]: bareSlots[call] }
              return send(bare, { method: 'POST', path: '/replay/marking', body, cookie })
            }),
        })
        const what = 'Marking 12 learners (ledger, marks, audit)'
        return [{ what, unit: 'ms', ...compared, aim: { ratio: 2 } }]
      })
    }),
  )
}
