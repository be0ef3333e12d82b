import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { buildApp } from '../../../src/app.ts'
import { openDatabase } from '../../../src/platform/db/pool.ts'
import { answerOnce, tidyIdempotency } from '../../../src/platform/idempotency/idempotency.ts'
import { keyHash, requestHash } from '../../../src/platform/idempotency/idempotency-key.ts'
import { type Caller, type TestApp, testApp, testAppForOneTest } from '../../support/app.ts'
import { aPublishedTraining, made } from '../../support/route-world.ts'
import { addSession, closeSession, describeOrganisation } from '../../support/world.ts'

let app: TestApp
let admin: Caller
beforeAll(async () => {
  app = await testApp({ maxConnections: 3 })
  admin = await app.signIn('admin')
})
afterAll(() => app.close())

let count = 0
const key = (value = `key-${++count}`) => ({ 'idempotency-key': value })
const aChapter = () => ({ name: `Antenne ${++count}`, city: 'Brest', regionCode: '53' })

async function chaptersNamed(name: string): Promise<number> {
  const { body } = await app.anonymous.get('/api/chapters?limit=200')
  return body.items.filter((chapter: { name: string }) => chapter.name === name).length
}

/** Nobody else can open a chapter of this name before the work is done. */
async function whileNameIsHeld(name: string, work: () => Promise<unknown>): Promise<void> {
  const other = openDatabase({ connectionString: app.url }, { maxConnections: 1 })
  onTestFinished(() => other.destroy())
  const nothing = new Error('rolled back')
  await other
    .transaction()
    .execute(async (trx) => {
      const now = Temporal.Now.instant()
      const entity = { id: app.system.newId(), createdAt: now, updatedAt: now }
      await trx
        .insertInto('chapter')
        .values({ ...entity, name, city: 'Brest', regionCode: '53' })
        .execute()
      await work()
      throw nothing
    })
    .catch((error) => {
      if (error !== nothing) throw error
    })
}

/** From now on every insert into the table fails. */
async function fullDiskOn({ deps }: TestApp, table: string): Promise<void> {
  await sql`create function full_disk() returns trigger language plpgsql as
    $$ begin raise exception 'No space left on device' using errcode = '53100'; end $$`.execute(deps.db)
  await sql`create trigger full_disk before insert on ${sql.table(table)}
    for each statement execute function full_disk()`.execute(deps.db)
}

/** Waits until a connection of the application waits for a lock. */
async function untilOneWaits(): Promise<void> {
  const other = openDatabase({ connectionString: app.url }, { maxConnections: 1 })
  for (let waiting = 0; waiting === 0; ) {
    const { rows } = await sql<{ waiting: number }>`
      select count(*) as waiting from pg_stat_activity
      where datname = current_database() and wait_event_type = 'Lock'`.execute(other)
    waiting = rows[0]?.waiting ?? 0
  }
  await other.destroy()
}

