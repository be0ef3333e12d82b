/** `npm start` on an embedded database: how soon it answers, and how much memory it takes at rest and after work. */
import { setTimeout as sleep } from 'node:timers/promises'
import { type Figure, median } from './measure.ts'
import { memoryOfChildren, residentMemory } from './memory.ts'
import { workload } from './mixed.ts'
import { withFolder } from './postgres.ts'
import { type Served, withPreau } from './processes.ts'

const starts = 5
const requests = 1_000
/** Until what a start or a burst of work leaves behind has been cleared away. */
const restMs = 4_000

export async function startFigures(): Promise<Figure[]> {
  const first: number[] = []
  const second: number[] = []
  for (let start = 0; start < starts; start++) {
    await withFolder(async (folder) => {
      const once = () => withPreau({ PREAU_DATA_DIR: folder }, async ({ readyMs }) => readyMs)
      first.push(await once())
      second.push(await once())
    })
  }
  return [
    { what: 'From the command to /ready, first time', unit: 'ms', ours: median(first) },
    {
      what: 'From the command to /ready, second time',
      unit: 'ms',
      ours: median(second),
      aim: { most: 1_200 },
    },
  ]
}

export async function memoryFigures(): Promise<Figure[]> {
  return withFolder((folder) =>
    withPreau({ PREAU_DATA_DIR: folder }, async (preau) => {
      await sleep(restMs)
      const atRest = figuresNow(preau, 'at rest')
      const work = await workload(preau.address)
      for (let number = 0; number < requests; number++) await work(number)
      await sleep(restMs)
      return [...atRest, ...figuresNow(preau, 'after a thousand mixed requests')]
    }),
  )
}

function figuresNow({ pid }: Served, when: string): Figure[] {
  const database = memoryOfChildren(pid)
  return [
    { what: `Memory of the server ${when}`, unit: 'MB', ours: residentMemory(pid), aim: { most: 150 } },
    ...(database === undefined
      ? []
      : [{ what: `Memory of its PostgreSQL ${when}`, unit: 'MB' as const, ours: database }]),
  ]
}
