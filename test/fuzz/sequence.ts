/** A sequence of calls on a world of its own: made one after the other, now and then several at once. */
import fc from 'fast-check'
import { type TestApp, testApp } from '../support/app.ts'
import { cloneDatabase, dropDatabase } from '../support/database.ts'
import { now } from '../support/route-world.ts'
import { type Answer, type Call, callOf, isSignedOut, learn, type Memory, newMemory } from './calls.ts'
import { credentialsOf, credentialsOfAll } from './credentials.ts'
import type { FuzzWorld } from './fuzz-world.ts'
import { plan } from './plans.ts'
import { faults } from './verdict.ts'

export type Finding = { what: string; call: Call; answer: Answer; index: number }

export type Outcome = {
  findings: Finding[]
  /** How many calls were answered with what was asked for. */
  done: number
}

/** Every so many calls, so many are sent at once. */
const burst = { every: 40, size: 5 }

/** The same seed and length: the same plans. */
export async function runSequence(world: FuzzWorld, seed: number, length: number): Promise<Outcome> {
  const database = await cloneDatabase(world.database)
  const app = await testApp({ now, database })
  const outcome: Outcome = { findings: [], done: 0 }
  const memory = newMemory(world, await credentialsOfAll(app, world.accounts))
  const plans = fc.sample(plan, { seed, numRuns: length })
  for (let index = 0; index < plans.length; ) {
    const size = index % burst.every === burst.every - burst.size ? burst.size : 1
    const calls = plans.slice(index, index + size).map((plan) => callOf(plan, memory, world))
    const answers = await Promise.all(calls.map((call) => make(app, call, world, memory)))
    for (const [offset, { answer, wrong, call }] of answers.entries()) {
      outcome.findings.push(...wrong.map((what) => ({ what, call, answer, index: index + offset })))
      if (answer.status < 400) outcome.done++
    }
    index += size
  }
  await app.close()
  await dropDatabase(database)
  return outcome
}

async function make(app: TestApp, call: Call, world: FuzzWorld, memory: Memory) {
  const started = performance.now()
  const answer = await send(app, call)
  const wrong = faults(call, answer, performance.now() - started, world)
  learn(memory, call, answer)
  const { role } = call.plan
  if (isSignedOut(call, answer, memory)) memory.own[role] = await credentialsOf(app, world.accounts[role])
  return { call, answer, wrong }
}

async function send(app: TestApp, { method, url, headers, body }: Call): Promise<Answer> {
  const response = await app.app.request(url, { method, headers, ...(body !== undefined && { body }) })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json') && text !== ''
  return {
    status: response.status,
    headers: response.headers,
    text,
    json: isJson ? JSON.parse(text) : undefined,
  }
}

/** The call as one can read it and try it again. */
export function described({ what, call, answer, index }: Finding): string {
  const { plan, method, url, headers, body } = call
  const { authorization: _, cookie: __, ...shown } = headers
  return [
    `call ${index}: ${plan.operation.name} ${what}`,
    `  as ${plan.role}: ${method} ${url.slice(0, 1_000)} ${JSON.stringify(shown).slice(0, 1_000)}`,
    ...(body === undefined ? [] : [`  ${String(body).slice(0, 2_000)}`]),
    `  → ${answer.status} ${answer.text.slice(0, 1_000)}`,
  ].join('\n')
}
