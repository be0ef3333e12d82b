import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { changeAccount } from '../../src/people/account.service.ts'
import { type Caller, type TestApp, testApp } from '../support/app.ts'

let app: TestApp
let admin: Caller
let chapterId: string
let otherChapterId: string
beforeAll(async () => {
  app = await testApp({ maxConnections: 10 })
  admin = await app.signIn('admin')
  chapterId = (await admin.post('/api/chapters', { name: 'Lyon', city: 'Lyon', regionCode: '84' })).body.id
  otherChapterId = (await admin.post('/api/chapters', { name: 'Paris', city: 'Paris', regionCode: '11' }))
    .body.id
})
afterAll(() => app.close())

describe('people', () => {
  it('may have the same name, or no address at all', async () => {
    const twin = { firstName: 'Jean', lastName: 'Martin' }
    const [one, two] = await Promise.all([admin.post('/api/people', twin), admin.post('/api/people', twin)])
    expect([one.status, two.status]).toEqual([201, 201])
    expect(one.body.id).not.toBe(two.body.id)
    expect(one.body.email).toBeNull()
  })

  it('keep names as they are written, composed the same way', async () => {
    const { body } = await admin.post('/api/people', {
      firstName: '  Nguye\u0302\u0303n ',
      lastName: "L'Hôpital–Œuvré",
    })
    expect(body).toMatchObject({ firstName: 'Nguyễn', lastName: "L'Hôpital–Œuvré" })
  })

  it('of a chapter are seen by its ambassador, the others look as if they did not exist', async () => {
    const ambassador = await app.signIn({ role: 'ambassador', chapterId })
    const own = await admin.post('/api/people', { firstName: 'Ana', lastName: 'Silva', chapterId })
    const other = await admin.post('/api/people', {
      firstName: 'Bo',
      lastName: 'Chen',
      chapterId: otherChapterId,
    })
    expect((await ambassador.get(`/api/people/${own.body.id}`)).status).toBe(200)
    expect((await ambassador.get(`/api/people/${other.body.id}`)).status).toBe(404)
    const listed = await ambassador.get('/api/people')
    expect(new Set(listed.body.items.map((person: { chapterId: string }) => person.chapterId))).toEqual(
      new Set([chapterId]),
    )
    expect((await ambassador.get(`/api/people?chapterId=${otherChapterId}`)).body.items).toEqual([])
  })

  it('change how to reach them, but not the name that certificates print', async () => {
    const member = await app.signIn()
    const path = `/api/people/${member.personId}`
    const read = await member.get(path)
    const version = { 'if-match': read.headers.get('etag') ?? '' }
    expect((await member.patch(path, { lastName: 'Autre' }, version)).status).toBe(403)
    const changed = await member.patch(path, { phone: '06 01 02 03 04' }, version)
    expect(changed.body).toMatchObject({ phone: '06 01 02 03 04', version: 2 })
  })

  it('changed by two at once keep both changes apart: one wins, the other is told', async () => {
    const { body } = await admin.post('/api/people', { firstName: 'Zoé', lastName: 'Durand' })
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        admin.patch(`/api/people/${body.id}`, { birthName: `Nom ${index}` }, { 'if-match': '"1"' }),
      ),
    )
    expect(answers.filter((answer) => answer.status === 200)).toHaveLength(1)
    expect(answers.filter((answer) => answer.status === 412)).toHaveLength(49)
  })

  it('are listed with as many statements for 10 as for 100, and so are accounts and clients', async () => {
    const own = await testApp()
    const boss = await own.signIn('admin')
    const lists = ['/api/people?limit=200', '/api/accounts?limit=200', '/api/clients?limit=200']
    const counted = async (many: number) => {
      for (let index = 0; index < many; index++) {
        await own.signIn()
        await boss.post('/api/clients', { kind: 'company', name: `Société ${index}` })
      }
      const statements: number[] = []
      for (const path of lists) statements.push(await own.countQueries(() => boss.get(path)))
      return statements
    }
    const [ten, hundred] = [await counted(10), await counted(90)]
    expect(hundred).toEqual(ten)
    expect((await boss.get('/api/people?limit=200')).body.items.length).toBeGreaterThanOrEqual(100)
    await own.close()
  })

  it('leave no name in the audit, only that it changed', async () => {
    const { body } = await admin.post('/api/people', { firstName: 'Secrète', lastName: 'Personne' })
    const entry = await app.deps.db
      .selectFrom('auditEntry')
      .selectAll()
      .where('subjectId', '=', body.id)
      .executeTakeFirstOrThrow()
    expect(entry).toMatchObject({ action: 'person.create', actorAccountId: admin.accountId })
    expect(JSON.stringify(entry)).not.toMatch(/Secrète|Personne/)
  })
})

