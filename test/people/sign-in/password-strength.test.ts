import { describe, expect, it, test } from 'vitest'
import { isGuessable } from '../../../src/people/sign-in/password-strength.ts'
import { testAppForOneTest } from '../../support/app.ts'

const about = [
  'Camille',
  'Le Goff-Kervadec',
  'camille.legoff@atelier-kerdoncuff.fr',
  'Préau',
  'Les Communs du Numérique',
]

describe('a password that attackers try first is refused', () => {
  test.each([
    ...[
      'password',
      'azerty123',
      'motdepasse2026',
      'Soleil1234!',
      'P@ssw0rd2026',
      'marseille13',
      'Azertyuiop2026!',
    ],
    ...[
      '12345678',
      'aaaaaaaaaaaa',
      'la '.repeat(60),
      'qwertyuiop12',
      'Bonjour123!',
      'doudou75',
      'loulou1990',
      'Formation2026!!',
    ],
    // Walks over the keys of a French keyboard, which lists know by the letters of an English one.
    ...['1a2z3e4r', '1a2z3e4r5t', 'azeqsdwxc', '1aqw2zsx', 'Aqwzsxedc'],
    // A sign before is worth no more than one behind.
    ...['!Azerty2026', '*Bonjour2026', '!Soleil1234!'],
    // What everybody knows of this person and this organisation.
    ...['Camille2026!', 'kervadec29', 'legoff-camille29', 'kerdoncuff1', 'preau2026', 'Communs2026'],
  ])('%s', async (password) => {
    expect(await isGuessable(password, about)).toBe(true)
  })
})

describe('a password that nobody comes to early is taken', () => {
  test.each([
    ...[
      'correct horse battery staple',
      'trois chaises et un piano',
      'admin-password-1',
      'demonstration-preau',
    ],
    ...[
      'abricot vélo nuage',
      'poisson-rouge-42',
      'Kx9$mPq2',
      'x7Gh2kLm',
      'été comme hiver',
      '数字化转型培训学院',
    ],
  ])('%s', async (password) => {
    expect(await isGuessable(password, about)).toBe(false)
  })
})

test('the longest password, full of letters that could be others, is judged in a moment', async () => {
  await isGuessable('loaded once', about)
  const before = performance.now()
  await isGuessable('p@$$w0rd4311'.repeat(16), about)
  expect(performance.now() - before).toBeLessThan(1_500)
})

describe('a password that is too easy', () => {
  it('is refused with a pointer wherever one is set, with the person’s own names', async () => {
    const preau = await testAppForOneTest()
    const admin = await preau.signIn('admin')
    const person = { email: 'rose.valland@example.org', firstName: 'Rose', lastName: 'Valland' }
    const account = { ...person, roleGrants: [{ role: 'member' }] }
    const refused = (pointer: string) => ({ status: 422, errors: [{ pointer, code: 'too-easy-to-guess' }] })

    const made = await admin.post('/api/accounts', { ...account, password: 'Valland2026' })
    expect(made.body).toMatchObject(refused('/password'))
    const ofTheTrade = await admin.post('/api/accounts', { ...account, password: 'Qualiopi2026!' })
    expect(ofTheTrade.body).toMatchObject(refused('/password'))
    const { body } = await admin.post('/api/accounts', { ...account, password: 'trois chaises et un piano' })
    const changed = await admin.patch(
      `/api/accounts/${body.id}`,
      { password: 'rosevalland' },
      { 'if-match': '*' },
    )
    expect(changed.body).toMatchObject(refused('/password'))
    const own = await (await preau.inBrowser({ ...admin, accountId: body.id })).put('/api/me/password', {
      currentPassword: 'trois chaises et un piano',
      newPassword: 'motdepasse2026',
    })
    expect(own.body).toMatchObject(refused('/newPassword'))
  })
})