describe('twenty equal requests at once', () => {
  it('make one thing and are answered alike, over two servers too', async () => {
    const second = openDatabase({ connectionString: app.url }, { maxConnections: 3 })
    onTestFinished(() => second.destroy())
    const apps = [app.app, buildApp({ ...app.deps, db: second })]
    const { token } = made(await admin.post('/api/tokens', { name: 'deux serveurs' }))
    const chapter = aChapter()
    const answers = await Promise.all(
      Array.from({ length: 20 }, async (_, index) => {
        const answer = await apps[index % 2]?.request('/api/chapters', {
          method: 'POST',
          headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...key('vingt') },
          body: JSON.stringify(chapter),
        })
        return { status: answer?.status, body: await answer?.text(), headers: answer?.headers }
      }),
    )
    expect(answers.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 201))
    expect(new Set(answers.map(({ body }) => body)).size).toBe(1)
    expect(new Set(answers.map(({ headers }) => headers?.get('etag'))).size).toBe(1)
    expect(answers.filter(({ headers }) => headers?.get('idempotency-replayed') === 'true')).toHaveLength(19)
    expect(await chaptersNamed(chapter.name)).toBe(1)
  })

  it('that wait for the first leave the database to all others', async () => {
    const chapter = aChapter()
    const headers = key()
    let answers: Promise<{ status: number }[]> | undefined
    await whileNameIsHeld(chapter.name, async () => {
      answers = Promise.all(Array.from({ length: 20 }, () => admin.post('/api/chapters', chapter, headers)))
      await untilOneWaits()
      // Three connections, of which the first request has one: were the others in the hands of its repeats, this would
      // be refused after five seconds.
      for (let read = 0; read < 10; read++)
        expect((await app.anonymous.get('/api/chapters')).status).toBe(200)
    })
    expect((await answers)?.map(({ status }) => status)).toEqual(Array.from({ length: 20 }, () => 201))
    expect(await chaptersNamed(chapter.name)).toBe(1)
  })

  it('wait for the first no longer than they have patience', async () => {
    const request = {
      accountId: admin.accountId,
      route: 'POST /api/chapters',
      keyHash: keyHash('patience'),
      requestHash: requestHash('patience', {}),
      isSecret: false,
    }
    const started = Promise.withResolvers<void>()
    const end = Promise.withResolvers<void>()
    const first = answerOnce(app.system, request, async () => {
      started.resolve()
      await end.promise
      return 'done'
    })
    await started.promise
    await expect(answerOnce(app.system, request, async () => 'twice', 30)).rejects.toMatchObject({
      definition: { status: 409, code: 'platform/idempotency-key-in-use' },
      details: { headers: { 'Retry-After': '1' } },
    })
    end.resolve()
    expect(await first).toEqual({ answer: '"done"', isReplay: false })
  })
})

