/** What one cell of a spreadsheet says: readers of texts, dates, times, identifiers and values of a closed list. */
import { fold } from '../../platform/fold.ts'
import { civilDate, email, phone } from '../../platform/text.ts'

// Made once: a file has a hundred thousand cells.
const schemas = { date: civilDate(), email: email(), phone: phone() }

/** The value of a cell, or why it cannot be read, in French. */
export type Read<T> = { value: T } | { reason: string }

/** Never called with an empty cell. */
export type CellReader<T> = (cell: string) => Read<T>

/** A cell as it is shown in a reason: between guillemets, on one line, shortened. */
export function quoted(cell: string): string {
  const oneLine = cell.replace(/\s+/g, ' ')
  return `«\u202f${oneLine.length > 40 ? `${oneLine.slice(0, 40)}…` : oneLine}\u202f»`
}

/** A text of one line: the line breaks that a narrow column invites to (Alt+Enter) become spaces. */
export function line(max: number): CellReader<string> {
  return (cell) => bounded(cell.replace(/[\t\n\u2028\u2029]\s*/g, ' '), max)
}

/** A name of a person: as `line`, and every kind of space is one plain space, so that names compare. */
export const personName: CellReader<string> = (cell) => bounded(cell.replace(/\s+/g, ' '), 100)

/** A text of several lines. */
export function prose(max = 20_000): CellReader<string> {
  return (cell) => bounded(cell, max)
}

function bounded(text: string, max: number): Read<string> {
  if (text.length <= max) return { value: text }
  return { reason: `plus de ${max.toLocaleString('fr')} caractères` }
}

// The bullets that people type at the head of each objective.
const bullet = /^(?:[-–—•*·]|\d{1,2}[.)])\s+/

/** A list of at most fifty items: one per line, or separated by ` | `; bullets are taken off. */
export function list(maxOfItem: number): CellReader<string[]> {
  return (cell) => {
    const items = cell
      .split(/\n|\s\|\s/)
      .map((item) => item.trim().replace(bullet, ''))
      .filter((item) => item !== '')
    if (items.length > 50) return { reason: 'plus de 50 points' }
    const tooLong = items.find((item) => item.length > maxOfItem)
    return tooLong === undefined
      ? { value: items }
      : { reason: `${quoted(tooLong)} a plus de ${maxOfItem.toLocaleString('fr')} caractères` }
  }
}

/** A civil date that exists, `JJ/MM/AAAA` (also with `.` or `-`) or ISO, with the midnight that exports append. */
export const date: CellReader<string> = (cell) => {
  const day = cell.replace(/[ T]0?0:00(:00(\.0+)?)?Z?$/, '')
  const french = /^(\d{1,2})([/.-])(\d{1,2})\2(\d{4})$/.exec(day)
  const iso = /^(\d{4})-(\d{1,2})-(\d{1,2})$/.exec(day)
  const parts = french ? [french[4], french[3], french[1]] : iso ? [iso[1], iso[2], iso[3]] : undefined
  const value = parts?.map((part) => (part ?? '').padStart(2, '0')).join('-')
  if (value !== undefined && schemas.date.safeParse(value).success) return { value }
  return { reason: `${quoted(cell)} ${whyNoDate(cell, value)}` }
}

function whyNoDate(cell: string, value: string | undefined): string {
  if (value !== undefined) return 'n’est pas une date qui existe (JJ/MM/AAAA)'
  if (/^\d{1,2}[/.-]\d{1,2}[/.-]\d{2}$/.test(cell)) return 'n’a que deux chiffres pour l’année (JJ/MM/AAAA)'
  if (/^\d{5}([.,]\d+)?$/.test(cell))
    return 'est un nombre\u202f; mettez la colonne au format date (JJ/MM/AAAA)'
  return 'n’est pas une date (JJ/MM/AAAA)'
}

