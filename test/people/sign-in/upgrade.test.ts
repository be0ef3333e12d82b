/** Who was signed in, or about to be, before this version goes on with it. */
import { randomUUID } from 'node:crypto'
import { sql } from 'kysely'
import { expect, inject, onTestFinished, test } from 'vitest'
import { buildApp } from '../../../src/app.ts'
import { migrateTo, migrateToLatest } from '../../../src/platform/db/migrate.ts'
import { openDatabase } from '../../../src/platform/db/pool.ts'
import { sha256Hex } from '../../../src/platform/files/files.ts'
import { trustedProxies } from '../../../src/platform/http/client-address.ts'
import { createLog } from '../../../src/platform/log.ts'
import { testKeyring } from '../../support/ledger-key.ts'

async function emptyDatabase() {
  const { template: _, ...cluster } = inject('testCluster')
  const database = `test_${randomUUID().replaceAll('-', '')}`
  const postgres = openDatabase({ ...cluster, database: 'postgres' }, { maxConnections: 1 })
  await sql.raw(`create database ${database} template template0`).execute(postgres)
  await postgres.destroy()
  const db = openDatabase({ ...cluster, database })
  onTestFinished(() => db.destroy())
  return db
}

test('the set-up link, the cookie and the token of the version before go on working', async () => {
  const db = await emptyDatabase()
  const id = randomUUID()
  await db.transaction().execute(async (trx) => {
    await migrateTo(trx, '0009_compliance')
    for (const statement of [
      sql`insert into person (id, created_at, updated_at, first_name, last_name) values (${id}, now(), now(), 'Lou', 'Petit')`,
      sql`insert into account (id, created_at, updated_at, person_id, email) values (${id}, now(), now(), ${id}, 'lou@example.org')`,
      sql`insert into role_grant (id, account_id, role) values (${id}, ${id}, 'member')`,
      sql`insert into login_session values (${sha256Hex('cookie')}, ${id}, now(), now() + interval '20 days')`,
      sql`insert into api_token values (${id}, ${id}, 'export', ${sha256Hex('token')}, null, now())`,
      sql`insert into setup_token values (${sha256Hex('link')}, now(), now() + interval '1 hour')`,
    ])
      await statement.execute(trx)
  })
  await migrateToLatest(db)

  const app = buildApp({
    ...{ db, clock: () => Temporal.Now.instant(), log: createLog('silent') },
    ...{ baseUrl: 'https://preau.example', trustedProxies: trustedProxies('none') },
    keyring: testKeyring(),
  })
  const get = async (path: string, headers: Record<string, string>) => {
    const answer = await app.request(path, { headers })
    expect(answer.status, path).toBe(200)
    return answer.text()
  }
  const cookie = { cookie: 'preau_session=cookie' }
  expect(JSON.parse(await get('/api/me', cookie)).account.status).toBe('new')
  const sessions = JSON.parse(await get('/api/me/login-sessions', cookie))
  expect(sessions.items).toMatchObject([{ device: null, isCurrent: true }])
  const tokens = JSON.parse(await get('/api/tokens', { authorization: 'Bearer token' }))
  expect(tokens.items).toMatchObject([{ name: 'export', scope: 'full' }])
  expect(await get('/setup?token=link', {})).toContain('<h1>Mise en service</h1>')
})
