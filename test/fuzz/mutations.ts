/** What no route takes, and what it may stumble over: values, keys, and whole bodies. */
import fc from 'fast-check'
import { isIdChoice, isLearnt, share } from './values.ts'

const deep = (depth: number, open: string, close: string) =>
  JSON.parse(open.repeat(depth) + close.repeat(depth))

const hostileTexts = [
  '',
  ' ',
  '\u0000',
  'a\u0000b',
  'a\ud800b',
  '\udfff',
  '\ufffe\uffff',
  '\u202edrowssap',
  '\u200b\u200d\ufeff',
  'e\u0301\u0301\u0301'.repeat(40),
  '👩‍👩‍👧‍👦'.repeat(20),
  'İıſßﬁ',
  '\u2028\u2029\u0085\t\r\n',
  "'; drop table person; --",
  "' or '1'='1",
  '%\\_%',
  '%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%%',
  '"><script>alert(1)</script>',
  '<img src=x onerror=alert(1)>',
  '{{ constructor.constructor("return process")() }}',
  '{% include "x" %}',
  '#{7*7}',
  '../../../etc/passwd',
  '..%2f..%2f',
  'file:///etc/passwd',
  'javascript:alert(1)',
  '=cmd|calc!A1',
  '\r\nSet-Cookie: a=b',
  'null',
  'undefined',
  'NaN',
  '__proto__',
  'constructor',
  'toString',
  '0x10',
  '1e400',
  '-0',
  '٣',
  '00000000-0000-0000-0000-000000000000',
  'x'.repeat(201),
  'é'.repeat(5_000),
  'x'.repeat(100_000),
  '2026-02-30',
  '0000-01-01',
  '9999-12-31',
  '1899-12-31',
  '2200-01-01',
  '-000001-01-01',
  '2026-03-29T02:30:00Z',
  '24:00',
  '02:30',
]

const hostileValues: unknown[] = [
  ...hostileTexts,
  null,
  true,
  false,
  0,
  -1,
  1,
  0.5,
  -0,
  2 ** 31,
  2 ** 53,
  -(2 ** 63),
  1e300,
  1e-300,
  [],
  {},
  [null],
  [[[[[[]]]]]],
  { __proto__: null },
  deep(3_000, '[', ']'),
  Array.from({ length: 2_000 }, () => 'x'),
  Object.fromEntries(Array.from({ length: 500 }, (_, index) => [`key${index}`, index])),
]

const hostileKeys = [
  'zzUnknown',
  '__proto__',
  'constructor',
  'toString',
  'id',
  'version',
  '',
  '\u0000',
  'role',
  'x'.repeat(5_000),
]

export const hostileText = fc.oneof(
  fc.constantFrom(...hostileTexts),
  fc.string({ unit: 'binary', maxLength: 30 }),
)

/** One change somewhere in a value: `where` and `what` choose, from 0 to 1. */
export type Mutation = {
  kind: 'replace' | 'remove' | 'add' | 'nudge' | 'repeat'
  where: number
  what: number
}

export const mutation: fc.Arbitrary<Mutation> = fc.record({
  kind: fc.constantFrom('replace', 'replace', 'replace', 'remove', 'add', 'nudge', 'repeat'),
  where: share,
  what: share,
})

const pick = <Item>(items: readonly Item[], at: number): Item => items[Math.floor(at * items.length)] as Item

/** The same value with one place of it changed. */
export function mutate(value: unknown, mutation: Mutation): unknown {
  const path = pick(pathsOf(value), mutation.where)
  return changedAt(value, path, mutation)
}

/** To be chosen when the call is made, and no part of it is anything. */
const isOpen = (value: unknown) => isIdChoice(value) || isLearnt(value)

/** Every place in a value, the whole of it last; not in the depths of what a mutation has put there. */
function pathsOf(value: unknown, depth = 0): string[][] {
  if (typeof value !== 'object' || value === null || isOpen(value) || depth > 6) return [[]]
  const inside = Object.entries(value)
    .slice(0, 40)
    .flatMap(([key, inner]) => pathsOf(inner, depth + 1).map((path) => [key, ...path]))
  return [...inside, []]
}

function changedAt(value: unknown, path: readonly string[], mutation: Mutation): unknown {
  const [key, ...rest] = path
  if (key === undefined) return changed(value, mutation)
  if (Array.isArray(value))
    return value.map((item, index) => (String(index) === key ? changedAt(item, rest, mutation) : item))
  const object = value as Record<string, unknown>
  if (rest.length === 0 && mutation.kind === 'remove') {
    return Object.fromEntries(Object.entries(object).filter(([name]) => name !== key))
  }
  return withKey(object, String(key), changedAt(object[key], rest, mutation))
}

function changed(value: unknown, { kind, what }: Mutation): unknown {
  if (
    kind === 'add' &&
    typeof value === 'object' &&
    value !== null &&
    !Array.isArray(value) &&
    !isOpen(value)
  )
    return withKey(
      value as Record<string, unknown>,
      pick(hostileKeys, what),
      pick(hostileValues, (what * 97) % 1),
    )
  if (kind === 'repeat' && Array.isArray(value)) return [...value, ...value]
  if (kind === 'nudge' && typeof value === 'number') return value + pick([-1, 1, 0.5, 1e9], what)
  if (kind === 'nudge' && typeof value === 'string') return value + pick(hostileTexts, what)
  return pick(hostileValues, what)
}

/** Also a key named `__proto__`, which an assignment would take for something else. */
function withKey(object: Record<string, unknown>, key: string, value: unknown): Record<string, unknown> {
  return Object.fromEntries([...Object.entries(object).filter(([name]) => name !== key), [key, value]])
}

const bytes = (...values: number[]) => new Uint8Array(values)

/** Bodies that are no JSON, or none that a route could mean. */
export const hostileBodies: readonly (string | Uint8Array<ArrayBuffer>)[] = [
  '',
  ' ',
  '{',
  '{"a":1,}',
  '[]',
  'null',
  'true',
  '12',
  '"text"',
  'NaN',
  '\u0000',
  '\ufeff{}',
  '{"a":1,"a":2}',
  '{"__proto__":{"isAdmin":true}}',
  '{"constructor":{"prototype":{"isAdmin":true}}}',
  '['.repeat(50_000),
  `${'['.repeat(20_000)}${']'.repeat(20_000)}`,
  `{"a":${'{"a":'.repeat(5_000)}1${'}'.repeat(5_001)}`,
  `{"n":${'9'.repeat(10_000)}}`,
  '{"n":1e999999}',
  `{"s":"${'\\ud800'.repeat(1_000)}"}`,
  '<?xml version="1.0"?><a/>',
  'a=b&c=d',
  'x'.repeat(1_100_000),
  bytes(0xff, 0xfe, 0x7b, 0x00, 0x7d, 0x00),
  bytes(0x7b, 0x22, 0xc3, 0x28, 0x22, 0x7d),
  bytes(0x1f, 0x8b, 0x08, 0x00),
]
