/** The key that the ledgers of tests are signed with: the same in every process, or one could not go on with another's. */
import type { Kysely } from 'kysely'
import { holdLedgerKey } from '../../src/attendance/ledger/ledger-keys.ts'
import type { Database } from '../../src/database.ts'
import { systemCtx } from '../../src/deps.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { type Keyring, memoryKeyring } from '../../src/platform/keyring.ts'
import { createLog } from '../../src/platform/log.ts'

/** As `PREAU_LEDGER_KEY` holds it. */
export const ledgerKeyPem = `-----BEGIN PRIVATE KEY-----
MC4CAQAwBQYDK2VwBCIEIBrwppRINOevWPH1AC/WQtIfCT80US2aO8O1MO6wZ2AL
-----END PRIVATE KEY-----`

export function testKeyring(): Keyring {
  return memoryKeyring(ledgerKeyPem)
}

/** What the start of a command does. */
export async function introduceTestKey(db: Kysely<Database>): Promise<void> {
  const deps = {
    ...{ db, clock: systemClock, log: createLog('silent'), keyring: testKeyring() },
    ...{ baseUrl: 'https://preau.example', trustedProxies: () => false },
  }
  if (!(await holdLedgerKey(systemCtx(deps, 'test')))) throw new Error('another key is in use')
}
