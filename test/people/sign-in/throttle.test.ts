import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { buildApp } from '../../../src/app.ts'
import { tidySignIn } from '../../../src/people/sign-in/tidy-sign-in.ts'
import { openDatabase } from '../../../src/platform/db/pool.ts'
import { type Caller, type TestApp, testApp } from '../../support/app.ts'
import { anAccount, now, password, setNow } from './sign-in-world.ts'

let preau: TestApp
let admin: Caller
let count = 0

beforeAll(async () => {
  preau = await testApp({ now, maxConnections: 10 })
  admin = await preau.signIn('admin')
})
afterAll(() => preau.close())

/** Each test has addresses of its own. */
function anAddress(): string {
  return `203.0.${Math.floor(++count / 250)}.${(count % 250) + 1}`
}

async function tryPassword(email: string, password: string, address: string, app = preau.app) {
  const headers = { 'content-type': 'application/json' }
  const body = JSON.stringify({ email, password })
  const env = { incoming: { socket: { remoteAddress: address } } }
  const answer = await app.request('/api/auth/login', { method: 'POST', headers, body }, env)
  const problem = answer.status === 204 ? undefined : ((await answer.json()) as { code: string })
  return { status: answer.status, retryAfter: answer.headers.get('retry-after'), code: problem?.code }
}

const at = (instant: string) => setNow(preau, instant)

async function auditOf(accountId: string | null): Promise<string[]> {
  const entries = await preau.deps.db
    .selectFrom('auditEntry')
    .select('action')
    .where('subjectId', accountId === null ? 'is' : '=', accountId)
    .where('action', 'like', 'login%')
    .orderBy('sequence')
    .execute()
  return entries.map((entry) => entry.action)
}

describe('who mistypes a password', () => {
  it('is answered five times, then told how long to wait, and then heard again', async () => {
    const { id, email } = await anAccount(admin)
    const address = anAddress()
    for (let index = 0; index < 5; index++)
      expect((await tryPassword(email, 'faux', address)).code).toBe('people/bad-credentials')
    const refused = await tryPassword(email, password, address)
    expect(refused).toMatchObject({ status: 429, code: 'people/too-many-attempts', retryAfter: '300' })
    at('2026-03-02T09:05:00Z')
    expect((await tryPassword(email, password, address)).status).toBe(204)
    expect(await auditOf(id)).toEqual([...Array(5).fill('login.fail'), 'login.throttle', 'login'])
  })

  it('starts afresh once it was right', async () => {
    const { email } = await anAccount(admin)
    const address = anAddress()
    for (let round = 0; round < 3; round++) {
      for (let index = 0; index < 4; index++)
        expect((await tryPassword(email, 'faux', address)).status).toBe(401)
      expect((await tryPassword(email, password, address)).status).toBe(204)
    }
  })

  it('is told the same at an address that nobody has, which is written down nowhere', async () => {
    const email = `personne${++count}@example.org`
    const address = anAddress()
    const answers = []
    for (let index = 0; index < 7; index++) answers.push(await tryPassword(email, 'faux', address))
    expect(answers.map((answer) => answer.status)).toEqual([401, 401, 401, 401, 401, 429, 429])
    expect(await auditOf(null)).toEqual([...Array(5).fill('login.fail'), 'login.throttle'])
    const written = await preau.deps.db.selectFrom('auditEntry').selectAll().execute()
    const throttles = await preau.deps.db.selectFrom('signInThrottle').selectAll().execute()
    expect(JSON.stringify([written, throttles])).not.toMatch(/personne|203\.0\./)
  })

  it('keeps nobody else out, at home or elsewhere', async () => {
    const { email } = await anAccount(admin)
    const address = anAddress()
    for (let index = 0; index < 7; index++) await tryPassword(email, 'faux', address)
    expect((await tryPassword(email, password, anAddress())).status).toBe(204)
    const neighbour = await anAccount(admin)
    expect((await tryPassword(neighbour.email, password, address)).status).toBe(204)
  })
})

