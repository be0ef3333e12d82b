/** French typography for what is printed: spaces that do not break, durations, amounts, dates, official numbers. */

/** U+00A0, before a colon, inside numbers with a unit, inside dates. */
export const noBreak = '\u00a0'
/** U+202F, before `; ! ? »`, after `«`, between thousands. */
export const narrowNoBreak = '\u202f'

const months = [
  'janvier',
  'février',
  'mars',
  'avril',
  'mai',
  'juin',
  'juillet',
  'août',
  'septembre',
  'octobre',
  'novembre',
  'décembre',
]

/**
 * Replaces the plain spaces that French typography forbids to break: narrow before `; ! ? »` and after `«`,
 * ordinary before `:`. Only spaces that are there are replaced, so `12:30`, `https://` and Markdown's `![` stay.
 */
export function typeset(text: string): string {
  return text
    .replace(/(?<=\S) (?=[;?»]|!(?!\[))/g, narrowNoBreak)
    .replace(/(?<=«) (?=\S)/g, narrowNoBreak)
    .replace(/(?<=\S) (?=:(?:\s|$))/g, noBreak)
}

/**
 * A duration in minutes as it is printed: `18 h 30`, `12 h`, `0 h 45`, never a decimal.
 * @throws RangeError when the minutes are not a whole number of at least 0.
 */
export function hoursAndMinutes(minutes: number): string {
  if (!Number.isSafeInteger(minutes) || minutes < 0)
    throw new RangeError(`not a duration: ${minutes} minutes`)
  const hours = `${Math.floor(minutes / 60)}${noBreak}h`
  const rest = minutes % 60
  return rest === 0 ? hours : `${hours}${noBreak}${String(rest).padStart(2, '0')}`
}

/**
 * An amount in euro cents as it is printed: `1 250,00 €`.
 * @throws RangeError when the cents are not a whole number.
 */
export function euros(cents: number): string {
  if (!Number.isSafeInteger(cents)) throw new RangeError(`not an amount: ${cents} cents`)
  const digits = String(Math.abs(cents)).padStart(3, '0')
  const whole = digits.slice(0, -2).replace(/\B(?=(?:\d{3})+$)/g, narrowNoBreak)
  return `${cents < 0 ? '-' : ''}${whole},${digits.slice(-2)}${noBreak}€`
}

/**
 * A civil date `YYYY-MM-DD` in words: `2 mars 2026`, `1er mars 2026`.
 * @throws RangeError when there is no such day.
 */
export function frenchDate(date: string): string {
  const { year, month, day } = Temporal.PlainDate.from(date, { overflow: 'reject' })
  return [day === 1 ? '1er' : day, months[month - 1], year].join(noBreak)
}

const weekdays = ['lundi', 'mardi', 'mercredi', 'jeudi', 'vendredi', 'samedi', 'dimanche']

/**
 * The day of the week of a civil date: `lundi`.
 * @throws RangeError when there is no such day.
 */
export function weekday(date: string): string {
  return weekdays[Temporal.PlainDate.from(date, { overflow: 'reject' }).dayOfWeek - 1] ?? ''
}

/**
 * A local time `HH:MM` as it is printed: `9 h`, `17 h 30`.
 * @throws RangeError when it is none.
 */
export function clockTime(time: string): string {
  const { hour, minute } = Temporal.PlainTime.from(time, { overflow: 'reject' })
  return hoursAndMinutes(hour * 60 + minute)
}

/** A SIRET by groups: `732 829 320 00074`. What has not 14 digits is printed as it is. */
export function siretInGroups(siret: string): string {
  return siret.replace(/^(\d{3})(\d{3})(\d{3})(\d{5})$/, ['$1', '$2', '$3', '$4'].join(noBreak))
}

/** A declaration of activity (NDA) by groups, `RR DD NNNNN DD`. What has not 11 characters is printed as it is. */
export function declarationNumberInGroups(number: string): string {
  return number.replace(/^(\w{2})(\w{2})(\w{5})(\w{2})$/, ['$1', '$2', '$3', '$4'].join(noBreak))
}

/**
 * A region after « préfet de région », with the preposition its name asks for (R6351-6 writes « préfet de
 * région de … »): `d’Île-de-France`, `de Bretagne`, `des Hauts-de-France`, `du Grand Est`.
 */
export function ofRegion(region: string): string {
  if (/^(hauts|pays|terres)\b/i.test(region)) return `des ${region}`
  if (/^(grand|centre)\b/i.test(region)) return `du ${region}`
  return /^[aeiouyàâéèêëîïôû]/i.test(region) ? `d’${region}` : `de ${region}`
}

/** A person's name after « de »: `de Camille`, `d’Émile`; never before an h, which may be aspirated. */
export function ofPerson(name: string): string {
  return /^(?:[aeiouœæ]|y(?![aeiou]))/i.test(name.normalize('NFD')) ? `d’${name}` : `de ${name}`
}
