/** The code on the trainer's screen: as the standard computes it, for whom it counts, and what guessing comes to. */
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest'
import { type CodeTerms, codeOf, isCodeOf } from '../../../src/attendance/signing/totp.ts'
import { type Caller, type TestApp, testApp } from '../../support/app.ts'
import { made } from '../../support/route-world.ts'
import { aSignature } from './signatures.ts'
import { aScreenLink, aSignedSession, type SignedSession, sign, signByLink } from './signing-world.ts'

describe('a code', () => {
  // RFC 6238, appendix B: seconds since 1970, and the codes by SHA-1, SHA-256 and SHA-512.
  it.each([
    [59, '94287082', '46119246', '90693936'],
    [1_111_111_109, '07081804', '68084774', '25091201'],
    [1_111_111_111, '14050471', '67062674', '99943326'],
    [1_234_567_890, '89005924', '91819424', '93441116'],
    [2_000_000_000, '69279037', '90698825', '38618901'],
    [20_000_000_000, '65353130', '77737706', '47863826'],
  ])('is what RFC 6238 says it is at %i', (seconds, sha1, sha256, sha512) => {
    const secret = (length: number) => Buffer.from('1234567890'.repeat(7).slice(0, length))
    const at = (algorithm: CodeTerms['algorithm'], length: number) =>
      codeOf(secret(length), Math.floor(seconds / 30), { algorithm, digits: 8, stepSeconds: 30 })
    expect([at('sha1', 20), at('sha256', 32), at('sha512', 64)]).toEqual([sha1, sha256, sha512])
  })

  it('counts while it is shown and while the next one is, to the second', () => {
    const terms: CodeTerms = { algorithm: 'sha256', digits: 6, stepSeconds: 20 }
    const secret = Buffer.from('préau')
    const code = codeOf(secret, 100, terms)
    const counts = (seconds: number) =>
      isCodeOf(secret, code, Temporal.Instant.fromEpochMilliseconds(seconds * 1_000), terms)
    expect([1_999.999, 2_000, 2_019, 2_039.999, 2_040].map(counts)).toEqual([false, true, true, true, false])
    expect(isCodeOf(secret, '', Temporal.Instant.fromEpochMilliseconds(2_000_000), terms)).toBe(false)
  })
})

const now = '2026-03-02T09:00:05Z'

let app: TestApp
let trainer: Caller
beforeAll(async () => {
  app = await testApp({ now, maxConnections: 12 })
  trainer = await app.signIn('trainer')
})
afterAll(() => app.close())
beforeEach(() => app.setNow(now))

const shown = async ({ slots }: SignedSession, slot = 0) =>
  made(await trainer.get(`/api/slots/${slots[slot]?.id}/code`))

/** Six digits that are not the code, nor the one before. */
const wrong = (code: string, more = 1) => String((Number(code) + more) % 1_000_000).padStart(6, '0')

const refused = (answer: { status: number; body: { code: string }; headers: Headers }) => [
  answer.status,
  answer.body.code,
  answer.headers.get('retry-after'),
]

describe('signing with the code on the screen', () => {
  it('shows that one is there, together with one’s own sign-in or link', async () => {
    const session = await aSignedSession(app, trainer, { people: 3 })
    const first = await shown(session)
    expect(first).toMatchObject({ nextCodeAt: '2026-03-02T09:00:20Z', validUntil: '2026-03-02T09:00:40Z' })
    expect(first.url).toContain(`slot=${session.slots[0]?.id}&code=${first.code}`)
    expect(first.qrSvg).toMatch(/^<svg .*<\/svg>\s*$/s)
    expect(await sign(session.people[0]!, session, { code: first.code })).toMatchObject({
      status: 201,
      body: { way: 'code' },
    })
    app.setNow('2026-03-02T09:00:39Z')
    const second = await shown(session)
    expect(second.code).not.toBe(first.code)
    const link = await aScreenLink(trainer, session, 1)
    const byLink = await signByLink(app.anonymous, link, session, {
      code: first.code,
      strokes: aSignature(2),
    })
    expect(byLink).toMatchObject({ status: 201, body: { way: 'code' } })
    app.setNow('2026-03-02T09:00:40Z')
    const tooLate = await sign(session.people[2]!, session, { code: first.code, strokes: aSignature(3) })
    expect(tooLate).toMatchObject({
      status: 422,
      body: { code: 'attendance/wrong-code', errors: [{ pointer: '/code' }] },
    })
  })

  it('takes no code of another half-day, and none where none was shown', async () => {
    const session = await aSignedSession(app, trainer, {
      slots: ['2026-03-02 08:00-09:00', '2026-03-02 09:00-12:30'],
    })
    const [learner] = session.people
    expect(refused(await sign(learner!, session, { code: '000000' }))[1]).toBe('attendance/wrong-code')
    const morning = await shown(session)
    const later = await shown(session, 1)
    expect(morning.code).not.toBe(later.code)
    expect(refused(await sign(learner!, session, { code: later.code }))[1]).toBe('attendance/wrong-code')
    expect((await sign(learner!, session, { code: morning.code })).status).toBe(201)
  })

  it('after five wrong codes makes one wait for the next, and hinders nobody else', async () => {
    const session = await aSignedSession(app, trainer, { people: 2 })
    const [guesser, other] = session.people
    const { code } = await shown(session)
    for (let attempt = 1; attempt <= 5; attempt++)
      expect((await sign(guesser!, session, { code: wrong(code, attempt) })).status).toBe(422)
    expect(refused(await sign(guesser!, session, { code }))).toEqual([429, 'attendance/too-many-codes', '20'])
    expect((await sign(other!, session, { code })).status).toBe(201)
    expect((await sign(guesser!, session, { slot: 1 })).body.code).toBe('attendance/slot-not-started')
    app.setNow('2026-03-02T09:00:25Z')
    const next = await shown(session)
    expect((await sign(guesser!, session, { code: wrong(next.code, 7) })).status).toBe(422)
    expect(refused(await sign(guesser!, session, { code: next.code }))[0]).toBe(429)
    app.setNow('2026-03-02T09:00:45Z')
    expect((await sign(guesser!, session, { code: (await shown(session)).code })).status).toBe(201)
  })

  it('counts guesses at once one by one, also under keys that would make them be tried again', async () => {
    const session = await aSignedSession(app, trainer)
    const { code } = await shown(session)
    const answers = await Promise.all(
      Array.from({ length: 40 }, (_, index) =>
        sign(session.people[0]!, session, {
          code: wrong(code, index + 1),
          headers: { 'idempotency-key': `essai-${index}` },
        }),
      ),
    )
    expect(answers.filter(({ status }) => status === 422)).toHaveLength(5)
    expect(answers.filter(({ status }) => status === 429)).toHaveLength(35)
    const { rows } = {
      rows: await app.deps.db
        .selectFrom('auditEntry')
        .select('id')
        .where('action', '=', 'slotCode.mistype')
        .where('subjectId', '=', session.learners[0]?.enrolmentId ?? '')
        .execute(),
    }
    expect(rows).toHaveLength(5)
  })

  it('is one secret of the half-day, also when two trainers open it at the same moment', async () => {
    const session = await aSignedSession(app, trainer)
    const codes = await Promise.all(Array.from({ length: 8 }, () => shown(session)))
    expect(new Set(codes.map(({ code }) => code)).size).toBe(1)
  })
})