describe('a key', () => {
  it('with another body or another path is refused, and the first answer still stands', async () => {
    const chapter = aChapter()
    const headers = key()
    const first = await admin.post('/api/chapters', chapter, headers)
    const other = await admin.post('/api/chapters', { ...chapter, city: 'Quimper' }, headers)
    expect(other).toMatchObject({ status: 422, body: { code: 'platform/idempotency-key-reused' } })
    expect((await admin.post('/api/chapters', chapter, headers)).body).toEqual(first.body)

    const [one, two] = [await aPublishedTraining(admin, 'CLE-1'), await aPublishedTraining(admin, 'CLE-2')]
    expect((await admin.post(`/api/trainings/${one.id}/publish`, undefined, headers)).status).toBe(200)
    const elsewhere = await admin.post(`/api/trainings/${two.id}/publish`, undefined, headers)
    expect(elsewhere).toMatchObject({ status: 422, body: { code: 'platform/idempotency-key-reused' } })
  })

  it('means the same however the fields of the body are ordered and the key is quoted', async () => {
    const { name, city, regionCode } = aChapter()
    const first = await admin.post('/api/chapters', { name, city, regionCode }, key('un-"uuid"'))
    const again = await admin.post('/api/chapters', { regionCode, city, name }, key('"un-\\"uuid\\""'))
    expect(again.headers.get('idempotency-replayed')).toBe('true')
    expect(again.body).toEqual(first.body)
  })

  it.each([
    '',
    '   ',
    'deux mots',
    'clé',
    '"',
    '"never closed',
    '""',
    'x'.repeat(256),
    `"${'x'.repeat(256)}"`,
  ])('written as %j is refused, and points at the header', async (value) => {
    const chapter = aChapter()
    const answer = await app.app.request('/api/chapters', {
      method: 'POST',
      headers: {
        authorization: `Bearer ${made(await admin.post('/api/tokens', { name: 'clé' })).token}`,
        'content-type': 'application/json',
        'idempotency-key': Buffer.from(value).toString('latin1'),
      },
      body: JSON.stringify(chapter),
    })
    expect(answer.status).toBe(422)
    expect(await answer.json()).toMatchObject({ errors: [{ pointer: '/Idempotency-Key' }] })
    expect(await chaptersNamed(chapter.name)).toBe(0)
  })

  it('is its owner’s: the same one of somebody else is another', async () => {
    const [own, others] = [aChapter(), aChapter()]
    const headers = key()
    const first = await admin.post('/api/chapters', own, headers)
    const second = await (await app.signIn('admin')).post('/api/chapters', others, headers)
    expect(second.status).toBe(201)
    expect(second.body.id).not.toBe(first.body.id)
    expect(second.headers.get('idempotency-replayed')).toBeNull()
  })

  it('stays free when the request was refused', async () => {
    const taken = aChapter()
    made(await admin.post('/api/chapters', taken))
    const headers = key()
    expect((await admin.post('/api/chapters', taken, headers)).status).toBe(409)
    expect((await admin.post('/api/chapters', { ...taken, name: '' }, headers)).status).toBe(422)
    const answer = await admin.post('/api/chapters', aChapter(), headers)
    expect(answer.status).toBe(201)
    expect(answer.headers.get('idempotency-replayed')).toBeNull()
  })

  it('stays free when the request failed, and what it did is undone', async () => {
    const own = await testAppForOneTest()
    const caller = await own.signIn('admin')
    await fullDiskOn(own, 'idempotency_key')
    const chapter = aChapter()
    expect((await caller.post('/api/chapters', chapter, key('plein'))).status).toBe(503)
    await sql`drop trigger full_disk on idempotency_key`.execute(own.deps.db)
    expect((await caller.post('/api/chapters', chapter, key('plein'))).status).toBe(201)
  })

  it('does one thing when the database has to try the transaction again', async () => {
    const own = await testAppForOneTest()
    const caller = await own.signIn('admin')
    await sql`create sequence conflicts`.execute(own.deps.db)
    await sql`
      create function conflict_twice() returns trigger language plpgsql as $$ begin
        if nextval('conflicts') <= 2 then raise exception 'conflict' using errcode = '40001'; end if;
        return new;
      end $$`.execute(own.deps.db)
    await sql`
      create trigger conflict_twice before insert on idempotency_key
        for each row execute function conflict_twice()`.execute(own.deps.db)
    const answer = await caller.post('/api/people', { firstName: 'Inès', lastName: 'Caron' }, key())
    expect(answer.status).toBe(201)
    expect((await caller.get('/api/people?q=Caron')).body.items).toHaveLength(1)
  })

  it('is kept for 24 hours, then forgotten and tidied away', async () => {
    const own = await testAppForOneTest({ now: '2026-03-02T09:00:00Z' })
    const caller = await own.signIn('admin')
    const person = { firstName: 'Inès', lastName: 'Caron' }
    const headers = key()
    const first = await caller.post('/api/people', person, headers)
    own.setNow('2026-03-03T08:59:59Z')
    expect(await tidyIdempotency(own.system)).toBe(0)
    expect((await caller.post('/api/people', person, headers)).body.id).toBe(first.body.id)
    own.setNow('2026-03-03T09:00:00Z')
    const anew = await caller.post('/api/people', person, headers)
    expect(anew.status).toBe(201)
    expect(anew.body.id).not.toBe(first.body.id)
    expect((await caller.post('/api/people', person, headers)).body.id).toBe(anew.body.id)
    own.setNow('2026-03-04T09:00:00Z')
    expect(await tidyIdempotency(own.system)).toBe(1)
    expect(await own.deps.db.selectFrom('idempotencyKey').selectAll().execute()).toEqual([])
  })
})

