/** Chance that is the same on every machine and every day. */

export type Random = {
  /** At least 0 and less than 1. */
  next: () => number
  /** A whole number from `min` to `max`, both included. */
  whole: (min: number, max: number) => number
  isLucky: (probability: number) => boolean
  pick: <T>(items: readonly T[]) => T
  /** As many different items, in random order; all of them when there are fewer. */
  sample: <T>(items: readonly T[], count: number) => T[]
}

/** The generator mulberry32: 32 bits of state, integer arithmetic only. */
export function randomFrom(seed: number): Random {
  let state = seed
  const next = (): number => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
  const whole = (min: number, max: number) => min + Math.floor(next() * (max - min + 1))
  const pick = <T>(items: readonly T[]): T => {
    const item = items[whole(0, items.length - 1)]
    if (item === undefined) throw new RangeError('nothing to pick from')
    return item
  }
  const sample = <T>(items: readonly T[], count: number): T[] => {
    const left = [...items]
    return Array.from({ length: Math.min(count, left.length) }, () =>
      left.splice(whole(0, left.length - 1), 1),
    ).flat()
  }
  return { next, whole, isLucky: (probability) => next() < probability, pick, sample }
}
