/** The sessions as they were held: half-days, and who attended for how long. */
import { typeset } from '../../src/documents/typography.ts'
import type { Cast, Person, Trainer } from './people.ts'
import { firstMonday, type PlannedSession, plan } from './plan.ts'
import type { Programme } from './programme.ts'
import { digitalProgrammes } from './programmes-digital.ts'
import { organisationProgrammes } from './programmes-organisation.ts'
import { societyProgrammes } from './programmes-society.ts'
import type { Random } from './random.ts'
import { type Seat, seatsMaker } from './seats.ts'

export const programmes: readonly Programme[] = [
  ...digitalProgrammes,
  ...organisationProgrammes,
  ...societyProgrammes,
]

export type HalfDay = { date: string; start: string; end: string; minutes: number; isRemote: boolean }

/** Minutes by half-day: 0 is an absence; undefined where the learner was not expected yet. */
export type AttendedSeat = Seat & { attended: readonly (number | undefined)[] }

export type HeldSession = PlannedSession & {
  reference: string
  title: string
  price: number
  team: readonly Trainer[]
  halfDays: readonly HalfDay[]
  seats: readonly AttendedSeat[]
}

/** A course that was given up before the catalogue was made: history knows it, the catalogue does not. */
const formerCourse = { title: 'Rédiger pour le web', hours: '7', price: 390, modality: 'présentiel' } as const

const prefixes = { Paris: 'PAR', Lyon: 'LYO', Marseille: 'MRS', Bordeaux: 'BDX', Bretagne: 'BZH' } as const

/** All sessions of the plan, with their learners. */
export function heldSessions(cast: Cast, random: Random): HeldSession[] {
  const seatsOf = seatsMaker(cast, random)
  const numbers = new Map<string, number>()
  return plan.map((planned) => {
    const programme = programmes.find(({ code }) => code === planned.code) ?? formerCourse
    const number = (numbers.get(planned.code) ?? 0) + 1
    numbers.set(planned.code, number)
    const halfDays = halfDaysOf(planned, programme)
    const seats = seatsOf(planned).map((seat, index) => {
      return { ...seat, attended: attendance(planned, index, halfDays, random) }
    })
    return {
      ...planned,
      reference: `${prefixes[planned.chapter]}-${planned.code}-${String(number).padStart(2, '0')}`,
      title: typeset(programme.title),
      price: programme.price,
      team: planned.trainers.map((key) => trainerOf(cast, key, planned.week)),
      halfDays,
      seats,
    }
  })
}

/** Élodie Tanguy was a subcontractor until the organisation employed her: past sessions keep what she was then. */
function trainerOf(cast: Cast, key: string, week: number): Trainer {
  const trainer = cast.trainers[key]
  if (!trainer) throw new RangeError(`nobody trains as ${key}`)
  return key === 'elodie' && week >= 104 ? { ...trainer, link: 'salarié' } : trainer
}

function halfDaysOf(
  { week, weekday, code }: PlannedSession,
  { hours, modality }: Pick<Programme, 'hours' | 'modality'>,
) {
  const dayAfter = (days: number) =>
    Temporal.PlainDate.from(firstMonday)
      .add({ days: week * 7 + weekday - 1 + days })
      .toString()
  const morning = { start: '09:00', end: '12:30', minutes: 210 }
  const afternoon = { start: '13:30', end: '17:00', minutes: 210 }
  if (hours === '1,5')
    return [{ date: dayAfter(0), start: '12:30', end: '14:00', minutes: 90, isRemote: true }]
  // Law is taken in two mornings, one week apart.
  if (code === 'DROIT-IND')
    return [0, 7].map((days) => ({ date: dayAfter(days), ...morning, isRemote: true }))
  return Array.from({ length: Number(hours) / 7 }, (_, day) => {
    const isRemote = modality === 'distanciel' || (modality === 'mixte' && day === 2)
    return [morning, afternoon].map((half) => ({ date: dayAfter(day), ...half, isRemote }))
  }).flat()
}

/** Mostly there, at times late or away; and four people whose stories the demonstration tells. */
function attendance(
  { week }: PlannedSession,
  index: number,
  halfDays: readonly HalfDay[],
  random: Random,
): (number | undefined)[] {
  let wasAway = false
  const usual = halfDays.map(({ minutes }, slot) => {
    const risk = slot === 0 ? 0.012 : 0.035
    wasAway = random.isLucky(wasAway ? 0.5 : risk)
    if (wasAway) return 0
    return random.isLucky(0.06) ? minutes - random.pick([10, 15, 20, 30, 45, 60]) : minutes
  })
  const story = stories[`${week}/${index}`]
  return story ? usual.map((minutes, slot) => story(minutes, slot)) : usual
}

/** By week of the session and place in its list. */
const stories: Record<string, (minutes: number, slot: number) => number | undefined> = {
  // Joined on the second day.
  '30/6': (minutes, slot) => (slot < 2 ? undefined : minutes),
  // Never came.
  '53/5': () => 0,
  // Gave up after the first day.
  '82/7': (minutes, slot) => (slot < 2 ? minutes : 0),
  // Left each half-day half an hour early, to fetch a child.
  '72/3': () => 180,
}

const situations: Record<Person['situation'], readonly [man: string, woman: string]> = {
  independent: ['indépendant', 'indépendante'],
  employee: ['salarié', 'salariée'],
  apprentice: ['apprenti', 'apprentie'],
  jobSeeker: ['demandeur d’emploi', 'demandeuse d’emploi'],
  publicAgent: ['agent public', 'agente publique'],
  volunteer: ['bénévole', 'bénévole'],
  sentByOther: ['salarié', 'salariée'],
  trainsElsewhere: ['autre', 'autre'],
}

/** The type of trainee in the words of the attendance file. */
export function traineeTypeOf({ person, source }: Seat): string {
  if (person.situation === 'independent' && source === 'individual') return 'particulier'
  return situations[person.situation][person.isWoman ? 1 : 0]
}
