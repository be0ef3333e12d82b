/** What Préau sends to PostgreSQL for a request: the bare handlers send the same, so that only Préau makes the difference. */
import pg from 'pg'
import { buildApp } from '../src/app.ts'
import { openRuntime } from '../src/commands/runtime.ts'
import { readConfig } from '../src/config.ts'
import { ledgerKeyPem } from '../test/support/ledger-key.ts'
import type { Call } from './http.ts'

/** As the driver gets it: text and parameters, begin and commit included. */
export type Statement = { sql: string; parameters: unknown[] }

/** The statements of one request, and the ids it made: those that another call must make anew. */
export type Recording = { statements: Statement[]; madeIds: string[] }

/** Answers the request in this process and writes down its statements. Throws when the answer is an error. */
export async function record(
  databaseUrl: string,
  { method = 'GET', path, body, cookie }: Call,
): Promise<Recording> {
  const environment = { DATABASE_URL: databaseUrl, PREAU_LEDGER_KEY: ledgerKeyPem, PREAU_LOG_LEVEL: 'silent' }
  const runtime = await openRuntime(readConfig(environment), { recordsEvidence: true })
  try {
    const app = buildApp(runtime.deps)
    const since = Date.now()
    const statements = await recordStatements(async () => {
      const answer = await app.request(path, {
        method,
        headers: {
          ...(body !== undefined && { 'content-type': 'application/json' }),
          ...(cookie !== undefined && { cookie }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
      })
      if (answer.status >= 400) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`)
      await answer.arrayBuffer()
    })
    return { statements, madeIds: idsMadeSince(since, statements) }
  } finally {
    await runtime.close()
  }
}

async function recordStatements(work: () => Promise<void>): Promise<Statement[]> {
  const statements: Statement[] = []
  const { query } = pg.Client.prototype
  pg.Client.prototype.query = function (this: pg.Client, ...args: unknown[]) {
    statements.push(statementOf(args))
    return Reflect.apply(query, this, args)
  } as typeof query
  try {
    await work()
  } finally {
    pg.Client.prototype.query = query
  }
  return statements
}

function statementOf([first, second]: unknown[]): Statement {
  if (typeof first === 'string') return { sql: first, parameters: Array.isArray(second) ? second : [] }
  const { text, values = [] } = first as { text: string; values?: unknown[] }
  return { sql: text, parameters: values }
}

const uuids = /[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}/g

/** A UUIDv7 begins with the milliseconds of the moment it was made (RFC 9562). */
function idsMadeSince(since: number, statements: readonly Statement[]): string[] {
  const ids = new Set(JSON.stringify(statements).match(uuids))
  return [...ids].filter((id) => Number.parseInt(id.replaceAll('-', '').slice(0, 12), 16) >= since)
}
