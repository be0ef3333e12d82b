/** The sessions that the demonstration is in the middle of, by how far they lie from today. */
import type { Engagement } from '../../planning/planning.schema.ts'

export type Scene = {
  reference: string
  training: string
  chapter: string
  engagement: Engagement
  learners: number
  outcome: 'draft' | 'open' | 'cancelled' | 'closed'
  session: Record<string, unknown>
}

const morning = { startTime: '09:00', endTime: '12:30' }
const afternoon = { startTime: '13:30', endTime: '17:00' }

/** Whole days of two half-days, on week-days, from the first one at least `inDays` away from today. */
function days(today: Temporal.PlainDate, inDays: number, count: number) {
  const dates: string[] = []
  for (let date = today.add({ days: inDays }); dates.length < count; date = date.add({ days: 1 })) {
    if (date.dayOfWeek <= 5) dates.push(date.toString())
  }
  return dates.flatMap((date) => [
    { date, ...morning },
    { date, ...afternoon },
  ])
}

/** The sessions around today, each with what becomes of it. */
export function scenes(today: Temporal.PlainDate): Scene[] {
  return [
    {
      reference: 'BRE-ECO-RECENTE',
      training: 'ECO-WEB',
      chapter: 'Bretagne',
      engagement: 'external',
      learners: 9,
      outcome: 'closed',
      session: { modality: 'onsite', place: 'La Criée, Rennes', capacity: 12, slots: days(today, -16, 2) },
    },
    {
      reference: 'LYO-FACIL-EN-COURS',
      training: 'FACIL',
      chapter: 'Lyon',
      engagement: 'internal',
      learners: 10,
      outcome: 'open',
      session: {
        modality: 'onsite',
        place: 'La Fabrique, Lyon',
        capacity: 12,
        slots: [...days(today, -8, 1), ...days(today, 6, 1)],
      },
    },
    {
      reference: 'PAR-NUM-PROCHAINE',
      training: 'NUM-RESP',
      chapter: 'Paris',
      engagement: 'external',
      learners: 7,
      outcome: 'open',
      session: {
        modality: 'onsite',
        place: 'Les Ateliers, Paris 11ᵉ',
        capacity: 12,
        slots: days(today, 20, 2),
      },
    },
    {
      reference: 'LYO-RGAA-COMPLETE',
      training: 'RGAA',
      chapter: 'Lyon',
      engagement: 'external',
      learners: 11,
      outcome: 'open',
      session: { modality: 'onsite', place: 'La Fabrique, Lyon', capacity: 8, slots: days(today, 34, 2) },
    },
    {
      reference: 'WEB-IA-MIDI',
      training: 'IA-RESP',
      chapter: 'Paris',
      engagement: 'internal',
      learners: 24,
      outcome: 'open',
      session: {
        modality: 'remote',
        remoteUrl: 'https://visio.example.org/ia-responsable',
        capacity: 30,
        slots: [{ date: days(today, 9, 1)[0]?.date, startTime: '12:00', endTime: '13:30' }],
      },
    },
    {
      reference: 'WEB-RGPD-REUNION',
      training: 'RGPD',
      chapter: 'Marseille',
      engagement: 'external',
      learners: 5,
      outcome: 'open',
      session: {
        modality: 'remote',
        remoteUrl: 'https://visio.example.org/rgpd',
        timeZone: 'Indian/Reunion',
        approval: 'manual',
        capacity: 15,
        slots: days(today, 27, 1),
      },
    },
    {
      reference: 'MAR-ESS-ANNULEE',
      training: 'ESS',
      chapter: 'Marseille',
      engagement: 'internal',
      learners: 3,
      outcome: 'cancelled',
      session: {
        modality: 'onsite',
        place: 'La Friche, Marseille',
        capacity: 12,
        minimumLearners: 5,
        slots: days(today, 13, 1),
      },
    },
    {
      reference: 'BOR-AGILE-BROUILLON',
      training: 'AGILE',
      chapter: 'Bordeaux',
      engagement: 'external',
      learners: 0,
      outcome: 'draft',
      session: { modality: 'onsite', place: 'Darwin, Bordeaux', capacity: 10, slots: days(today, 48, 2) },
    },
  ]
}
