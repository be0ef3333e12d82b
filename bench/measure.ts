/** One row of the table, medians, and rounds in which ours and the bare handler take turns. */

/** What must hold: at most this ratio to the bare side, or at most this figure in the row's own unit. */
export type Aim = { ratio: number } | { most: number }

export type Figure = {
  what: string
  /** `/s`: the more the better; the ratio is that of the times all the same. */
  unit: 'ms' | 'MB' | 'kB' | '/s'
  ours: number
  /** The same work without Préau around it; absent where there is nothing to compare with. */
  bare?: number
  ratio?: number
  aim?: Aim
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = sorted.length >> 1
  const [low = Number.NaN, high = low] = sorted.slice(middle - (sorted.length % 2 ? 0 : 1), middle + 1)
  return (low + high) / 2
}

/** Milliseconds until `work` is done. */
export async function timed(work: () => Promise<unknown>): Promise<number> {
  const start = performance.now()
  await work()
  return performance.now() - start
}

/** The median of so many repetitions, one after the other. */
export async function medianOf(
  repetitions: number,
  work: (index: number) => Promise<unknown>,
): Promise<number> {
  const times = []
  for (let index = 0; index < repetitions; index++) times.push(await timed(() => work(index)))
  return median(times)
}

/** One round of one side, in milliseconds; `round` counts from 0, warm-up included. */
export type Round = (round: number) => Promise<number>

export type Rounds = { warmUp: number; counted: number }

/**
 * Both sides by turns, each first in every other round. The ratio is the median of the rounds' own ratios: what slows
 * the machine for a while slows both sides of a round.
 */
export async function compare(
  { warmUp, counted }: Rounds,
  sides: { ours: Round; bare: Round },
): Promise<{ ours: number; bare: number; ratio: number }> {
  const rounds = []
  for (let round = 0; round < warmUp + counted; round++) {
    const oursFirst = round % 2 === 0
    const first = await (oursFirst ? sides.ours : sides.bare)(round)
    const second = await (oursFirst ? sides.bare : sides.ours)(round)
    const [ours, bare] = oursFirst ? [first, second] : [second, first]
    if (round >= warmUp) rounds.push({ ours, bare, ratio: ours / bare })
  }
  return {
    ours: median(rounds.map((round) => round.ours)),
    bare: median(rounds.map((round) => round.bare)),
    ratio: median(rounds.map((round) => round.ratio)),
  }
}
