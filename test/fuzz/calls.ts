/** From a plan to a request: with the ids, versions, cursors and credentials that the calls before have shown. */
import type { RoleName } from '../support/route-world.ts'
import type { Credentials, FuzzWorld } from './fuzz-world.ts'
import { type Facts, factsIn, idsIn, type Kind, wantedStatus } from './kinds.ts'
import type { Plan } from './plans.ts'
import { type IdChoice, isIdChoice, isLearnt, type Learnt } from './values.ts'

export type Call = {
  plan: Plan
  method: string
  url: string
  headers: Record<string, string>
  body: string | Uint8Array<ArrayBuffer> | undefined
}

export type Answer = { status: number; headers: Headers; text: string; json: unknown }

/** What a sequence of calls has learnt so far. */
export type Memory = {
  ids: Map<Kind, string[]>
  facts: Map<string, Facts>
  shown: Record<Learnt['learnt'], readonly string[]>
  /** Path → the tag of its last answer. */
  tags: Map<string, string>
  tokens: Map<RoleName, string[]>
  /** Cookies of login sessions that have been ended. */
  ended: Set<string>
}

export function newMemory({ known, facts, emails, links }: FuzzWorld): Memory {
  return {
    ids: new Map([...known].map(([kind, ids]) => [kind, [...ids]])),
    facts: new Map(facts),
    shown: { cursor: [], code: [], email: emails, link: links },
    tags: new Map(),
    tokens: new Map(),
    ended: new Set(),
  }
}

/** How many ids of a kind are kept: enough to meet again, few enough to meet soon. */
const mostKept = 30

export function learn(memory: Memory, { plan, url, headers }: Call, answer: Answer): void {
  if (answer.status === 401 && headers.cookie !== undefined) memory.ended.add(headers.cookie)
  if (answer.status >= 300) return
  const { pathname } = new URL(url, 'http://preau')
  const tag = answer.headers.get('etag')
  if (tag !== null) memory.tags.set(pathname, tag)
  for (const [kind, id] of idsIn(answer.json, plan.operation.path)) {
    const known = memory.ids.get(kind) ?? []
    memory.ids.set(kind, [...known.filter((other) => other !== id), id].slice(-mostKept))
  }
  for (const [id, facts] of factsIn(answer.json)) memory.facts.set(id, { ...memory.facts.get(id), ...facts })
  const { nextCursor, token, code, verificationCode } = (answer.json ?? {}) as Record<string, unknown>
  for (const [what, value] of [
    ['cursor', nextCursor],
    ['code', code],
    ['code', verificationCode],
  ] as const) {
    if (typeof value === 'string') memory.shown[what] = [...memory.shown[what], value].slice(-mostKept)
  }
  if (typeof token === 'string' && plan.operation.name === 'POST /api/tokens') {
    memory.tokens.set(plan.role, [...(memory.tokens.get(plan.role) ?? []), token].slice(-3))
  }
}

/** The request of a plan, as it is sent now. */
export function callOf(plan: Plan, memory: Memory, world: FuzzWorld): Call {
  const { operation, role } = plan
  const isRead = operation.method === 'GET'
  const isAllowed = (id: string) => isRead || mayChange(world, id, role)
  const suits = (id: string) =>
    wantedStatus[operation.name]?.includes(memory.facts.get(id)?.status ?? '') ?? true
  const choose = (value: unknown) => chosen(value, memory, isAllowed, suits)
  const path = operation.path.replaceAll(/\{(\w+)\}/g, (_, name) => segment(choose(plan.params[name])))
  const isMarking = operation.name === 'PUT /api/slots/{id}/attendance'
  const ofSession = memory.facts.get(path.split('/')[3] ?? '')?.sessionId
  const belongs = (id: string) => memory.facts.get(id)?.sessionId === ofSession
  const query = new URLSearchParams(plan.query.map(([name, value]) => [name, textOf(choose(value))]))
  const search = `${query}${plan.rawQuery}`
  const tag = memory.tags.get(path)
  const chooseInside = (value: unknown) => chosen(value, memory, isAllowed, isMarking ? belongs : suits)
  const body = bodyOf(plan, chooseInside, world)
  return {
    plan,
    method: plan.isHead ? 'HEAD' : operation.method,
    url: search === '' ? path : `${path}?${search.replace(/^&/, '')}`,
    headers: {
      ...credentialsFor(plan, memory, world.credentials[role]),
      ...(typeof body === 'string' && { 'content-type': 'application/json' }),
      ...versionOf(plan, tag),
      ...(isRead &&
        plan.seen !== 'none' && { 'if-none-match': plan.seen === 'known' ? (tag ?? '*') : plan.seen }),
      ...plan.headers,
    },
    body,
  }
}

