/** The audit as admins read it and take it out. */
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listEntries } from '../../src/compliance/audit-log.queries.ts'
import { audit } from '../../src/platform/audit/audit.ts'
import { inTransaction } from '../../src/platform/db/transaction.ts'
import { newId } from '../../src/platform/ids.ts'
import { type Answer, type Caller, type TestApp, testApp, testAppForOneTest } from '../support/app.ts'
import { plansOf } from '../support/plans.ts'
import { describeOrganisation } from '../support/world.ts'

let preau: TestApp
let admin: Caller
let member: Caller

beforeAll(async () => {
  preau = await testApp({ now: '2026-03-02T09:30:15Z' })
  await describeOrganisation(preau)
  admin = await preau.signIn('admin')
  member = await preau.signIn()
})
afterAll(() => preau.close())

type Entry = { action: string; subjectId: string; [field: string]: unknown }

async function entries(query: string, caller = admin): Promise<Entry[]> {
  const { status, body } = await caller.get(`/api/audit?limit=200&${query}`)
  expect(status, JSON.stringify(body)).toBe(200)
  return body.items
}

async function changedPerson(by: Caller, fields: Record<string, unknown>): Promise<Answer> {
  const answer = await by.patch(`/api/people/${member.personId}`, fields, { 'if-match': '*' })
  expect(answer.status).toBe(200)
  return answer
}

test('an entry says who did what to what, when, by which request, and nothing personal', async () => {
  const { headers } = await changedPerson(admin, { phone: '06 12 34 56 78' })
  const requestId = headers.get('x-request-id')
  const person = (await admin.get(`/api/people/${admin.personId}`)).body
  expect(await entries(`requestId=${requestId}`)).toEqual([
    {
      id: expect.any(String),
      sequence: expect.any(Number),
      occurredAt: '2026-03-02T09:30:15Z',
      actorKind: 'account',
      actorAccountId: admin.accountId,
      actorName: `${person.firstName} ${person.lastName}`,
      actorProcess: null,
      action: 'person.change',
      subjectKind: 'person',
      subjectId: member.personId,
      changes: { phone: 'redacted' },
      requestId,
    },
  ])
})

test('an actor is named as the person is called today', async () => {
  const own = await preau.signIn()
  const changed = await own.patch(`/api/people/${own.personId}`, { phone: '0612345678' }, { 'if-match': '*' })
  expect(changed.status).toBe(200)
  await admin.patch(`/api/people/${own.personId}`, { lastName: 'Épouse-Martin' }, { 'if-match': '*' })
  const [entry] = await entries(`actorAccountId=${own.accountId}&action=person.change`)
  expect(entry?.actorName).toBe('Claude Épouse-Martin')
})

test('what Préau did by itself says which part of it', async () => {
  const [entry] = await entries('action=organisation.write')
  expect(entry).toMatchObject({
    ...{ actorKind: 'system', actorProcess: 'test', actorAccountId: null, actorName: null },
  })
})

