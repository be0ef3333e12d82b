/** Reads pg-boss's table of jobs, in our own words; pg-boss alone writes it. */
import { type Kysely, sql } from 'kysely'
import type { Database } from '../../database.ts'
import { olderThan, type Page, toPage } from '../http/pagination.ts'
import type { JobState, JobsQuery } from './jobs.schema.ts'
import { type JobKind, jobKinds } from './queue.ts'

export type JobRow = {
  id: string
  kind: JobKind
  state: JobState
  /** The person who asked for it; null where Préau itself did. */
  askedBy: string | null
  createdAt: Temporal.Instant
  startedAt: Temporal.Instant | null
  finishedAt: Temporal.Instant | null
  errorCode: string | null
}

type StoredState = 'created' | 'retry' | 'active' | 'completed' | 'cancelled' | 'failed'

const storedStates = {
  queued: ['created', 'retry'],
  running: ['active'],
  done: ['completed'],
  failed: ['failed', 'cancelled'],
} as const satisfies Record<JobState, readonly StoredState[]>

const stateColumn = sql<JobState>`case
  when state in ('created', 'retry') then 'queued'
  when state = 'active' then 'running'
  when state = 'completed' then 'done'
  else 'failed' end`

const columns = sql`id, name as kind, ${stateColumn} as state, data ->> 'askedBy' as asked_by,
  created_on as created_at, started_on as started_at, completed_on as finished_at, output ->> 'code' as error_code`

/** Whatever its kind: a mail's job has the id of the mail. */
export async function findJob(db: Kysely<Database>, id: string): Promise<JobRow | undefined> {
  const { rows } = await sql<JobRow>`
    select ${columns} from jobs.job where name = any(${[...jobKinds]}) and id = ${id}`.execute(db)
  return rows[0]
}

/** The newest first, then id. */
export async function listJobs(db: Kysely<Database>, query: JobsQuery): Promise<Page<JobRow>> {
  const kinds = query.kind === undefined ? jobKinds : [query.kind]
  const { rows } = await sql<JobRow>`
    select ${columns} from jobs.job
    where name = any(${[...kinds]})
      and ${query.state === undefined ? sql`true` : inState(query.state)}
      and ${olderThan(query.cursor, sql`created_on`)}
    order by created_on desc, id desc
    limit ${query.limit + 1}`.execute(db)
  return toPage(rows, query.limit, (row) => [row.createdAt.toString(), row.id])
}

/** As literals, so that PostgreSQL sees which of its partial indexes will do. */
function inState(state: JobState) {
  return sql`state in (${sql.join(storedStates[state].map((stored) => sql.lit(stored)))})`
}

type JobCount = { kind: JobKind; state: Exclude<JobState, 'done'>; count: number }

/** How many wait, run and have failed, of each kind. Those that were done are history, and not counted. */
export async function countJobs(db: Kysely<Database>): Promise<JobCount[]> {
  const { rows } = await sql<JobCount>`
    select name as kind, ${stateColumn} as state, count(*)::int as count
    from jobs.job where name = any(${[...jobKinds]}) and state <> 'completed' group by 1, 2`.execute(db)
  return jobKinds.flatMap((kind) =>
    (['queued', 'running', 'failed'] as const).map((state) => ({
      kind,
      state,
      count: rows.find((row) => row.kind === kind && row.state === state)?.count ?? 0,
    })),
  )
}
