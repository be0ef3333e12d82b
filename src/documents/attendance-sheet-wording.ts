/** What an attendance sheet says of half-days, marks and signatures, in French. */
import type {
  AttendanceSheetModel,
  CorrectedMark,
  SheetCell,
  SheetHalfDay,
  SheetLearner,
  SheetMark,
  SheetMoment,
} from './attendance-sheet.model.ts'
import { clockTime, frenchDate, hoursAndMinutes, siretInGroups, typeset, weekday } from './typography.ts'

const halfDays = { morning: 'Matin', afternoon: 'Après-midi', evening: 'Soir' } as const

const reasons = {
  illness: 'maladie',
  work: 'raison professionnelle',
  transport: 'transport',
  family: 'raison familiale',
  forceMajeure: 'force majeure',
  unknown: 'motif inconnu',
  other: 'autre motif',
} as const

const ways = {
  ownDevice: 'téléphone',
  code: 'code',
  trainerDevice: 'appareil du formateur',
  paper: 'papier',
} as const

const waivers = {
  unable: 'dans l’impossibilité de signer',
  refused: 'refus de signer',
  technical: 'problème technique',
  other: 'autre raison',
} as const

const mediaTypes = { 'application/pdf': 'PDF', 'image/jpeg': 'JPEG', 'image/png': 'PNG' } as const

/** `Lundi 2 mars 2026` */
export function dayOf({ date }: Pick<SheetHalfDay, 'date'>): string {
  const day = `${weekday(date)}\u00a0${frenchDate(date)}`
  return day.charAt(0).toUpperCase() + day.slice(1)
}

/** `Matin, 9 h – 12 h 30` */
export function hoursOf(slot: SheetHalfDay): string {
  return `${halfDays[slot.halfDay]}, ${clockTime(slot.startTime)}\u00a0– ${clockTime(slot.endTime)}`
}

/** `lundi 2 mars 2026, matin` */
function halfDayInText(slot: SheetHalfDay): string {
  return `${weekday(slot.date)} ${frenchDate(slot.date)}, ${halfDays[slot.halfDay].toLowerCase()}`
}

export function modalityOf({ isRemote }: SheetHalfDay): string {
  return isRemote ? 'Classe virtuelle' : 'En présentiel'
}

/** Modality, and the place or the address of the virtual room where it is known. */
export function placeOf(slot: SheetHalfDay): string {
  return slot.place === null ? modalityOf(slot) : typeset(`${modalityOf(slot)} : ${slot.place}`)
}

export function companyOf({ company }: Pick<SheetLearner, 'company'>): string | null {
  if (company === null) return null
  return company.siret === null ? company.name : `${company.name}, SIRET\u00a0${siretInGroups(company.siret)}`
}

/** When a learner came or left other than with the session; null for who was there throughout. */
export function datesOf({ startedOn, interruptedOn, hasLeft }: SheetLearner): string | null {
  const dates = [
    ...(startedOn === null ? [] : [`entrée le ${frenchDate(startedOn)}`]),
    ...(interruptedOn === null ? [] : [`départ le ${frenchDate(interruptedOn)}`]),
    ...(hasLeft && interruptedOn === null ? ['a quitté la session'] : []),
  ]
  return dates.length === 0 ? null : dates.join(', ')
}

/** `2 mars 2026 à 17 h 45` */
export function momentOf({ date, time }: SheetMoment): string {
  return `${frenchDate(date)} à\u00a0${clockTime(time)}`
}

/** `9 h 04`, or with its date where that is not the half-day's. */
function timeIn(slot: SheetHalfDay, at: SheetMoment): string {
  return at.date === slot.date ? clockTime(at.time) : momentOf(at)
}

/** A line in a cell; `isFaint` where it only says that nothing is there. */
type CellLine = { text: string; isFaint?: true }

/** What stands in a cell beside the strokes, line by line. */
export function linesOf(cell: SheetCell, slot: SheetHalfDay): CellLine[] {
  const { mark, signature } = cell
  if (slot.cancelled) return [{ text: 'Annulée', isFaint: true }]
  if (mark === null && signature === null) return emptyCell(cell, slot)
  const lines = [
    ...(mark === null ? [] : presenceOf(mark, slot)),
    ...(mark?.status === 'absent' ? [] : [signingOf(cell, slot)]),
    ...(mark?.status === 'absent' && signature
      ? [`a pourtant signé (${ways[signature.way]}, ${timeIn(slot, signature.at)})`]
      : []),
    ...(mark === null || mark.addendum === null ? [] : [`rectifié, addendum n°\u00a0${mark.addendum}`]),
  ]
  return lines.map((text) => ({ text: typeset(text) }))
}

/** What stands in a cell that is to be signed by hand: nothing, unless there is nothing to sign. */
export function blankLinesOf({ isExpected }: SheetCell, { cancelled }: SheetHalfDay): CellLine[] {
  if (cancelled) return [{ text: 'Annulée', isFaint: true }]
  return isExpected ? [] : [{ text: '—', isFaint: true }]
}

function emptyCell({ isExpected }: SheetCell, { hasEnded }: SheetHalfDay): CellLine[] {
  if (!isExpected) return [{ text: '—', isFaint: true }]
  return hasEnded ? [{ text: 'Non renseigné', isFaint: true }] : []
}

