/** Forty people who enrol in one session at the same moment; the time until the last of them has an answer. */
import { createHash } from 'node:crypto'
import { send } from './http.ts'
import { compare, type Figure, timed } from './measure.ts'
import { withStore } from './postgres.ts'
import { withBare, withPreau } from './processes.ts'
import { record } from './recording.ts'
import { addPerson, addSession, beginWorld, type Person, type Session, type World } from './world.ts'

const rounds = { warmUp: 4, counted: 11 }
const people = 40

export async function enrollingFigures(): Promise<Figure[]> {
  return withStore((store) =>
    withPreau({ DATABASE_URL: store.url }, async (preau) => {
      const world = await beginWorld(preau.address)
      const trainer = await addPerson(world, 'trainer', 'Formatrice')
      const sessions = await addSessions(world, trainer, rounds.warmUp + rounds.counted)
      const bareSessions = await addSessions(world, trainer, rounds.warmUp + rounds.counted)
      const [recordedSession] = await addSessions(world, trainer, 1)
      const recorded = await addPerson(world, 'member', 'Membre-0')
      const members: Person[] = []
      for (let number = 1; number <= people; number++)
        members.push(await addPerson(world, 'member', `Membre-${number}`))
      const enrolCall = (session: Session | undefined, { caller }: Person) => ({
        method: 'POST' as const,
        path: `/api/sessions/${session?.id}/enrolments`,
        body: { traineeType: 'other' },
        cookie: caller.cookie,
      })
      const enrolling = await record(store.url, enrolCall(recordedSession, recorded))
      return withBare(store.url, { enrolling }, async (bare) => {
        const renamesFor = (session: Session | undefined, member: Person) => ({
          [recordedSession?.id ?? '']: session?.id,
          [recorded.personId]: member.personId,
          [recorded.accountId]: member.accountId,
          [cookieHash(recorded)]: cookieHash(member),
        })
        const together = (work: (member: Person) => Promise<unknown>) =>
          timed(() => Promise.all(members.map(work)))
        const compared = await compare(rounds, {
          ours: (round) => together((member) => send(preau.address, enrolCall(sessions[round], member))),
          bare: (round) =>
            together((member) => {
              const body = renamesFor(bareSessions[round], member)
              return send(bare, { method: 'POST', path: '/replay/enrolling', body })
            }),
        })
        const what = `${people} people enrolling at once, until the last has an answer`
        return [{ what, unit: 'ms', ...compared, aim: { ratio: 2 } }]
      })
    }),
  )
}

async function addSessions(world: World, trainer: Person, count: number): Promise<Session[]> {
  const from = Temporal.Now.plainDateISO().add({ days: 60 }).toString()
  const sessions = []
  for (let number = 0; number < count; number++)
    sessions.push(await addSession(world, { trainer, from, halfDays: 2, capacity: people }))
  return sessions
}

/** As the database knows a login session. */
function cookieHash({ caller }: Person): string {
  const [, value = ''] = caller.cookie.split('=')
  return createHash('sha256').update(value).digest('hex')
}
