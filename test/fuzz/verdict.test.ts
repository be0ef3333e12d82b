/** What the fuzz looks for is found when it is there. */
import { describe, expect, it } from 'vitest'
import { operations } from '../support/api-document.ts'
import type { RoleName } from '../support/route-world.ts'
import type { Answer, Call } from './calls.ts'
import type { FuzzWorld } from './fuzz-world.ts'
import { faults, longestMs } from './verdict.ts'

const world: FuzzWorld = {
  database: '',
  accounts: {} as FuzzWorld['accounts'],
  canaries: new Map([['zqfoulque001', new Set<RoleName>(['admin'])]]),
  secrets: ['0123abcd'],
  untouched: new Map(),
  intruders: new Map([['0197f3a2-6d20-7b51-9c32-1f7a3e5d6b02', new Set<RoleName>(['stranger'])]]),
  callerIds: new Set(),
  disabilityContactPersonId: '',
  known: new Map(),
  facts: new Map(),
  emails: [],
  links: [],
}

function call(name: string, role: RoleName, url = '/'): Call {
  const operation = operations.get(name)
  if (!operation) throw new Error(name)
  const plan = { operation, role } as Call['plan']
  return { plan, method: operation.method, url, headers: {}, body: undefined }
}

function answer(status: number, json: unknown, headers: Record<string, string> = {}): Answer {
  const mediaType = status >= 400 ? 'application/problem+json' : 'application/json'
  return {
    status,
    headers: new Headers({ 'content-type': mediaType, ...headers }),
    text: JSON.stringify(json),
    json,
  }
}

const noChapters = { items: [], nextCursor: null }
const list = (role: RoleName) => call('GET /api/chapters', role)

describe('an answer', () => {
  it('that is documented and tells nothing has no fault', () => {
    expect(faults(list('stranger'), answer(200, noChapters), 5, world)).toEqual([])
  })

  it('with a word that the caller must not read has one, wherever it stands and however it is written', () => {
    const told = ['told stranger the word zqfoulque001']
    const inHeader = answer(200, noChapters, { link: '</?q=zqfoulque001>' })
    expect(faults(list('stranger'), inHeader, 5, world)).toEqual(told)
    expect(faults(list('admin'), inHeader, 5, world)).toEqual([])
    const inBody = { ...noChapters, nextCursor: 'ZQFOULQUE001' }
    expect(faults(list('stranger'), answer(200, inBody), 5, world)).toEqual(told)
  })

  it('with a hash has one, whoever reads it', () => {
    const { length } = faults(
      list('admin'),
      answer(200, { ...noChapters, nextCursor: '$argon2id$0123abcd' }),
      5,
      world,
    )
    expect(length).toBe(2)
  })

  it('that the document does not know has one: its status, its code, its fields, its media type', () => {
    const problem = { type: 'urn:x', title: 'x', status: 409, code: 'x/y', requestId: 'x' }
    const found = [
      answer(409, problem),
      answer(401, { ...problem, status: 401 }),
      answer(200, { items: 'none', nextCursor: null }),
      answer(200, noChapters, { 'content-type': 'text/html' }),
      answer(304, noChapters),
    ].map((wrong) => faults(list('stranger'), wrong, 5, world))
    for (const wrong of found) expect(wrong).toHaveLength(1)
  })

  it('that is a fault of ours, or late, has one', () => {
    expect(faults(list('admin'), answer(500, {}), 5, world)).toContain('answered 500')
    expect(faults(list('admin'), answer(200, noChapters), longestMs + 1, world)).toEqual([
      `took ${longestMs + 1} ms`,
    ])
  })

  it('that caches may keep has one when it is of somebody', () => {
    const kept = answer(200, noChapters, { 'cache-control': 'public, no-cache' })
    expect(faults(list('anonymous'), kept, 5, world)).toEqual([])
    const own = { ...list('admin'), headers: { authorization: 'Bearer x' } }
    expect(faults(own, kept, 5, world)).toHaveLength(1)
    const cookie = answer(200, noChapters, { 'cache-control': 'public', 'set-cookie': 'preau_session=x' })
    expect(faults(list('anonymous'), cookie, 5, world)).toHaveLength(1)
  })

  it('to a change by who has no part in it has one', () => {
    const url = '/api/tokens/0197f3a2-6d20-7b51-9c32-1f7a3e5d6b02'
    const done: Answer = { status: 204, headers: new Headers(), text: '', json: undefined }
    expect(faults(call('DELETE /api/tokens/{id}', 'stranger', url), done, 5, world)).toHaveLength(1)
    expect(faults(call('DELETE /api/tokens/{id}', 'admin', url), done, 5, world)).toEqual([])
  })
})
