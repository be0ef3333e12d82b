/** The rules that slow guessing down, played through with attackers and owners of any patience. */
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  afterFailure,
  allowances,
  type Bucket,
  type Buckets,
  decide,
  secondsUntilRoom,
} from '../../../src/people/sign-in/throttle.rules.ts'

const start = Temporal.Instant.from('2026-03-02T09:00:00Z')

/** One account, guessed at from any address: `undefined` is the answer «wrong», a number how many seconds to wait. */
function aDoor() {
  const pairs = new Map<string, Bucket>()
  const clients = new Map<string, Bucket>()
  let account: Bucket | undefined
  return (client: string, at: Temporal.Instant, isRight = false): number | undefined => {
    const [pair, ofClient] = [pairs.get(client), clients.get(client)]
    const buckets: Buckets = {
      ...(pair && { accountAndClient: pair }),
      ...(ofClient && { client: ofClient }),
      ...(account && { account }),
    }
    const decision = decide(buckets, at)
    if (!decision.answered) {
      const { admittedAt } = decision
      if (admittedAt) pairs.set(client, { drainedAt: pair?.drainedAt ?? at, admittedAt })
      return decision.retryAfterSeconds
    }
    if (isRight) pairs.delete(client)
    else {
      pairs.set(client, afterFailure(pair, at, allowances.accountAndClient))
      clients.set(client, afterFailure(ofClient, at, allowances.client))
      account = afterFailure(account, at, allowances.account)
    }
    return undefined
  }
}

const seconds = fc.array(fc.integer({ min: 0, max: 7_200 }), { minLength: 1, maxLength: 400 })
const moments = seconds.map((all) => all.toSorted((a, b) => a - b))

describe('guessing', () => {
  it('from one address gets five answers at once, and one every five minutes', () => {
    fc.assert(
      fc.property(moments, (all) => {
        const guess = aDoor()
        const answered = all.filter((second) => guess('a', start.add({ seconds: second })) === undefined)
        answered.forEach((from, index) => {
          const inTheHour = answered.slice(index).filter((second) => second - from < 3_600)
          expect(inTheHour.length).toBeLessThanOrEqual(5 + 3_600 / 300)
        })
      }),
    )
  })

  it('is answered to who waits as long as was said, and nobody is told to wait longer than five minutes', () => {
    fc.assert(
      fc.property(moments, (all) => {
        const guess = aDoor()
        for (const second of all) {
          const wait = guess('a', start.add({ seconds: second })) ?? 0
          expect(wait).toBeLessThanOrEqual(300)
        }
        const end = start.add({ seconds: all.at(-1) ?? 0 })
        const wait = guess('a', end)
        if (wait !== undefined) expect(guess('a', end.add({ seconds: wait }))).toBeUndefined()
      }),
    )
  })

  it('from one address never touches who signs in from another', () => {
    fc.assert(
      fc.property(moments, (all) => {
        const guess = aDoor()
        for (const second of all) guess('attacker', start.add({ seconds: second }))
        expect(guess('owner', start.add({ seconds: all.at(-1) ?? 0 }), true)).toBeUndefined()
      }),
    )
  })

  it('from thousands of addresses keeps the owner waiting for a minute at most, however it goes on meanwhile', () => {
    const attack = fc.array(fc.tuple(fc.nat(3_000), fc.nat(600)), { minLength: 300, maxLength: 900 })
    fc.assert(
      fc.property(attack, fc.nat(600), (all, arrival) => {
        const guess = aDoor()
        const queue = all.toSorted((a, b) => a[1] - b[1])
        const until = (last: number) => {
          while (queue[0] && queue[0][1] <= last) {
            const [client, second] = queue.shift() ?? [0, 0]
            guess(`attacker ${client}`, start.add({ seconds: second }))
          }
        }
        until(arrival)
        const wait = guess('owner', start.add({ seconds: arrival }), true)
        if (wait === undefined) return
        expect(wait).toBeLessThanOrEqual(60)
        until(arrival + wait)
        expect(guess('owner', start.add({ seconds: arrival + wait }), true)).toBeUndefined()
      }),
      { numRuns: 50 },
    )
  })

  it('at once from a hundred addresses is answered thirty times, and each of the others waits its minute', () => {
    const guess = aDoor()
    const waits = Array.from({ length: 100 }, (_, index) => guess(`attacker ${index}`, start))
    expect(waits.filter((wait) => wait === undefined)).toHaveLength(30)
    expect(new Set(waits.slice(30))).toEqual(new Set([60]))
  })
})

describe('a clock that was a day ahead and is set right', () => {
  const tomorrow = start.add({ hours: 24 })

  it('keeps nobody waiting for that day: where they failed, at their address or at their account', () => {
    const guess = aDoor()
    for (let index = 0; index < 20; index++) guess('owner', tomorrow)
    for (let index = 0; index < 100; index++) guess(`attacker ${index}`, tomorrow)
    for (const client of ['owner', 'elsewhere', 'attacker 1', 'attacker 99'])
      expect(guess(client, start), client).toBeUndefined()
  })

  it('counts failures from then on as it always does', () => {
    const guess = aDoor()
    for (let index = 0; index < 20; index++) guess('attacker', tomorrow)
    const waits = Array.from({ length: 20 }, () => guess('attacker', start))
    expect(waits.filter((wait) => wait === undefined)).toHaveLength(5)
    expect(waits.at(-1)).toBe(300)
  })
})

describe('clocks of two processes that differ by seconds', () => {
  it('give an attacker who asks both of them no more answers', () => {
    const guess = aDoor()
    const answers = Array.from({ length: 40 }, (_, index) =>
      guess('attacker', start.add({ seconds: index % 2 === 0 ? 5 : 0 })),
    )
    expect(answers.filter((wait) => wait === undefined)).toHaveLength(5)
  })
})

describe('a bucket', () => {
  it('holds as many failures as it says, empties with time, and is then as if it had never been', () => {
    const allowance = { burst: 3, seconds: 10 }
    let bucket: Bucket | undefined
    for (let index = 0; index < 20; index++) bucket = afterFailure(bucket, start, allowance)
    expect(secondsUntilRoom(bucket, start, allowance)).toBe(10)
    expect(secondsUntilRoom(bucket, start.add({ seconds: 10 }), allowance)).toBe(0)
    expect(afterFailure(bucket, start.add({ seconds: 30 }), allowance)).toEqual(
      afterFailure(undefined, start.add({ seconds: 30 }), allowance),
    )
  })
})