/** Absence and its reason; of who was not there all the time the times and minutes. */
function presenceOf(mark: SheetMark, slot: Pick<SheetHalfDay, 'minutes'>): string[] {
  const why = reasonOf(mark)
  if (mark.status === 'absent') return [why === null ? 'Absent(e)' : `Absent(e) — ${why}`]
  const times = [
    ...(mark.arrivedAt === null ? [] : [`arrivée\u00a0${clockTime(mark.arrivedAt)}`]),
    ...(mark.leftAt === null ? [] : [`départ\u00a0${clockTime(mark.leftAt)}`]),
  ]
  const share = `${hoursAndMinutes(mark.minutes)} sur\u00a0${hoursAndMinutes(slot.minutes)}`
  return [
    ...(times.length > 0 ? [times.join(', ')] : []),
    // A half-day that was moved after it was marked changes no evidence.
    ...(mark.minutes === slot.minutes ? [] : [share]),
    ...(why === null ? [] : [why]),
  ]
}

function reasonOf({ reason, justified }: CorrectedMark): string | null {
  const parts = [
    ...(reason === null ? [] : [reasons[reason]]),
    ...(justified === null ? [] : [justified ? 'justifiée' : 'non justifiée']),
  ]
  return parts.length === 0 ? null : parts.join(', ')
}

function signingOf({ mark, signature, waiver }: SheetCell, slot: SheetHalfDay): string {
  if (signature?.way === 'paper')
    return `signé sur papier${signature.scan === null ? '' : `, scan n°\u00a0${signature.scan}`}`
  if (signature) {
    const how = `${ways[signature.way]}, ${timeIn(slot, signature.at)}`
    return signature.strokes === null ? `signature effacée (${how})` : how
  }
  const presence = mark?.status === 'partial' ? 'Présent(e) en partie' : 'Présent(e)'
  return waiver === null ? `${presence}, non signé` : `${presence}, non signé : ${waivers[waiver.reason]}`
}

/** `présent(e), 3 h 30` */
function markInText(mark: CorrectedMark | null): string {
  if (mark === null) return 'non renseigné'
  const minutes = hoursAndMinutes(mark.minutes)
  const what = {
    present: ['présent(e)', minutes],
    partial: ['présent(e) en partie', minutes],
    absent: ['absent(e)'],
  }[mark.status]
  return [...what, ...[reasonOf(mark)].filter((why) => why !== null)].join(', ')
}

/** What a trainer's cell says beside the strokes. */
export function trainerSigningOf(trainer: SheetHalfDay['trainers'][number], slot: SheetHalfDay): string {
  if (trainer.signature === null) return slot.hasEnded && !slot.cancelled ? 'non signé' : ''
  const when = timeIn(slot, trainer.signature.at)
  return trainer.signature.strokes === null ? `signature effacée (${when})` : `signé, ${when}`
}

/** `Scellée le 2 mars 2026 à 17 h 45 par Claire Morel, registre n° 42, empreinte 3f2a 91bc 04de 77a1` */
export function sealOf({ seal, cancelled }: SheetHalfDay): string {
  if (cancelled) return typeset(cancelled.reason === null ? 'Annulée' : `Annulée : ${cancelled.reason}`)
  if (seal === null) return 'Non scellée'
  const by = seal.by === null ? '' : ` par ${seal.by}`
  return `Scellée le ${momentOf(seal.at)}${by}, registre n°\u00a0${seal.sequence}, empreinte ${shortHash(seal.hash)}`
}

/** The first 64 bits of a hash by groups of four letters: enough to compare by eye. */
export function shortHash(hash: string): string {
  return (hash.slice(0, 16).match(/.{1,4}/g) ?? []).join('\u00a0')
}

/** What does not fit into the cells: corrections after the seal, why somebody did not sign, scans of paper. */
export function remarksOf(model: AttendanceSheetModel): { heading: string; items: string[] }[] {
  const slotOf = new Map(model.halfDays.map((slot) => [slot.number, slot]))
  const inText = (number: number): string => {
    const slot = slotOf.get(number)
    return slot ? halfDayInText(slot) : `demi-journée ${number}`
  }
  return [
    { heading: 'Addenda', items: model.addenda.map((addendum) => addendumInText(addendum, inText)) },
    { heading: 'Présents sans signature', items: model.learners.flatMap((one) => waiversInText(one, model)) },
    { heading: 'Feuilles papier numérisées', items: model.scans.map((scan) => scanInText(scan, inText)) },
  ].filter(({ items }) => items.length > 0)
}

function addendumInText(
  {
    number,
    at,
    by,
    learner,
    halfDay,
    before,
    after,
    reason,
    sequence,
  }: AttendanceSheetModel['addenda'][number],
  inText: (number: number) => string,
): string {
  const who = by === null ? '' : ` par ${by}`
  const change = `${learner}, ${inText(halfDay)} : « ${markInText(before)} » devient « ${markInText(after)} »`
  const why = reason === null ? 'motif effacé' : `motif : ${reason}`
  return typeset(
    `N°\u00a0${number}, le ${momentOf(at)}${who} (registre n°\u00a0${sequence}). ${change} ; ${why}`,
  )
}

function waiversInText({ firstName, lastName, cells }: SheetLearner, model: AttendanceSheetModel): string[] {
  return cells.flatMap(({ waiver, signature }, index) => {
    const slot = model.halfDays[index]
    if (waiver === null || signature !== null || slot === undefined) return []
    const note = waiver.note === null ? '' : `, ${waiver.note}`
    return [typeset(`${firstName} ${lastName}, ${halfDayInText(slot)} : ${waivers[waiver.reason]}${note}`)]
  })
}

function scanInText(
  { number, mediaType, at, by, originalKeptAt, sha256, halfDays }: AttendanceSheetModel['scans'][number],
  inText: (number: number) => string,
): string {
  const who = by === null ? '' : ` par ${by}`
  const file = `N°\u00a0${number}, ${mediaTypes[mediaType]} déposé le ${momentOf(at)}${who}`
  return typeset(
    `${file}, empreinte ${shortHash(sha256)} ; original : ${originalKeptAt} ; ${halfDays.map(inText).join(' ; ')}`,
  )
}
