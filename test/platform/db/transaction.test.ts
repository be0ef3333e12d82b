import { sql } from 'kysely'
import { expect, onTestFinished, test } from 'vitest'
import { systemCtx } from '../../../src/deps.ts'
import { openDatabase } from '../../../src/platform/db/pool.ts'
import { inTransaction } from '../../../src/platform/db/transaction.ts'
import { createLog } from '../../../src/platform/log.ts'
import { cloneDatabase } from '../../support/database.ts'
import { testKeyring } from '../../support/ledger-key.ts'

test('who waited for a lock sees what was written meanwhile, also on a server that by default shows an older state', async () => {
  const { connection } = await cloneDatabase()
  const db = openDatabase({ ...connection, options: '-c default_transaction_isolation=repeatable\\ read' })
  onTestFinished(() => db.destroy())
  const ctx = systemCtx(
    {
      ...{ db, clock: () => Temporal.Now.instant(), log: createLog('silent') },
      ...{ baseUrl: 'http://localhost', keyring: testKeyring(), trustedProxies: () => false },
    },
    'test',
  )
  await sql`create table seat (taken integer not null); insert into seat values (0)`.execute(db)

  const taken = await Promise.all(
    Array.from({ length: 8 }, () =>
      inTransaction(ctx, async (ctx) => {
        await sql`select pg_advisory_xact_lock(1)`.execute(ctx.db)
        const { rows } = await sql<{
          taken: number
        }>`update seat set taken = taken + 1 returning taken`.execute(ctx.db)
        return rows[0]?.taken
      }),
    ),
  )

  expect(taken.sort()).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
})
