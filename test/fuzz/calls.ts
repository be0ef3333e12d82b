/** From a plan to a request: with the ids, versions, cursors and credentials that the calls before have shown. */
import type { RoleName } from '../support/route-world.ts'
import type { AllCredentials } from './credentials.ts'
import type { FuzzWorld } from './fuzz-world.ts'
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
  ids: Map<Kind, readonly string[]>
  /** Those behind which there are canaries; never forgotten. */
  guarded: ReadonlyMap<Kind, readonly string[]>
  facts: Map<string, Facts>
  shown: Record<Learnt['learnt'], readonly string[]>
  /** Path → the tag of its last answer. */
  tags: Map<string, string>
  tokens: Map<RoleName, string[]>
  own: AllCredentials
}

export function newMemory(
  { known, facts, emails, links, intruders }: FuzzWorld,
  own: AllCredentials,
): Memory {
  const all = [...known].map(([kind, ids]) => [kind, [...ids]] as const)
  return {
    ids: new Map(all),
    guarded: new Map(all.map(([kind, ids]) => [kind, ids.filter((id) => intruders.has(id))])),
    facts: new Map(facts),
    shown: { cursor: [], code: [], email: emails, link: links },
    tags: new Map(),
    tokens: new Map(),
    own,
  }
}

/** How many ids of a kind are kept: enough to meet again, few enough to meet soon. */
const mostKept = 30

export function learn(memory: Memory, { plan, url }: Call, answer: Answer): void {
  // Ended, or ended for all: the next one is learnt soon.
  if (answer.status === 401 && plan.credential === 'learnt') memory.tokens.delete(plan.role)
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
  const guarded = isRead ? 0.5 : 0.15
  const choose = (value: unknown) => chosen(value, memory, { isAllowed, suits, guarded })
  const path = operation.path.replaceAll(/\{(\w+)\}/g, (_, name) => segment(choose(plan.params[name])))
  const isMarking = operation.name === 'PUT /api/slots/{id}/attendance'
  const ofSession = memory.facts.get(path.split('/')[3] ?? '')?.sessionId
  const belongs = (id: string) => memory.facts.get(id)?.sessionId === ofSession
  const query = new URLSearchParams(plan.query.map(([name, value]) => [name, textOf(choose(value))]))
  const search = `${query}${plan.rawQuery}`
  const tag = memory.tags.get(path)
  const chooseInside = (value: unknown) =>
    chosen(value, memory, { isAllowed, suits: isMarking ? belongs : suits, guarded })
  const body = bodyOf(plan, chooseInside, world)
  return {
    plan,
    method: plan.isHead ? 'HEAD' : operation.method,
    url: search === '' ? path : `${path}?${search.replace(/^&/, '')}`,
    headers: {
      ...credentialsFor(plan, memory),
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

/** Which ids may be taken, and which of them suit best. */
type Tests = Record<'isAllowed' | 'suits', (id: string) => boolean> & {
  /** How often one that is guarded, from 0 to 1. */
  guarded: number
}

function chosen(value: unknown, memory: Memory, tests: Tests): unknown {
  if (isIdChoice(value)) return idFor(value, memory, tests)
  if (isLearnt(value)) {
    const shown = memory.shown[value.learnt]
    return shown[Math.floor(value.at * shown.length)] ?? 'none'
  }
  if (Array.isArray(value)) return value.map((item) => chosen(item, memory, tests))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, chosen(inner, memory, tests)]))
}

const nothing = '0197f3a9-0000-7000-8000-000000000000'

/**
 * Mostly the latest that suits: what was made is opened, joined and closed before it is forgotten. Now and then one of
 * those with something behind them that most must not see.
 */
function idFor({ idOf, at }: IdChoice, memory: Memory, { isAllowed, suits, guarded: share }: Tests): string {
  const guarded = (memory.guarded.get(idOf) ?? []).filter(isAllowed)
  if (guarded.length > 0 && at < share) return guarded[Math.floor((at / share) * guarded.length)] ?? nothing
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

function credentialsFor({ role, credential }: Plan, { own, tokens }: Memory): Record<string, string> {
  const { token, cookie } = own[role]
  if (credential === 'cookie') return cookie
  const learnt = tokens.get(role)?.at(-1)
  if (credential === 'learnt' && learnt !== undefined) return { authorization: `Bearer ${learnt}` }
  if (credential === 'broken') return { authorization: `${token.authorization ?? 'Bearer x'}x` }
  return token
}

/** Whether the caller has lost what they sign in with. */
export function isSignedOut({ plan: { role }, headers }: Call, { status }: Answer, { own }: Memory): boolean {
  const { token, cookie } = own[role]
  if (status !== 401 || token.authorization === undefined) return false
  return headers.authorization === token.authorization || headers.cookie === cookie.cookie
}

function versionOf({ version, operation }: Plan, tag: string | undefined): Record<string, string> {
  if (version === 'none' || !operation.parameters.some(({ name }) => name === 'If-Match')) return {}
  if (version === 'known') return { 'if-match': tag ?? '*' }
  return { 'if-match': version === 'any' ? '*' : version }
}
