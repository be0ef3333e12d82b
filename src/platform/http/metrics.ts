/** What Prometheus reads: counted here, in a registry of its own, with labels whose values are known beforehand. */
import type { Kysely } from 'kysely'
import { Counter, collectDefaultMetrics, Gauge, Histogram, Registry } from 'prom-client'
import type { Database } from '../../database.ts'
import { poolUse } from '../db/pool.ts'
import { inTime } from '../in-time.ts'
import { countJobs } from '../jobs/jobs.queries.ts'
import { countMails } from '../mail/mail.queries.ts'
import { version } from '../version.ts'

/** One request as it ended; `route` is its pattern (`/api/slots/:id`), never its path. */
type EndedRequest = {
  method: string
  route: string
  status: number
  seconds: number
  /** The code of the problem that it was answered with. */
  problemCode: string | undefined
}

export type Metrics = {
  requestStarted(): void
  requestEnded(request: EndedRequest): void
  /** What never became a request: the status it was refused with, or 'connection' where there were too many. */
  refused(reason: string): void
  /** The text of the answer, in the format that `contentType` names. */
  read(): Promise<string>
  contentType: string
}

/** Counts nothing yet. The database is asked when Prometheus asks, and waited for two seconds at most. */
export function createMetrics(db: Kysely<Database>): Metrics {
  const registry = new Registry()
  const registers = [registry]
  const duration = new Histogram({
    name: 'preau_http_request_duration_seconds',
    help: 'Time from the request to its answer, by method, pattern of the route and class of the status',
    labelNames: ['method', 'route', 'status'],
    buckets: [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30],
    registers,
  })
  const inFlight = new Gauge({ name: 'preau_http_requests_in_flight', help: 'Requests under way', registers })
  const problems = new Counter({
    name: 'preau_problems_total',
    help: 'Answers that were problems, by code: people/bad-credentials are failed sign-ins',
    labelNames: ['code'],
    registers,
  })
  const refused = new Counter({
    name: 'preau_http_refused_total',
    help: 'What was refused before it was a request, by status; connection: too many were open',
    labelNames: ['reason'],
    registers,
  })
  addBuild(registers)
  addDatabasePool(db, registers)
  addCounts(db, registers)
  return {
    requestStarted: () => inFlight.inc(),
    requestEnded({ method, route, status, seconds, problemCode }) {
      inFlight.dec()
      duration.observe({ method, route, status: `${Math.floor(status / 100)}xx` }, seconds)
      if (problemCode !== undefined) problems.inc({ code: problemCode })
    },
    refused: (reason) => refused.inc({ reason }),
    read: async () => `${await registry.metrics()}\n${await processRegistry().metrics()}`,
    contentType: registry.contentType,
  }
}

function addBuild(registers: Registry[]): void {
  const build = new Gauge({
    name: 'preau_build_info',
    help: 'Always 1; the labels say which versions run',
    labelNames: ['version', 'node'],
    registers,
  })
  build.set({ version, node: process.versions.node }, 1)
}

function addDatabasePool(db: Kysely<Database>, registers: Registry[]): void {
  const connections: Gauge<'state'> = new Gauge({
    name: 'preau_database_connections',
    help: 'Connections of this process to the database, by state',
    labelNames: ['state'],
    registers,
    collect() {
      const { inUse, idle } = poolUse(db)
      connections.set({ state: 'in_use' }, inUse)
      connections.set({ state: 'idle' }, idle)
    },
  })
  const waiting: Gauge = new Gauge({
    name: 'preau_database_waiting',
    help: 'Who waits for a connection to the database',
    registers,
    collect() {
      waiting.set(poolUse(db).waiting)
    },
  })
}

const countsPatienceMs = 2_000
/** Two Prometheus servers that ask every few seconds cost the database no more than one. */
const countsLifeMs = 10_000

type Counts = {
  name: string
  help: string
  labelNames: string[]
  read(): Promise<({ count: number } & Record<string, string | number>)[]>
}

function addCounts(db: Kysely<Database>, registers: Registry[]): void {
  const failures = new Counter({
    name: 'preau_scrape_failures_total',
    help: 'Counts that the database did not give in time, and that are missing from the answer',
    labelNames: ['name'],
    registers,
  })
  const countedInDatabase: Counts[] = [
    {
      name: 'preau_jobs',
      help: 'Jobs of the whole organisation that wait, run and have failed',
      labelNames: ['kind', 'state'],
      read: () => countJobs(db),
    },
    {
      name: 'preau_mails',
      help: 'Mails of the whole organisation that were not sent, and those of which nobody knows',
      labelNames: ['state'],
      read: () => countMails(db),
    },
  ]
  for (const { name, help, labelNames, read } of countedInDatabase) {
    let readAt = Number.NEGATIVE_INFINITY
    const gauge: Gauge = new Gauge({
      name,
      help,
      labelNames,
      registers,
      async collect() {
        if (performance.now() - readAt < countsLifeMs) return
        gauge.reset()
        try {
          const found = await inTime(read(), countsPatienceMs, () => new Error('too late'))
          for (const { count, ...labels } of found) gauge.set(labels, count)
          readAt = performance.now()
        } catch {
          failures.inc({ name })
        }
      },
    })
  }
}

let ofThisProcess: Registry | undefined

/** Memory, CPU, event loop and garbage collection: one for the process, measured from the first time that it is read. */
function processRegistry(): Registry {
  if (!ofThisProcess) {
    ofThisProcess = new Registry()
    collectDefaultMetrics({ register: ofThisProcess })
  }
  return ofThisProcess
}
