/** Work that takes turns within this process. */

type Line = { underWay: number; waiting: (() => void)[] }

/** Does the work when it has its turn in the line of this name; throws what the work throws. */
type InTurn = <T>(line: string, work: () => Promise<T>) => Promise<T>

/** Lines in each of which so many are under way at once, and the others wait in the order of asking. */
export function createTurns(mostAtOnce: number): InTurn {
  const lines = new Map<string, Line>()
  return async (name, work) => {
    const line = lines.get(name) ?? { underWay: 0, waiting: [] }
    lines.set(name, line)
    if (line.underWay >= mostAtOnce) await new Promise<void>((resolve) => line.waiting.push(resolve))
    else line.underWay++
    try {
      return await work()
    } finally {
      const next = line.waiting.shift()
      if (next) next()
      else if (--line.underWay === 0) lines.delete(name)
    }
  }
}
