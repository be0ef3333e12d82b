import { expect, it } from 'vitest'
import { inTurn } from '../../../src/people/sign-in/turns.ts'
import { testAppForOneTest } from '../../support/app.ts'

it('a flood of guesses from one network keeps nobody elsewhere waiting for its end', async () => {
  const preau = await testAppForOneTest()
  const tryPassword = async (email: string, remoteAddress: string) =>
    preau.app.request(
      '/api/auth/login',
      {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ email, password: 'trois chaises et un piano' }),
      },
      { incoming: { socket: { remoteAddress } } },
    )

  let answered = 0
  const flood = Array.from({ length: 100 }, async (_, index) => {
    const { status } = await tryPassword(`personne${index}@example.org`, `2001:db8::${index.toString(16)}`)
    answered++
    return status
  })
  expect((await tryPassword('lou@example.org', '203.0.113.1')).status).toBe(401)
  expect(answered).toBeLessThan(30)
  expect((await Promise.all(flood)).filter((status) => status === 401)).toHaveLength(30)
})

it('turns come in the order of asking, four at a time, also after one that fails', async () => {
  const begun: number[] = []
  const ends: (() => void)[] = []
  const all = Array.from({ length: 6 }, (_, index) =>
    inTurn('2001:db8::/64', async () => {
      begun.push(index)
      await new Promise<void>((resolve) => ends.push(resolve))
      if (index === 0) throw new Error('wrong')
      return index
    }),
  )
  const outcomes = Promise.allSettled(all)
  expect(begun).toEqual([0, 1, 2, 3])
  ends[0]?.()
  await expect(all[0]).rejects.toThrow('wrong')
  expect(begun).toEqual([0, 1, 2, 3, 4])
  while (begun.length < 6) {
    ends.at(-1)?.()
    await new Promise(setImmediate)
  }
  for (const end of ends) end()
  expect((await outcomes).map(({ status }) => status)).toEqual(['rejected', ...Array(5).fill('fulfilled')])
  expect(await inTurn('2001:db8::/64', async () => 'again')).toBe('again')
})