/** A local time as `HH:MM`, from `9h`, `9 h 30`, `09:30` or `9:30:00`. */
export const time: CellReader<string> = (cell) => {
  const found = /^(\d{1,2})(?:\s*h\s*(\d{2})?|:(\d{2})(?::00)?)$/i.exec(cell)
  const [hour, minute] = [Number(found?.[1]), Number(found?.[2] ?? found?.[3] ?? '0')]
  if (!found || hour > 23 || minute > 59)
    return { reason: `${quoted(cell)} n’est pas une heure (9h30 ou 09:30)` }
  return { value: `${String(hour).padStart(2, '0')}:${String(minute).padStart(2, '0')}` }
}

/** An e-mail address, as it is written. */
export const emailAddress: CellReader<string> = (cell) => {
  const parsed = schemas.email.safeParse(cell)
  return parsed.success ? { value: parsed.data } : { reason: `${quoted(cell)} n’est pas une adresse e-mail` }
}

/** A telephone number; a French one whose leading zero a spreadsheet has eaten gets it back. */
export const phoneNumber: CellReader<string> = (cell) => {
  if (scientific.test(cell)) return { reason: damagedBySpreadsheet(cell) }
  const spaced = cell.replace(/\s+/g, ' ')
  const parsed = schemas.phone.safeParse(/^[1-9]\d{8}$/.test(spaced) ? `0${spaced}` : spaced)
  return parsed.success
    ? { value: parsed.data }
    : { reason: `${quoted(cell)} n’est pas un numéro de téléphone` }
}

const scientific = /^\d([.,]\d+)?E\+?\d+$/i

/** A SIRET of 14 digits without its spaces. Only its shape is checked, and the ways in which spreadsheets spoil it. */
export const siretNumber: CellReader<string> = (cell) => {
  const digits = cell.replace(/[\s.]/g, '')
  // An establishment number (NIC) starts at 00001: five zeros are what is left of 7,32829E+13.
  if (scientific.test(cell) || /^\d{9}0{5}$/.test(digits)) return { reason: damagedBySpreadsheet(cell) }
  if (/^\d{14}$/.test(digits)) return { value: digits }
  if (/^\d{9}$/.test(digits))
    return { reason: `${quoted(cell)} est un SIREN\u202f; il faut les 14 chiffres du SIRET` }
  if (/^\d{13}$/.test(digits))
    return {
      reason: `${quoted(cell)} n’a que 13 chiffres\u202f; le tableur a sans doute effacé un zéro au début, mettez la colonne au format texte`,
    }
  return { reason: `${quoted(cell)} n’est pas un SIRET (14 chiffres)` }
}

function damagedBySpreadsheet(cell: string): string {
  return `${quoted(cell)} a été arrondi par le tableur\u202f; mettez la colonne au format texte et saisissez de nouveau le numéro`
}

/** The words, in French and English, that stand for each value of a closed list; the first one is shown in reasons. */
export type Words<T extends string> = Record<T, readonly string[]>

/** A value of a closed list, by its code or by any of its words, without case, accents or punctuation. */
export function choice<T extends string>(words: Words<T>): CellReader<T> {
  const values = new Map<string, T>()
  for (const value in words) for (const word of [value, ...words[value]]) values.set(fold(word), value)
  const known = Object.values<readonly string[]>(words).map((synonyms) => synonyms[0])
  return (cell) => {
    // «Salariés» is «salarié» of several people.
    const value = values.get(fold(cell)) ?? values.get(fold(cell).replace(/s$/, ''))
    return value === undefined
      ? {
          reason: `${quoted(cell)} n’est pas une valeur connue\u202f; valeurs possibles\u00a0: ${known.join(', ')}`,
        }
      : { value }
  }
}

/** Several cells in one, separated as `separator` says, each read by `read`. */
export function each<T>(separator: RegExp, read: CellReader<T>): CellReader<T[]> {
  return (cell) => {
    const values: T[] = []
    for (const part of cell.split(separator).map((item) => item.trim())) {
      if (part === '') continue
      const one = read(part)
      if ('reason' in one) return one
      values.push(one.value)
    }
    return { value: values }
  }
}
