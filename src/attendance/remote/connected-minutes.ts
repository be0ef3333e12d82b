/** What connection logs prove of each learner in each half-day, for the sheet and for who reads the logs. */
import type { Kysely } from 'kysely'
import type { Database } from '../../database.ts'
import { markKey } from '../ledger/ledger-fold.ts'
import { type ConnectionLogRow, listPresences } from './connection-log.queries.ts'
import { minutesOf } from './connection-log.rules.ts'

/** Minutes by learner and half-day (`markKey`), what several logs of one say taken together. */
export function presentMinutes(
  logs: readonly Pick<ConnectionLogRow, 'slotId' | 'presences'>[],
): Map<string, number> {
  const presences = logs.flatMap(({ slotId, presences }) =>
    presences.map(({ enrolmentId, spans }) => ({ key: markKey({ slotId, enrolmentId }), spans })),
  )
  const byKey = Map.groupBy(presences, ({ key }) => key)
  return new Map([...byKey].map(([key, parts]) => [key, minutesOf(parts.flatMap(({ spans }) => spans))]))
}

/** What the connection logs of a session prove, by `markKey`; for who may read its sheet. */
export async function connectedMinutes(
  db: Kysely<Database>,
  sessionId: string,
): Promise<Map<string, number>> {
  return presentMinutes(await listPresences(db, sessionId))
}
