/** What a finding is called and says; without any I/O. */
import {
  clockTime,
  frenchDate,
  hoursAndMinutes,
  noBreak,
  ofPerson,
  weekday,
} from '../../documents/typography.ts'
import { localTimeOf } from '../../platform/civil-time.ts'
import { holidayOn, isWeekend, territoryOf } from '../../platform/french-calendar.ts'
import type { FindingKind } from './findings.schema.ts'

/** A finding as the database tells it. */
export type FoundRow = {
  sessionId: string
  kind: FindingKind
  slotId: string | null
  enrolmentId: string | null
  personId: string | null
  /** The half-day of an overlap in the other session, or the certificate. */
  otherId: string | null
  otherSessionId: string | null
  /** Or when the signature arrived, where it is that which is late. */
  signedAt: Temporal.Instant | null
  timeZone: string
  regionCode: string | null
  heldOn: string | null
  startsAt: Temporal.Instant | null
  endsAt: Temporal.Instant | null
  name: string
}

export type Finding = Pick<
  FoundRow,
  'sessionId' | 'kind' | 'slotId' | 'enrolmentId' | 'personId' | 'otherSessionId'
> & { key: string; detail: string }

/** The findings that these rows are: a day that is off elsewhere only is none. */
export function findingsOf(rows: readonly FoundRow[]): Finding[] {
  return rows.flatMap((row) => {
    const kind = row.kind === 'weekend' ? dayOffKind(row) : row.kind
    if (kind === undefined) return []
    const { sessionId, slotId, enrolmentId, personId, otherSessionId } = row
    const detail = detailOf({ ...row, kind })
    return [{ sessionId, kind, slotId, enrolmentId, personId, otherSessionId, detail, key: keyOf(row, kind) }]
  })
}

function keyOf({ slotId, enrolmentId, personId, otherId }: FoundRow, kind: FindingKind): string {
  return [kind, slotId, enrolmentId ?? personId, otherId].filter((part) => part !== null).join(':')
}

function dayOffKind(row: FoundRow): 'publicHoliday' | 'weekend' | undefined {
  if (holidayOf(row) !== undefined) return 'publicHoliday'
  return isWeekend(row.heldOn ?? '') ? 'weekend' : undefined
}

function holidayOf(row: FoundRow): string | undefined {
  return holidayOn(row.heldOn ?? '', territoryOf(row))
}

function detailOf(row: FoundRow): string {
  const { kind, name } = row
  switch (kind) {
    case 'unsealed':
      return `La demi-journée ${when(row)} n’est pas scellée.`
    case 'unsigned':
      return `La signature ${ofPerson(name)} manque pour la demi-journée ${when(row)}.`
    case 'signedEarly':
      return `${name} a signé ${lapse(row.signedAt, row.startsAt)} avant le début de la demi-journée ${when(row)}.`
    case 'signedLate':
      return `${name} a signé ${lapse(row.endsAt, row.signedAt)} après la fin de la demi-journée ${when(row)}.`
    case 'sentLate':
      return `La signature ${ofPerson(name)} pour la demi-journée ${when(row)}, faite sans réseau d’après l’appareil, n’est arrivée que ${lapse(row.endsAt, row.signedAt)} après sa fin.`
    case 'sameStrokes':
      return `La signature ${ofPerson(name)} pour la demi-journée ${when(row)} a le même tracé que celle d’une autre personne.`
    case 'repeatedStrokes':
      return `La signature ${ofPerson(name)} pour la demi-journée ${when(row)} a exactement le tracé de sa signature d’une autre demi-journée.`
    case 'publicHoliday':
      return `La demi-journée ${when(row)} tombe un jour férié${noBreak}: ${holidayOf(row)}.`
    case 'weekend':
      return `La demi-journée ${when(row)} tombe un ${weekday(row.heldOn ?? '')}.`
    case 'learnerOverlap':
      return `${name} est au même moment dans une autre session, la demi-journée ${when(row)}.`
    case 'trainerOverlap':
      return `${name} anime au même moment une autre session, la demi-journée ${when(row)}.`
    case 'certificateOutdated':
      return `Le certificat ${ofPerson(name)} ne dit plus la durée de la feuille d’émargement.`
  }
}

/** `du 2 mars 2026 (9 h à 12 h 30)` on the clock of the session. */
function when({ heldOn, startsAt, endsAt, timeZone }: FoundRow): string {
  if (heldOn === null || startsAt === null || endsAt === null) return ''
  const [start, end] = [startsAt, endsAt].map((at) => clockTime(localTimeOf(at, timeZone)))
  return `du ${frenchDate(heldOn)} (${start} à ${end})`
}

/** In minutes under an hour; begun minutes count, since signing early by seconds is early. */
function lapse(from: Temporal.Instant | null, to: Temporal.Instant | null): string {
  if (from === null || to === null) return ''
  const minutes = Math.ceil(from.until(to).total('minutes'))
  return minutes < 60 ? `${minutes}${noBreak}min` : hoursAndMinutes(minutes)
}
