/**
 * Guesses from one network take turns. Each costs the work of an argon2 hash, and what it finds counted when its turn
 * comes is what it is judged by: a thousand sent at once are a few answers and then refusals that cost nothing, and
 * nobody elsewhere waits behind them.
 */

/** As many as are hashed at once. */
const mostAtOnce = 4

type Line = { underWay: number; waiting: (() => void)[] }

const lines = new Map<string, Line>()

/** Does the work when fewer than four of this network are being done in this process, in the order of asking. */
export async function inTurn<T>(network: string, work: () => Promise<T>): Promise<T> {
  const line = lines.get(network) ?? { underWay: 0, waiting: [] }
  lines.set(network, line)
  if (line.underWay >= mostAtOnce) await new Promise<void>((resolve) => line.waiting.push(resolve))
  else line.underWay++
  try {
    return await work()
  } finally {
    const next = line.waiting.shift()
    if (next) next()
    else if (--line.underWay === 0) lines.delete(network)
  }
}
