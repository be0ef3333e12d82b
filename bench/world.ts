/** People and sessions for the measurements, made through the public door as a client makes them. */
import { anOrganisation } from '../test/support/facts.ts'
import { type Caller, signIn } from './http.ts'
import { admin } from './processes.ts'

export type World = { address: string; boss: Caller; trainingId: string }

const programme = {
  title: 'Éco-conception de services numériques',
  objectives: ['Mesurer l’empreinte d’un service', 'Choisir ce qui la réduit le plus'],
  prerequisites: 'Avoir conçu ou développé un service en ligne',
  audience: 'Développeuses, développeurs, designers et chefs de projet',
  content: 'Mesure, sobriété, indicateurs, plan d’action',
  methods: 'Ateliers sur les services des stagiaires',
  assessmentMethods: 'Étude de cas',
  accessibility: 'Locaux accessibles, supports adaptés sur demande',
  durationMinutes: 1_260,
  priceCents: 130_000,
  modality: 'onsite',
  nsfCode: '326',
  objective: 'other',
  accessDelay: 'Deux semaines',
}

/** An organisation with one published training. */
export async function beginWorld(address: string): Promise<World> {
  const boss = await signIn(address, admin.email, admin.password)
  await boss.put('/api/organisation', anOrganisation)
  const { id } = await boss.post('/api/trainings', { code: 'ECO-1', ...programme })
  await boss.post(`/api/trainings/${id}/publish`)
  return { address, boss, trainingId: id }
}

export type Person = { accountId: string; personId: string; caller: Caller }

/** Somebody with an account, signed in. */
export async function addPerson(
  { address, boss }: World,
  role: 'member' | 'trainer',
  name: string,
): Promise<Person> {
  const credentials = { email: `${name}@example.org`, password: `${admin.password} ${name}` }
  const { id: accountId, personId } = await boss.post('/api/accounts', {
    ...credentials,
    firstName: 'Camille',
    lastName: name,
    roleGrants: [{ role }],
  })
  return { accountId, personId, caller: await signIn(address, credentials.email, credentials.password) }
}

export type Session = { id: string; slotIds: string[] }

/** Half-days one after the other from this date on, two a day; a past date makes a session that can be marked. */
function halfDays(from: string, count: number) {
  const first = Temporal.PlainDate.from(from)
  return Array.from({ length: count }, (_, index) => {
    const isMorning = index % 2 === 0
    return {
      date: first.add({ days: index >> 1 }).toString(),
      startTime: isMorning ? '09:00' : '14:00',
      endTime: isMorning ? '12:30' : '17:30',
    }
  })
}

/** An open public session of that many half-days. */
export async function addSession(
  { boss, trainingId }: World,
  facts: { trainer: Person; from: string; halfDays: number; capacity: number },
): Promise<Session> {
  const session = await boss.post('/api/sessions', {
    trainingId,
    modality: 'onsite',
    place: '12 rue des Ateliers, Paris',
    capacity: facts.capacity,
    trainers: [{ personId: facts.trainer.personId, engagement: 'internal' }],
    slots: halfDays(facts.from, facts.halfDays),
    acceptWarnings: ['planning/trainer-double-booked'],
  })
  await boss.post(`/api/sessions/${session.id}/open`)
  return { id: session.id, slotIds: session.slots.map((slot: { id: string }) => slot.id) }
}

/** Enrols so many people who never sign in; returns their enrolments. */
export async function addLearners({ boss }: World, session: Session, count: number): Promise<string[]> {
  const ids = []
  for (let number = 1; number <= count; number++) {
    const person = { firstName: 'Alix', lastName: `Stagiaire-${String(number).padStart(3, '0')}` }
    const body = { person, traineeType: 'other' }
    ids.push((await boss.post(`/api/sessions/${session.id}/enrolments`, body)).id)
  }
  return ids
}