describe('the log is filtered', () => {
  test('by one action, or by all of a kind', async () => {
    await changedPerson(admin, { phone: '0611111111' })
    const actions = async (query: string) => new Set((await entries(query)).map((entry) => entry.action))
    expect(await actions('action=person.change')).toEqual(new Set(['person.change']))
    expect(await actions('action=person.')).toEqual(new Set(['person.create', 'person.change']))
    expect(await actions('action=perso.')).toEqual(new Set())
  })

  test('by who did it', async () => {
    await changedPerson(member, { phone: '0622222222' })
    const done = await entries(`actorAccountId=${member.accountId}`)
    expect(done.map((entry) => entry.actorAccountId)).toContain(member.accountId)
    expect(new Set(done.map((entry) => entry.actorAccountId))).toEqual(new Set([member.accountId]))
  })

  test('by what it was done to', async () => {
    const { body: client } = await admin.post('/api/clients', { kind: 'company', name: 'Atelier' })
    expect(await entries(`subjectKind=client&subjectId=${client.id}`)).toHaveLength(1)
    expect(await entries(`subjectKind=person&subjectId=${client.id}`)).toHaveLength(0)
    expect((await entries('subjectKind=client')).every((entry) => entry.subjectKind === 'client')).toBe(true)
  })

  test('by person: what was done to the person, the account and the enrolments', async () => {
    const { system } = preau
    const someone = await preau.signIn()
    const enrolmentId = newId()
    await sql`
      with training as (
        insert into training (id, created_at, updated_at, code, status)
        values (gen_random_uuid(), now(), now(), 'T', 'draft') returning id
      ), version as (
        insert into training_version (id, training_id, number, title)
        select gen_random_uuid(), id, 1, 'T' from training returning id
      ), session as (
        insert into training_session (id, created_at, updated_at, reference, training_version_id, status, time_zone,
          modality, capacity, approval, visibility, subcontracting, bpf_scope)
        select gen_random_uuid(), now(), now(), 'S', id, 'draft', 'Europe/Paris', 'onsite', 3, 'manual', 'public',
          'none', 'included' from version returning id
      )
      insert into enrolment (id, created_at, updated_at, session_id, person_id, status, trainee_type)
      select ${enrolmentId}, now(), now(), id, ${someone.personId}, 'requested', 'other' from session
    `.execute(preau.deps.db)
    await inTransaction(system, (ctx) =>
      audit(ctx, { action: 'enrolment.create', subject: { kind: 'enrolment', id: enrolmentId } }),
    )
    const subjects = new Set((await entries(`personId=${someone.personId}`)).map((entry) => entry.subjectId))
    expect(subjects).toEqual(new Set([someone.personId, someone.accountId, enrolmentId]))
  })

  test('by days of the organisation’s calendar and by instants', async () => {
    const own = await testAppForOneTest()
    await describeOrganisation(own, { timeZone: 'Indian/Reunion' })
    const editor = await own.signIn('admin')
    const moments = [
      '2026-03-01T19:59:59Z',
      '2026-03-01T20:00:00Z',
      '2026-03-02T19:59:59Z',
      '2026-03-02T20:00:00Z',
    ]
    for (const moment of moments) {
      own.setNow(moment)
      await editor.post('/api/clients', { kind: 'company', name: moment })
    }
    const when = async (query: string) =>
      (await entries(`action=client.create&${query}`, editor)).map((entry) => entry.occurredAt)
    const [before = '', first = '', last = '', after = ''] = moments
    expect(await when('')).toEqual([after, last, first, before])
    expect(await when('from=2026-03-02&to=2026-03-02')).toEqual([last, first])
    expect(await when(`from=${last}`)).toEqual([after, last])
    expect(await when(`to=${last}`)).toEqual([first, before])
  })

  test.each([
    'from=2026-02-30',
    'to=demain',
    'from=2026-03-02T25:00:00Z',
    'action=person.change.',
    'actorAccountId=moi',
    'subjectId=x',
    'requestId=x',
    'subjectKind=a%20b',
    'colour=blue',
    'cursor=nonsense',
    'cursor=WyIyMDI2LTAzLTAyVDA5OjMwOjE1WiIsIngiLCIwMTljMDAwMC0wMDAwLTcwMDAtODAwMC0wMDAwMDAwMDAwMDAiXQ',
  ])('and refuses ?%s with a pointer', async (query) => {
    const { status, body } = await admin.get(`/api/audit?${query}`)
    expect(status).toBe(422)
    expect(body.errors[0].pointer).toBe(`/${query.split('=')[0]}`)
  })
})

test('the log is read page by page, newest first, each entry once, though all are of one moment', async () => {
  const sequences: number[] = []
  let cursor = ''
  do {
    const { body } = await admin.get(`/api/audit?limit=3&to=2026-03-02${cursor && `&cursor=${cursor}`}`)
    sequences.push(...body.items.map((entry: { sequence: number }) => entry.sequence))
    cursor = body.nextCursor ?? ''
    // Whatever is written meanwhile comes before the first page.
    if (sequences.length === 3) await changedPerson(admin, { phone: '0633333333' })
  } while (cursor)
  expect(sequences.length).toBeGreaterThan(8)
  expect(sequences).toEqual([...new Set(sequences)].toSorted((one, other) => other - one))
})

test('a page of two hundred takes as many statements as one of two', async () => {
  const count = (limit: number) =>
    preau.countQueries(() =>
      admin.get(`/api/audit?limit=${limit}&from=2026-03-01&personId=${member.personId}`),
    )
  await count(2)
  expect(await count(200)).toBe(await count(2))
  expect(await count(200)).toBeLessThanOrEqual(3)
})

