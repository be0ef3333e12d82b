/** Hours and euros as spreadsheets write them, into whole minutes and cents without passing by a float. */
import { type CellReader, quoted, type Read } from './cells.ts'

/** `digits` / 10^`scale`. */
type Decimal = { digits: bigint; scale: number }

// 1250,5 · 1 250,50 (any space, or the Swiss apostrophe) · 1.250,50 · 1,250.50
const plain = /^\d{1,15}(?:[.,]\d{1,10})?$/
const spaced = /^\d{1,3}(?:[\s'’]\d{3}){1,4}(?:[.,]\d{1,10})?$/
const continental = /^\d{1,3}(?:\.\d{3}){1,4},\d{1,10}$/
const english = /^\d{1,3}(?:,\d{3}){1,4}\.\d{1,10}$/

function decimal(cell: string): Decimal | undefined {
  const [, sign = '', amount = ''] = /^([-−]?)\s*(.*)$/s.exec(cell) ?? []
  if (![plain, spaced, continental, english].some((form) => form.test(amount))) return undefined
  const [, whole = '', fraction = ''] = /^(.*?)(?:[.,](\d+))?$/s.exec(amount) ?? []
  const digits = BigInt(whole.replace(/\D/g, '') + fraction)
  return { digits: sign === '' ? digits : -digits, scale: fraction.length }
}

/** The decimal times `factor`, or undefined when that is not a whole number. */
function whole({ digits, scale }: Decimal, factor: bigint): number | undefined {
  const divisor = 10n ** BigInt(scale)
  return (digits * factor) % divisor === 0n ? Number((digits * factor) / divisor) : undefined
}

/** Euros before VAT into cents, up to ten million: `1 250,00 €`, `-150.5`. */
export const cents: CellReader<number> = (cell) => {
  const amount = cell.replace(/\s*(?:€|EUR|euros?)(?:\s*HT)?$/i, '')
  const value = decimal(amount)
  if (value === undefined) return { reason: `${quoted(cell)} n’est pas un montant (1 250,00)` }
  // 1,250 is a thousand to some and a little more than one to others.
  if (value.scale === 3 && /^\D*\d{1,3}[.,]\d{3}$/.test(amount))
    return { reason: `${quoted(cell)} se lit de deux façons\u202f; écrivez 1 250,00 ou 1,25` }
  const inCents = whole(value, 100n)
  if (inCents === undefined) return { reason: `${quoted(cell)} a des fractions de centime` }
  if (Math.abs(inCents) > 1_000_000_000) return { reason: `${quoted(cell)} dépasse dix millions d’euros` }
  return { value: inCents }
}

/** As `cents`, and not negative. */
export const price: CellReader<number> = (cell) => {
  const amount = cents(cell)
  return 'value' in amount && amount.value < 0 ? { reason: `${quoted(cell)} est un prix négatif` } : amount
}

/** Hours into minutes, exactly: `7`, `7,5`, `7.25 h`, `7h30`, `7:30`. */
export const hours: CellReader<number> = (cell) => {
  const value = hoursAndMinutes(cell) ?? decimal(cell.replace(/\s*(?:h|heures?)$/i, ''))
  if (value === undefined) return { reason: `${quoted(cell)} n’est pas une durée en heures (7,5 ou 7h30)` }
  const minutes = typeof value === 'number' ? value : whole(value, 60n)
  if (minutes === undefined)
    return {
      reason: `${quoted(cell)} ne fait pas un nombre entier de minutes\u202f; écrivez par exemple 7h20`,
    }
  return boundedMinutes(minutes, cell)
}

/** A whole number of minutes from 0: `195`, `195 min`, `3h15`. */
export const minutes: CellReader<number> = (cell) => {
  const value = hoursAndMinutes(cell) ?? decimal(cell.replace(/\s*(?:min|mn|minutes?)$/i, ''))
  const count = typeof value === 'number' || value === undefined ? value : whole(value, 1n)
  if (count === undefined || count < 0)
    return { reason: `${quoted(cell)} n’est pas un nombre entier de minutes` }
  return count === 0 ? { value: 0 } : boundedMinutes(count, cell)
}

function hoursAndMinutes(cell: string): number | undefined {
  const found = /^(\d{1,4})\s*(?:h|:)\s*([0-5]\d)$/i.exec(cell)
  return found ? Number(found[1]) * 60 + Number(found[2]) : undefined
}

function boundedMinutes(minutes: number, cell: string): Read<number> {
  if (minutes < 1) return { reason: `${quoted(cell)} n’est pas une durée` }
  if (minutes > 300_000) return { reason: `${quoted(cell)} dépasse 5\u202f000 heures` }
  return { value: minutes }
}