describe('accounts', () => {
  it('have one address each, whatever its case and however many ask at once', async () => {
    const answers = await Promise.all(
      Array.from({ length: 50 }, (_, index) =>
        admin.post('/api/accounts', {
          email: index % 2 ? 'Rose@Example.org' : 'rose@example.org',
          firstName: 'Rose',
          lastName: 'Valland',
          roleGrants: [{ role: 'member' }],
        }),
      ),
    )
    expect(answers.filter((answer) => answer.status === 201)).toHaveLength(1)
    expect(
      new Set(answers.filter((answer) => answer.status !== 201).map((answer) => answer.body.code)),
    ).toEqual(new Set(['people/email-taken']))
    const people = await app.deps.db
      .selectFrom('person')
      .select('id')
      .where('lastName', '=', 'Valland')
      .execute()
    expect(people).toHaveLength(1)
  })

  it('of an ambassador carry a chapter, and no other does', async () => {
    const account = { email: 'mandat@example.org', firstName: 'A', lastName: 'B' }
    for (const grant of [{ role: 'ambassador' }, { role: 'member', chapterId }]) {
      const answer = await admin.post('/api/accounts', { ...account, roleGrants: [grant] })
      expect(answer.body.errors[0].pointer).toBe('/roleGrants/0/chapterId')
    }
  })

  it('holds a mandate once, however the id of the chapter is written', async () => {
    const mandate = (id: string) => ({ role: 'ambassador', chapterId: id })
    const answer = await admin.post('/api/accounts', {
      ...{ email: 'deux@example.org', firstName: 'Eva', lastName: 'Roux' },
      roleGrants: [mandate(chapterId), mandate(chapterId.toUpperCase())],
    })
    expect(answer.body).toMatchObject({ status: 422, errors: [{ pointer: '/roleGrants' }] })
  })

  it('never leave the organisation without an admin', async () => {
    const own = await testApp()
    const [one, two] = [await own.signIn('admin'), await own.signIn('admin')]
    const answers = await Promise.allSettled(
      Array.from({ length: 50 }, (_, index) => {
        const { accountId } = index % 2 ? one : two
        return changeAccount(own.system, accountId, { roleGrants: [{ role: 'member' }] }, '*')
      }),
    )
    const refusals = answers.flatMap((answer) =>
      answer.status === 'rejected' ? [answer.reason.definition.code] : [],
    )
    expect(new Set(refusals)).toEqual(new Set(['people/last-admin']))
    const left = await own.deps.db
      .selectFrom('roleGrant')
      .select('accountId')
      .where('role', '=', 'admin')
      .execute()
    expect(left).toHaveLength(1)
    await own.close()
  })

  it('show no hash of a password', async () => {
    const { body } = await admin.post('/api/accounts', {
      email: 'hash@example.org',
      firstName: 'A',
      lastName: 'B',
      roleGrants: [{ role: 'member' }],
      password: 'un mot de passe assez long',
    })
    expect(JSON.stringify([body, (await admin.get(`/api/accounts/${body.id}`)).body])).not.toMatch(
      /argon2|assword/,
    )
  })
})
