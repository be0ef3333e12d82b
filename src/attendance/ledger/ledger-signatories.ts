/** With which keys the events of sessions must be signed: read from the keys and their checkpoints. */
import type { Kysely } from 'kysely'
import type { Database } from '../../database.ts'
import type { Reign, Signatories } from './ledger.ts'
import { coveredSequences, firstCheckpointOfKeys } from './ledger-checkpoint.queries.ts'
import { type VerifiedKeys, verifyKeys } from './ledger-key.ts'
import { listKeys } from './ledger-keys.queries.ts'

/** `held`: the keys known from outside of the database. */
export async function readKeys(db: Kysely<Database>, held: readonly string[]): Promise<VerifiedKeys> {
  return verifyKeys(await listKeys(db), new Set(held))
}

/** What to check the events of each of these sessions with. */
export async function readSignatories(
  db: Kysely<Database>,
  sessionIds: readonly string[],
  { line, believed }: VerifiedKeys,
): Promise<(sessionId: string) => Signatories> {
  const openings = await firstCheckpointOfKeys(db)
  const covered = await coveredSequences(db, [...openings.values()], sessionIds)
  const coveredBy = new Map(covered.map((row) => [`${row.checkpoint} ${row.sessionId}`, row.sequence]))
  const beginOf = (keyId: string, sessionId: string) =>
    coveredBy.get(`${openings.get(keyId)} ${sessionId}`) ?? 0
  return (sessionId) => {
    const begins = line.map(({ id }) => beginOf(id, sessionId))
    const ids = [null, ...line.map(({ id }) => id)]
    const reigns = ids.map((id, index): [string | null, Reign] => [
      id,
      { after: begins[index - 1] ?? 0, until: begins[index] ?? Number.POSITIVE_INFINITY },
    ])
    return { publicKeys: believed, reigns: new Map(reigns) }
  }
}
