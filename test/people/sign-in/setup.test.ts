import { describe, expect, it } from 'vitest'
import { createFirstAdmin, offerSetup } from '../../../src/people/sign-in/setup.service.ts'
import { testAppForOneTest } from '../../support/app.ts'

describe('the first admin', () => {
  const password = 'une phrase de passe solide'
  const person = { email: 'premiere@example.org', password, firstName: 'Ada', lastName: 'Le Bris' }

  it('is made once by the one-time link, however often it is clicked', async () => {
    const own = await testAppForOneTest()
    const token = await offerSetup(own.system)
    const answers = await Promise.all(
      Array.from({ length: 20 }, () => own.anonymous.post('/api/setup', { token, ...person })),
    )
    expect(answers.filter((answer) => answer.status === 201)).toHaveLength(1)
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([201, 409]))
    expect(await offerSetup(own.system)).toBeUndefined()
  })

  it('is not made by a link that is older than a day, or invented', async () => {
    const own = await testAppForOneTest({ now: '2026-03-01T12:00:00Z' })
    const token = await offerSetup(own.system)
    own.setNow('2026-03-02T12:00:01Z')
    for (const wrong of [token, 'invented']) {
      const answer = await own.anonymous.post('/api/setup', { token: wrong, ...person })
      expect(answer.body.code).toBe('people/setup-token-invalid')
    }
  })

  it('comes from the environment once, and never a second time', async () => {
    const own = await testAppForOneTest()
    const made = await Promise.all(Array.from({ length: 10 }, () => createFirstAdmin(own.system, person)))
    expect(made.filter(Boolean)).toHaveLength(1)
  })
})
