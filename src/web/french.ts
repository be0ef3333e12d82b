/** What the pages say in figures, as one writes it in French. */
import type { Modality } from '../catalogue/catalogue.schema.ts'
import { euros, frenchDate, noBreak } from '../documents/typography.ts'
import type { HalfDay } from '../planning/planning.schema.ts'
import { civilDateOf } from '../platform/civil-time.ts'

/** The civil date in a zone, in words: `2 avril 2026`. */
export function dayOf(instant: Temporal.Instant, timeZone: string): string {
  return frenchDate(civilDateOf(instant, timeZone))
}

/** `le 2 avril 2026 de 9 h à 17 h 30`, `du 1er au 3 avril 2026`, `du 31 mars 2026 au 2 avril 2026`. */
export function period(startsAt: Temporal.Instant, endsAt: Temporal.Instant, timeZone: string): string {
  const start = startsAt.toZonedDateTimeISO(timeZone)
  const end = endsAt.toZonedDateTimeISO(timeZone)
  const lastDay = dayOf(endsAt, timeZone)
  if (start.toPlainDate().equals(end.toPlainDate())) {
    return `le ${lastDay} de ${clockTime(start)} à ${clockTime(end)}`
  }
  const firstDay = dayOf(startsAt, timeZone)
  const isSameMonth = start.year === end.year && start.month === end.month
  return `du ${isSameMonth ? firstDay.split(noBreak)[0] : firstDay} au ${lastDay}`
}

function clockTime({ hour, minute }: Pick<Temporal.PlainTime, 'hour' | 'minute'>): string {
  return `${hour}${noBreak}h${minute === 0 ? '' : `${noBreak}${String(minute).padStart(2, '0')}`}`
}

/** How long to wait, rounded up: `dans 5 minutes`. */
export function inMinutes(seconds: number): string {
  const minutes = Math.ceil(seconds / 60)
  return `dans ${minutes}${noBreak}minute${minutes > 1 ? 's' : ''}`
}

const modalityNames = {
  onsite: 'en présentiel',
  remote: 'à distance',
  hybrid: 'en présentiel et à distance',
} as const satisfies Record<Modality, string>

export function modalityName(modality: Modality): string {
  return modalityNames[modality]
}

/** An OF exempt under article 261-4-4° a of the CGI charges no VAT; the others say what they charge before it. */
export function price(cents: number, vatExempt: boolean): string {
  if (cents === 0) return 'gratuit'
  return `${euros(cents)}${noBreak}${vatExempt ? 'net de taxe' : 'HT'}`
}

/** What the list of sessions says of free seats. */
export function seats(seatsLeft: number): string {
  if (seatsLeft === 0) return 'complet, liste d’attente'
  return `${seatsLeft}${noBreak}${seatsLeft === 1 ? 'place' : 'places'}`
}

const halfDayNames = { morning: 'matin', afternoon: 'après-midi', evening: 'soir' } as const satisfies Record<
  HalfDay,
  string
>

/** `jeudi 2 avril 2026, matin, de 9 h à 12 h 30`; times as `09:00`. */
export function halfDayLabel(slot: {
  date: string
  halfDay: HalfDay
  startTime: string
  endTime: string
}): string {
  const weekday = Temporal.PlainDate.from(slot.date).toLocaleString('fr-FR', { weekday: 'long' })
  const [start, end] = [slot.startTime, slot.endTime].map((time) => clockTime(Temporal.PlainTime.from(time)))
  return `${weekday} ${frenchDate(slot.date)}, ${halfDayNames[slot.halfDay]}, de ${start} à ${end}`
}

/** The same where there is little room: `2 avril, matin`. */
export function shortHalfDayLabel(slot: { date: string; halfDay: HalfDay }): string {
  const [day, month] = frenchDate(slot.date).split(noBreak)
  return `${day}${noBreak}${month}, ${halfDayNames[slot.halfDay]}`
}

/** The time of day in a zone: `9 h 04`. */
export function timeIn(instant: Temporal.Instant, timeZone: string): string {
  return clockTime(instant.toZonedDateTimeISO(timeZone))
}
