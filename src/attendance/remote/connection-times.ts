/** Times and durations as virtual rooms write them: for people, by the clock and the habits of whoever exports. */

type DateOrder = 'dayFirst' | 'monthFirst'

/** How the times of one file are read; the zone is for times that name none. */
export type Clock = { order: DateOrder; timeZone: string }

const date = String.raw`(\d{1,4})([./-])(\d{1,2})\2(\d{1,4})`
const time = String.raw`(\d{1,2}) ?[:h] ?(\d{2})(?::(\d{2})(?:[.,]\d+)?)?(?: ?([ap])\.?m\.?)?`
const zone = String.raw`(Z|UTC|GMT|[+-]\d{2}:?\d{2})?`
const written = new RegExp(`^${date}(?:,|T| à| at)? ?${time} ?${zone}$`, 'i')

/** The instant of `02/03/2026 09:00:41`, `3/2/26, 9:00:41 AM`, `2026-03-02T08:00:41Z`…; undefined for anything else. */
export function readTime(text: string, { order, timeZone }: Clock): Temporal.Instant | undefined {
  const found = written.exec(text.replaceAll(/\s+/g, ' ').trim())
  if (!found) return undefined
  const [, first = '', mark, second = '', third = '', hour, minute, secondOfTime, half, named] = found
  // Dots are written by people who put the day first, whatever the rest of the file says.
  const civil = civilDate([first, second, third], mark === '.' ? 'dayFirst' : order)
  const clock = {
    hour: hourOf(Number(hour), half),
    minute: Number(minute),
    second: Number(secondOfTime ?? 0),
  }
  try {
    const local = Temporal.PlainDateTime.from({ ...civil, ...clock }, { overflow: 'reject' })
    return local.toZonedDateTime(named ? zoneOf(named) : timeZone).toInstant()
  } catch (error) {
    if (error instanceof RangeError) return undefined
    throw error
  }
}

function civilDate(parts: readonly [string, string, string], order: DateOrder) {
  const [first, second, third] = [Number(parts[0]), Number(parts[1]), Number(parts[2])]
  if (parts[0].length > 2) return { year: first, month: second, day: third }
  const year = third < 100 ? 2000 + third : third
  return order === 'dayFirst' ? { year, month: second, day: first } : { year, month: first, day: second }
}

/** An hour that its half of the day contradicts becomes one that no clock shows. */
function hourOf(hour: number, half: string | undefined): number {
  if (half === undefined) return hour
  if (hour < 1 || hour > 12) return Number.NaN
  return (hour % 12) + (half.toLowerCase() === 'p' ? 12 : 0)
}

function zoneOf(named: string): string {
  return /^[+-]/.test(named) ? named : 'UTC'
}

/**
 * Whether 03/02 is the second of March or the third of February: as more of the times can be read, then as they come
 * nearer to when they should have been.
 */
export function likelyOrder(texts: readonly string[], timeZone: string, near: Temporal.Instant): DateOrder {
  const [dayFirst, monthFirst] = (['dayFirst', 'monthFirst'] as const).map((order) => {
    const times = texts.flatMap((text) => readTime(text, { order, timeZone }) ?? [])
    const apart = times.map((time) => Math.abs(time.epochMilliseconds - near.epochMilliseconds))
    return { read: times.length, apart: Math.min(...apart) }
  })
  if (!dayFirst || !monthFirst) return 'dayFirst'
  const isMonthFirst =
    monthFirst.read > dayFirst.read ||
    (monthFirst.read === dayFirst.read && monthFirst.apart < dayFirst.apart)
  return isMonthFirst ? 'monthFirst' : 'dayFirst'
}

const ofClock = /^(\d+):([0-5]\d):([0-5]\d)$/
const inWords = /^(?:(\d+) ?h[a-z]*\.?)? ?(?:(\d+) ?m[a-z]*\.?)? ?(?:(\d+) ?s[a-z]*\.?)?$/i

/** Seconds of `57` (minutes), `01:10:00`, `1h 13m 42s`, `1 h 13 min 42 s`; undefined for anything else. */
export function readDuration(text: string): number | undefined {
  const spoken = text.replaceAll(/\s+/g, ' ').trim()
  if (/^\d+(?:[.,]\d+)?$/.test(spoken)) return Math.round(Number(spoken.replace(',', '.')) * 60)
  const found = ofClock.exec(spoken) ?? (spoken === '' ? null : inWords.exec(spoken))
  if (!found) return undefined
  const [, hours, minutes, seconds] = found
  return Number(hours ?? 0) * 3_600 + Number(minutes ?? 0) * 60 + Number(seconds ?? 0)
}