describe('a repeat', () => {
  it('by an admin who no longer is one is refused', async () => {
    const former = await app.signIn('admin')
    const chapter = aChapter()
    const headers = key()
    made(await former.post('/api/chapters', chapter, headers))
    const roleGrants = [{ role: 'member' }]
    made(await admin.patch(`/api/accounts/${former.accountId}`, { roleGrants }, { 'if-match': '*' }))
    expect((await former.post('/api/chapters', chapter, headers)).status).toBe(403)
  })

  it('by an ambassador whose chapter the session has left tells no more that it exists', async () => {
    const [lyon, paris] = [
      made(await admin.post('/api/chapters', aChapter())),
      made(await admin.post('/api/chapters', aChapter())),
    ]
    const ambassador = await app.signIn({ role: 'ambassador', chapterId: lyon.id })
    const session = await addSession(app, { chapterId: lyon.id })
    const path = `/api/sessions/${session.id}/enrolments`
    const body = { person: { firstName: 'Inès', lastName: 'Caron' }, traineeType: 'other' }
    const headers = key()
    const first = made(await ambassador.post(path, body, headers))
    expect((await ambassador.post(path, body, headers)).body).toEqual(first)
    const { id } = session
    await app.deps.db
      .updateTable('trainingSession')
      .set({ chapterId: paris.id })
      .where('id', '=', id)
      .execute()
    expect((await ambassador.post(path, body, headers)).status).toBe(404)
  })

  it('leaves no trace: it writes nothing that lasts', async () => {
    const body = { firstName: 'Inès', lastName: 'Caron' }
    const headers = key()
    const first = made(await admin.post('/api/people', body, headers))
    const before = await rowCounts()
    expect((await admin.post('/api/people', body, headers)).body).toEqual(first)
    expect(await rowCounts()).toEqual(before)
  })

  it('of issuing certificates names the same numbers, and finishes drawing what was cut off', async () => {
    const own = await testAppForOneTest({ now: '2026-03-10T09:00:00Z' })
    const caller = await own.signIn('admin')
    await describeOrganisation(own)
    const session = await addSession(own, { learners: 2 })
    for (const slot of session.slots) {
      const marks = session.learners.map(({ enrolmentId }) => ({ enrolmentId, status: 'present' }))
      made(await caller.put(`/api/slots/${slot.id}/attendance`, { marks }))
    }
    await closeSession(own, session.id)
    const headers = key()
    const path = `/api/sessions/${session.id}/certificates`
    await fullDiskOn(own, 'stored_file')
    const first = await caller.post(path, undefined, headers)
    expect(first.body.issued).toHaveLength(2)
    await sql`drop trigger full_disk on stored_file`.execute(own.deps.db)
    const again = await caller.post(path, undefined, headers)
    expect(again.body).toEqual(first.body)
    const drawn = await own.deps.db.selectFrom('issuedDocument').select('sha256').execute()
    expect(drawn.map(({ sha256 }) => typeof sha256)).toEqual(['string', 'string'])
  })
})

async function rowCounts(): Promise<Record<string, unknown>> {
  const { rows } = await sql<{ counts: Record<string, unknown> }>`
    select json_object_agg(table_name, (xpath('/row/c/text()', query_to_xml(
      format('select count(*) as c from %I', table_name), false, true, '')))[1]::text) as counts
    from information_schema.tables where table_schema = 'public' and table_type = 'BASE TABLE'`.execute(
    app.deps.db,
  )
  return rows[0]?.counts ?? {}
}

describe('what is kept of a request', () => {
  it('is no secret: a token is shown once, and its repeat says that it was made', async () => {
    const caller = await app.signIn()
    const headers = key()
    const { token } = made(await caller.post('/api/tokens', { name: 'tableur' }, headers))
    const again = await caller.post('/api/tokens', { name: 'tableur' }, headers)
    expect(again).toMatchObject({ status: 409, body: { code: 'platform/idempotency-answer-not-kept' } })
    const tokens = app.deps.db.selectFrom('apiToken').select('id').where('name', '=', 'tableur')
    expect(await tokens.execute()).toHaveLength(1)
    expect(await everythingKept()).not.toContain(token)
  })

  it('is no key, no password and nothing to try passwords against', async () => {
    const headers = key('compte-de-jeanne')
    const password = 'les trains de nuit du dimanche'
    const account = {
      email: 'jeanne.moreau@example.org',
      firstName: 'Jeanne',
      lastName: 'Moreau',
      roleGrants: [{ role: 'member' as const }],
      password,
    }
    const first = await admin.post('/api/accounts', account, headers)
    expect(first.status).toBe(201)
    const other = await admin.post('/api/accounts', { ...account, password: `${password} !` }, headers)
    expect(other).toMatchObject({ status: 422, body: { code: 'platform/idempotency-key-reused' } })
    expect((await admin.post('/api/accounts', account, headers)).body).toEqual(first.body)

    const kept = await everythingKept()
    expect(kept).toContain(account.email)
    expect(kept).not.toContain(password)
    expect(kept).not.toContain('compte-de-jeanne')
    const guess = { params: {}, query: {}, body: account }
    expect(kept).not.toContain(requestHash('compte-de-jeanne', guess))
  })
})

/** Every row of the table as text. */
async function everythingKept(): Promise<string> {
  return JSON.stringify(await app.deps.db.selectFrom('idempotencyKey').selectAll().execute())
}