describe('the log as CSV', () => {
  test('opens in a French spreadsheet: local time, names, decimal commas aside, no formula', async () => {
    await admin.patch(`/api/people/${admin.personId}`, { firstName: '=HYPERLINK("x")' }, { 'if-match': '*' })
    const { body: client } = await admin.post('/api/clients', { kind: 'company', name: 'Une; autre' })
    const { body, headers } = await admin.get(`/api/audit.csv?subjectId=${client.id}`)
    expect(headers.get('content-type')).toBe('text/csv; charset=utf-8')
    expect(headers.get('content-disposition')).toBe('attachment; filename="journal-2026-03-02.csv"')
    const [heading, line, ...rest] = String(body).split('\r\n')
    expect(heading).toBe('Date et heure;Auteur;Compte;Action;Objet;Identifiant;Modifications;Requête;Rang')
    expect(line?.startsWith(`02/03/2026 10:30:15;"'=HYPERLINK(""x"") `)).toBe(true)
    expect(line).toContain(
      `;client.create;client;${client.id};"{""kind"":""company"",""name"":""redacted""}";`,
    )
    expect(rest).toEqual([''])
  })

  test('says who was nobody, and which part of Préau it was', async () => {
    const [, line] = String((await admin.get('/api/audit.csv?action=organisation.write')).body).split('\r\n')
    expect(line).toContain(';Préau (test);;organisation.write;')
  })

  test('is itself in the log, with what was asked for', async () => {
    await admin.get('/api/audit.csv?action=login&from=2026-03-01')
    const [entry] = await entries('action=audit.export')
    expect(entry).toMatchObject({
      ...{
        actorAccountId: admin.accountId,
        subjectKind: 'audit',
        changes: { action: 'login', from: '2026-03-01' },
      },
    })
  })

  test('is complete however long, and read from the database only as fast as it is taken', async () => {
    const own = await testAppForOneTest()
    const editor = await own.signIn('admin')
    await sql`
      insert into audit_entry (id, occurred_at, actor_kind, action, subject_kind, changes, request_id)
      select gen_random_uuid(), timestamptz '2026-01-01' + n / 7 * interval '1 minute', 'anonymous', 'a.b', 'a', '{}', ''
      from generate_series(1, 6500) n`.execute(own.deps.db)
    const { token } = (await editor.post('/api/tokens', { name: 'export' })).body
    let response = new Response()
    const early = await own.countQueries(async () => {
      response = await own.app.request('/api/audit.csv?action=a.b', {
        headers: { authorization: `Bearer ${token}` },
      })
    })
    let text = ''
    const late = await own.countQueries(async () => {
      text = await response.text()
    })
    expect(early).toBeLessThan(7)
    expect(late).toBe(7)
    const lines = text.split('\r\n').slice(1, -1)
    expect(lines).toHaveLength(6500)
    const ranks = lines.map((line) => Number(line.split(';').at(-1)))
    expect(ranks).toEqual(ranks.toSorted((one, other) => other - one))
  })
})

test('every filter has an index in the order of the log', async () => {
  const own = await testAppForOneTest()
  await sql`
    insert into audit_entry (id, occurred_at, actor_kind, actor_account_id, action, subject_kind, subject_id, changes,
      request_id)
    select gen_random_uuid(), timestamptz '2026-01-01' + n * interval '1 minute', 'account', md5('a' || n % 500)::uuid,
      'kind' || n % 300 || '.verb' || n % 600, 'thing' || n % 300, md5('s' || n % 5000)::uuid, '{}', md5('r' || n / 3)
    from generate_series(1, 6000) n`.execute(own.deps.db)
  await sql`vacuum analyze audit_entry`.execute(own.deps.db)
  const { rows } = await sql<{ id: string; actor: string; subject: string }>`
    select md5('r7') as id, md5('a7')::uuid as actor, md5('s7')::uuid as subject`.execute(own.deps.db)
  const [{ id = '', actor = '', subject = '' } = {}] = rows
  const cursor = Buffer.from(JSON.stringify(['2026-01-04T00:00:00Z', '4000', newId()])).toString('base64url')
  const indexes = {
    audit_entry_time: { since: Temporal.Instant.from('2026-01-02T00:00:00Z') },
    audit_entry_actor: { actorAccountId: actor },
    audit_entry_action: { action: 'kind7.verb7' },
    audit_entry_slice: { action: 'kind7.' },
    audit_entry_kind: { subjectKind: 'thing7' },
    audit_entry_subject: { subjectId: subject },
    audit_entry_request: { requestId: id },
  }
  for (const [index, selection] of Object.entries(indexes)) {
    const [plan] = await plansOf(own, (db) => listEntries(db, selection, { limit: 20, cursor }))
    expect(plan).toMatch(new RegExp(`(using|on) ${index} `))
  }
})
