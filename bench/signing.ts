/** Forty learners who sign a half-day at the same moment, each on their own phone. */
import { send } from './http.ts'
import { compare, type Figure, timed } from './measure.ts'
import { withStore } from './postgres.ts'
import { withBare, withPreau } from './processes.ts'
import { addPerson, addSession, beginWorld, type Person } from './world.ts'

const rounds = { warmUp: 4, counted: 11 }
const people = 40

export async function signingFigures(): Promise<Figure[]> {
  return withStore((store) =>
    withPreau({ DATABASE_URL: store.url }, async (preau) => {
      const world = await beginWorld(preau.address)
      const trainer = await addPerson(world, 'trainer', 'Formatrice')
      const halfDays = rounds.warmUp + rounds.counted
      const session = await addSession(world, { trainer, from: '2025-01-06', halfDays, capacity: people })
      const learners: Person[] = []
      for (let number = 1; number <= people; number++) {
        const learner = await addPerson(world, 'member', `Stagiaire-${number}`)
        const seat = { personId: learner.personId, traineeType: 'other' }
        await world.boss.post(`/api/sessions/${session.id}/enrolments`, seat)
        learners.push(learner)
      }
      return withBare(store.url, {}, async (bare) => {
        await send(bare, { method: 'POST', path: '/signatures/table' })
        const together = (work: (learner: Person, number: number) => Promise<unknown>) =>
          timed(() => Promise.all(learners.map(work)))
        const {
          ours,
          bare: inserts,
          ratio,
        } = await compare(rounds, {
          ours: (round) =>
            together(({ caller: { cookie } }, number) => {
              const path = `/api/slots/${session.slotIds[round]}/signatures`
              return send(preau.address, {
                method: 'POST',
                path,
                cookie,
                body: { strokes: strokesOf(number) },
              })
            }),
          bare: (round) =>
            together((_, number) => {
              const body = { slotId: session.slotIds[round], strokes: strokesOf(number) }
              return send(bare, { method: 'POST', path: '/signatures', body })
            }),
        })
        const perSecond = (ms: number) => people / (ms / 1_000)
        const what = `Signatures of ${people} learners at once (bare: one insert each)`
        return [{ what, unit: '/s', ours: perSecond(ours), bare: perSecond(inserts), ratio }]
      })
    }),
  )
}

/** As a finger draws: three strokes of forty points. */
function strokesOf(number: number): number[][] {
  return [0, 1, 2].map((stroke) =>
    Array.from({ length: 40 }, (_, point) => {
      const x = 100 + stroke * 250 + point * 5
      return [x, Math.round(200 + 120 * Math.sin(point / (3 + (number % 7)) + stroke))]
    }).flat(),
  )
}