describe('guesses at once', () => {
  const isAnswer = ({ status }: { status: number }) => status !== 429

  it('fifty of them are answered five times, and the others are refused whatever their password was', async () => {
    const { id, email } = await anAccount(admin)
    const address = anAddress()
    const wrong = await Promise.all(Array.from({ length: 50 }, () => tryPassword(email, 'faux', address)))
    expect(wrong.filter(isAnswer).map(({ status }) => status)).toEqual(Array(5).fill(401))
    const right = await Promise.all(Array.from({ length: 5 }, () => tryPassword(email, password, address)))
    expect(right.filter(isAnswer)).toEqual([])
    expect(await auditOf(id)).toEqual([...Array(5).fill('login.fail'), 'login.throttle'])
  })

  it('through two processes on one database are answered five times in all', async () => {
    const { email } = await anAccount(admin)
    const address = anAddress()
    const db = openDatabase({ connectionString: preau.url })
    onTestFinished(() => db.destroy())
    const other = buildApp({ ...preau.deps, db })
    const answers = await Promise.all(
      Array.from({ length: 30 }, (_, index) =>
        tryPassword(email, 'faux', address, index % 2 ? preau.app : other),
      ),
    )
    expect(answers.filter(isAnswer)).toHaveLength(5)
  })

  it('from one network are answered thirty times, whichever accounts and addresses of it they name', async () => {
    const answers = await Promise.all(
      Array.from({ length: 36 }, (_, index) =>
        tryPassword(`nom${index}.${++count}@example.org`, 'faux', `2001:db8:0:1::${index.toString(16)}`),
      ),
    )
    expect(answers.filter(isAnswer)).toHaveLength(30)
    expect((await tryPassword('autre@example.org', 'faux', '2001:db8:0:2::1')).status).toBe(401)
  })

  it('from as many addresses slow the account down, and its owner waits for a minute and is let in', async () => {
    const { email } = await anAccount(admin)
    const answers = await Promise.all(
      Array.from({ length: 36 }, () => tryPassword(email, 'faux', anAddress())),
    )
    expect(answers.filter(isAnswer)).toHaveLength(30)
    const home = anAddress()
    const told = await tryPassword(email, password, home)
    expect(told.status).toBe(429)
    expect(Number(told.retryAfter)).toBeLessThanOrEqual(60)
    at('2026-03-02T09:01:00Z')
    for (let index = 0; index < 5; index++) await tryPassword(email, 'faux', anAddress())
    expect((await tryPassword(email, password, home)).status).toBe(204)
  })
})

describe('behind a proxy', () => {
  it('each client is counted by itself', async () => {
    const { email } = await anAccount(admin)
    const through = (client: string) =>
      preau.app.request(
        '/api/auth/login',
        {
          method: 'POST',
          headers: { 'content-type': 'application/json', 'x-forwarded-for': `1.2.3.4, ${client}` },
          body: JSON.stringify({ email, password: 'faux' }),
        },
        { incoming: { socket: { remoteAddress: '127.0.0.1' } } },
      )
    const [one, other] = [anAddress(), anAddress()]
    for (let index = 0; index < 5; index++) expect((await through(one)).status).toBe(401)
    expect((await through(one)).status).toBe(429)
    expect((await through(other)).status).toBe(401)
  })
})

describe('what was counted', () => {
  it('is forgotten a day after it has drained', async () => {
    await tryPassword('personne@example.org', 'faux', anAddress())
    const rows = () => preau.deps.db.selectFrom('signInThrottle').select('keyHash').execute()
    await tidySignIn(preau.system)
    expect((await rows()).length).toBeGreaterThan(0)
    at('2026-03-03T09:40:00Z')
    await tidySignIn(preau.system)
    expect(await rows()).toEqual([])
  })
})
