/** Reading: the catalogue of 1,000 trainings, a search in it, a session. */
import { type Call, send } from './http.ts'
import { compare, type Figure, medianOf } from './measure.ts'
import { fill, type Store, withStore } from './postgres.ts'
import { withBare, withPreau } from './processes.ts'
import { record } from './recording.ts'
import { addLearners, addPerson, addSession, beginWorld } from './world.ts'

const rounds = { warmUp: 5, counted: 15 }
const callsPerRound = 40

export async function readFigures(): Promise<Figure[]> {
  return withStore((store) =>
    withPreau({ DATABASE_URL: store.url }, async (preau) => {
      const world = await beginWorld(preau.address)
      const trainer = await addPerson(world, 'trainer', 'Formatrice')
      const session = await addSession(world, { trainer, from: '2026-01-05', halfDays: 6, capacity: 12 })
      await addLearners(world, session, 12)
      await fill(store, 'catalogue.sql')
      const { cookie } = trainer.caller
      const figures = []
      for (const [what, call] of Object.entries<Call>({
        'The first 20 of a catalogue of 1,000': { path: '/api/catalogue?limit=20' },
        'A search in that catalogue': {
          path: `/api/catalogue?limit=20&q=${encodeURIComponent('évaluer un budget')}`,
        },
        'A session with 6 half-days and 12 learners, signed in': {
          path: `/api/sessions/${session.id}`,
          cookie,
        },
      })) {
        figures.push(await readFigure(store, preau.address, what, call))
      }
      return figures
    }),
  )
}

async function readFigure(store: Store, preau: string, what: string, call: Call): Promise<Figure> {
  const read = await record(store.url, call)
  return withBare(store.url, { read }, async (bare) => {
    const compared = await compare(rounds, {
      ours: () => medianOf(callsPerRound, () => send(preau, call)),
      bare: () => medianOf(callsPerRound, () => send(bare, { ...call, path: '/replay/read' })),
    })
    return { what, unit: 'ms', ...compared, aim: { ratio: 1.6 } }
  })
}
