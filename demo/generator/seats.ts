/** Who sits in a session and who pays for each seat. */
import type { FundingSource } from '../../src/enrolment/enrolment.schema.ts'
import { type Client, companies } from './clients.ts'
import type { Cast, Person, Situation } from './people.ts'
import { interests, type PlannedSession } from './plan.ts'
import type { Random } from './random.ts'

/** Without a source the seat is part of a price for the whole session. */
export type Seat = { person: Person; source: FundingSource | undefined }

type Guests = { situation: Situation; count: number; source: FundingSource | undefined }

/** The seats of sessions in the order of the plan; nobody takes the same training twice. */
export function seatsMaker(cast: Cast, random: Random): (session: PlannedSession) => Seat[] {
  const takenByCode = new Map<string, Set<Person>>()
  return (session) => {
    const busy = takenByCode.get(session.code) ?? new Set<Person>()
    takenByCode.set(session.code, busy)
    const isTrainer = (person: Person) =>
      session.trainers.some((key) => cast.trainers[key]?.email === person.email)
    const free = (situation: Situation, employer?: Client) =>
      cast.people.filter(
        (person) =>
          person.situation === situation &&
          !busy.has(person) &&
          person.roles !== 'admin' &&
          !isTrainer(person) &&
          (employer === undefined || person.employer === employer),
      )
    const seats: Seat[] = []
    const seat = (people: readonly Person[], sourceOf: (index: number) => FundingSource | undefined) => {
      for (const [index, person] of people.entries()) {
        busy.add(person)
        seats.push({ person, source: sourceOf(index) })
      }
    }
    for (const { situation, count, source } of guestsOf(session))
      seat(preferred(free(situation, companyOf(session)), session, random).slice(0, count), () => source)
    const left = session.learners - seats.length
    const members = preferred(free('independent'), session, random).slice(0, left)
    seat(members, (index) => memberSource(session, index, random))
    return seats
  }
}

/** The company that ordered a session for its own people. */
export function companyOf({ kind, week }: PlannedSession): Client | undefined {
  return kind === 'forCompany' ? orders[week] : undefined
}

const orders: Record<number, Client> = {
  [-20]: companies.tournesol,
  8: companies.brindille,
  32: companies.kerlann,
  60: companies.poulpe,
  84: companies.tournesol,
  111: companies.kerlann,
}

function guestsOf({ kind, learners }: PlannedSession): Guests[] {
  if (kind === 'withApprentices')
    return [
      { situation: 'apprentice', count: 1, source: 'fundApprenticeship' },
      { situation: 'jobSeeker', count: 1, source: 'franceTravail' },
      { situation: 'employee', count: 1, source: 'fundDevelopmentPlan' },
    ]
  if (kind === 'withEmployees')
    return [
      { situation: 'employee', count: 1, source: 'fundProfessionalisation' },
      { situation: 'employee', count: 1, source: 'fundReconversion' },
      { situation: 'employee', count: 2, source: 'fundDevelopmentPlan' },
    ]
  if (kind === 'certifying')
    return [
      { situation: 'employee', count: 1, source: 'fundTransition' },
      { situation: 'employee', count: 1, source: 'employer' },
      { situation: 'jobSeeker', count: 1, source: 'fundCpf' },
    ]
  if (kind === 'forRegion')
    return [
      { situation: 'jobSeeker', count: 4, source: undefined },
      { situation: 'jobSeeker', count: 1, source: 'fundJobSeeker' },
    ]
  if (kind === 'withPublicAgents')
    return [
      { situation: 'publicAgent', count: 2, source: 'publicAgents' },
      { situation: 'volunteer', count: 1, source: undefined },
    ]
  if (kind === 'forCompany') return [{ situation: 'employee', count: learners, source: undefined }]
  return kind === 'received' ? [{ situation: 'sentByOther', count: learners, source: undefined }] : []
}

function memberSource({ kind }: PlannedSession, index: number, random: Random): FundingSource | undefined {
  if (kind === 'onlineClass') return undefined
  if (kind === 'certifying' && index < 3) return 'fundCpf'
  // The first two of every session, so that both are met in every half-year.
  if (index < 2) return index === 0 ? 'fundSelfEmployed' : 'individual'
  return random.isLucky(0.7) ? 'fundSelfEmployed' : 'individual'
}

/** Neighbours and people of the trade come first. */
function preferred(people: readonly Person[], { chapter, code }: PlannedSession, random: Random): Person[] {
  const score = (person: Person) =>
    (person.chapter === chapter ? 1.2 : 0) +
    (interests[code]?.includes(person.trade) ? 0.8 : 0) +
    random.next() * 2
  return people
    .map((person) => ({ person, score: score(person) }))
    .toSorted((one, other) => other.score - one.score)
    .map(({ person }) => person)
}
