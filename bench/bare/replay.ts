/** Sends recorded statements again, for other people and sessions, in the same transactions. */
import { createHash, randomUUID } from 'node:crypto'
import type pg from 'pg'
import type { Recording, Statement } from '../recording.ts'

/** Recorded text → what stands in its place in this call: ids, the hash of a cookie. */
export type Renames = Record<string, string>

type Row = Record<string, unknown>

/**
 * Runs the statements in their order, those of a transaction on one connection, and gives the rows that an answer is
 * made of: those a transaction read last; without one, all but who is asking.
 */
export async function replay(pool: pg.Pool, recording: Recording, renames: Renames = {}): Promise<Row[][]> {
  const rename = renamer({
    ...Object.fromEntries(recording.madeIds.map((id) => [id, randomUUID()])),
    ...renames,
  })
  const chain = ledgerChain()
  const answer: Row[][] = []
  let connection: pg.PoolClient | undefined
  let readLast: Row[] = []
  try {
    for (const statement of recording.statements) {
      if (/^(begin|start transaction)/i.test(statement.sql)) connection = await pool.connect()
      const parameters = chain.parametersOf(statement, statement.parameters.map(rename))
      const { rows } = await (connection ?? pool).query<Row>(statement.sql, parameters)
      chain.look(statement, rows)
      if (connection && rows.length > 0) readLast = rows
      else if (!connection && !/login_session/.test(statement.sql)) answer.push(rows)
      if (/^commit/i.test(statement.sql)) {
        connection?.release()
        connection = undefined
        answer.push(readLast)
      }
    }
    return answer
  } catch (error) {
    connection?.release(true)
    throw error
  }
}

function renamer(renames: Renames): (value: unknown) => unknown {
  const names = Object.keys(renames)
  if (names.length === 0) return (value) => value
  const pattern = new RegExp(names.join('|'), 'g')
  const rename = (value: unknown): unknown => {
    if (typeof value === 'string') return value.replace(pattern, (found) => renames[found] ?? found)
    return Array.isArray(value) ? value.map(rename) : value
  }
  return rename
}

/** The one thing of a recorded call that cannot be sent again: the ledger's links continue where it stands now. */
function ledgerChain() {
  let link = { sequence: 0, hash: '' }
  return {
    look({ sql }: Statement, [head]: Row[]): void {
      if (head && /^insert into "ledger_head"/.test(sql))
        link = { sequence: Number(head.sequence), hash: String(head.hash) }
    },
    /** Events come first, then what is beside them, and the head that they lead to at the end. */
    parametersOf({ sql }: Statement, parameters: unknown[]): unknown[] {
      const inserted = /insert into "attendance_event" \(([^)]*)\) values ((?:\([^)]*\)(?:, )?)+)/.exec(sql)
      if (!inserted) return parameters
      const columns = [...(inserted[1] ?? '').matchAll(/"(\w+)"/g)].map(([, name = '']) => name)
      const count = (inserted[2] ?? '').split('), (').length * columns.length
      const events = rowsOf(parameters.slice(0, count), columns.length).flatMap((values) => {
        const row: Row = Object.fromEntries(columns.map((column, index) => [column, values[index]]))
        const hash = sha256(`${link.hash}\n${row.body}`)
        const next = { sequence: link.sequence + 1, previous_hash: link.hash, hash }
        link = next
        return columns.map((column) => ({ ...row, ...next })[column])
      })
      return [...events, ...parameters.slice(count, -3), link.sequence, link.hash, ...parameters.slice(-1)]
    },
  }
}

function rowsOf(parameters: unknown[], columns: number): unknown[][] {
  return Array.from({ length: parameters.length / columns }, (_, row) =>
    parameters.slice(row * columns, (row + 1) * columns),
  )
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex')
}