/** Who may rightly show others what must not leak does not touch it; the callers keep their rights. */
function mayChange({ untouched, callerIds }: FuzzWorld, id: string, role: RoleName): boolean {
  if (callerIds.has(id) && role === 'admin') return false
  return untouched.get(id)?.has(role) ?? true
}

type Test = (id: string) => boolean

function chosen(value: unknown, memory: Memory, isAllowed: Test, suits: Test): unknown {
  if (isIdChoice(value)) return idFor(value, memory, isAllowed, suits)
  if (isLearnt(value)) {
    const shown = memory.shown[value.learnt]
    return shown[Math.floor(value.at * shown.length)] ?? 'none'
  }
  if (Array.isArray(value)) return value.map((item) => chosen(item, memory, isAllowed, suits))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(
    Object.entries(value).map(([key, inner]) => [key, chosen(inner, memory, isAllowed, suits)]),
  )
}

const nothing = '0197f3a9-0000-7000-8000-000000000000'

/** Mostly the latest that suits: what was made is opened, joined and closed before it is forgotten. */
function idFor({ idOf, at }: IdChoice, memory: Memory, isAllowed: Test, suits: Test): string {
  const allowed = (memory.ids.get(idOf) ?? []).filter(isAllowed)
  const suitable = allowed.filter(suits)
  const isPicky = (at * 1_000) % 1 < 0.9
  const among = isPicky && suitable.length > 0 ? suitable : allowed
  return among[Math.floor((1 - at * at) * among.length)] ?? among.at(-1) ?? nothing
}

function segment(value: unknown): string {
  return encodeURIComponent(textOf(value)).replaceAll('.', '%2E')
}

function textOf(value: unknown): string {
  return (typeof value === 'object' ? JSON.stringify(value) : String(value)).toWellFormed()
}

/** Rights are not given away: the *référent handicap* stays who it is, and accounts of callers keep theirs. */
function bodyOf(
  { body, operation }: Plan,
  choose: (value: unknown) => unknown,
  world: FuzzWorld,
): Call['body'] {
  if (body === undefined) return undefined
  if ('raw' in body) return body.raw
  const json = choose(body.json)
  const isOrganisation = operation.name === 'PUT /api/organisation'
  if (isOrganisation && typeof json === 'object' && json !== null && 'disabilityContactPersonId' in json)
    return JSON.stringify({ ...json, disabilityContactPersonId: world.disabilityContactPersonId })
  return JSON.stringify(json)
}

function credentialsFor(
  { role, credential }: Plan,
  memory: Memory,
  own: Credentials,
): Record<string, string> {
  if (credential === 'cookie')
    return own.cookies.find(({ cookie = '' }) => !memory.ended.has(cookie)) ?? own.token
  const learnt = memory.tokens.get(role)?.at(-1)
  if (credential === 'learnt' && learnt !== undefined) return { authorization: `Bearer ${learnt}` }
  if (credential === 'broken') return { authorization: `${own.token.authorization ?? 'Bearer x'}x` }
  return own.token
}

function versionOf({ version, operation }: Plan, tag: string | undefined): Record<string, string> {
  if (version === 'none' || !operation.parameters.some(({ name }) => name === 'If-Match')) return {}
  if (version === 'known') return { 'if-match': tag ?? '*' }
  return { 'if-match': version === 'any' ? '*' : version }
}
