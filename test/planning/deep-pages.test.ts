/** A page far down a long list of sessions costs what the first one does. */
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { listSessions } from '../../src/planning/session-list.queries.ts'
import { testAppForOneTest } from '../support/app.ts'
import { plansOf } from '../support/plans.ts'
import { publishedTraining } from '../support/trainings.ts'

test('a page of sessions begins where the index says, also among those without a slot', async () => {
  const preau = await testAppForOneTest()
  await publishedTraining(await preau.signIn('admin'))
  await sql`
    insert into training_session (id, created_at, updated_at, reference, training_version_id, status, opened_at,
      time_zone, modality, capacity, approval, visibility, subcontracting, bpf_scope, first_slot_starts_at)
    select gen_random_uuid(), now(), now(), 'S-' || n, version.id, 'open', now(), 'Europe/Paris', 'onsite', 12,
      'automatic', 'public', 'none', 'included',
      case when n % 50 > 0 then timestamptz '2016-01-01 08:00Z' + n * interval '4 hours' end
    from training_version version, generate_series(1, 2000) n`.execute(preau.deps.db)
  await sql`vacuum analyze training_session`.execute(preau.deps.db)
  const somebody = { personId: preau.system.newId(), chapterIds: [] }
  for (const startsAt of ['2016-10-01T08:00:00Z', ''])
    for (const viewer of ['all', somebody] as const) {
      const cursor = Buffer.from(JSON.stringify([startsAt, preau.system.newId()])).toString('base64url')
      const [plan] = await plansOf(preau, (db) => listSessions(db, { limit: 20, cursor }, viewer))
      expect(plan).toContain('Index Cond: (ROW(COALESCE(first_slot_starts_at')
      expect(plan).not.toContain('Sort')
    }
})
