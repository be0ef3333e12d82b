/** Calls as they are thrown: which route, as whom, with what; ids, versions and cursors are chosen when they are made. */
import fc from 'fast-check'
import { type Operation, operations, type Parameter, type Schema } from '../support/api-document.ts'
import { permissionTable } from '../support/permission-table.ts'
import { type RoleName, roleNames } from '../support/route-world.ts'
import { kindOfField, kindOfPathId } from './kinds.ts'
import { hostileBodies, hostileText, mutate, mutation } from './mutations.ts'
import { idOf, learnt, valid } from './values.ts'

export type Plan = {
  operation: Operation
  role: RoleName
  credential: 'token' | 'cookie' | 'learnt' | 'broken'
  /** Values of the path’s parameters, still to be encoded; `raw` ones stand as they are. */
  params: Record<string, unknown>
  query: [string, unknown][]
  /** Behind the query as it is. */
  rawQuery: string
  body: { json: unknown } | { raw: string | Uint8Array<ArrayBuffer> } | undefined
  headers: Record<string, string>
  version: 'known' | 'any' | 'none' | string
  seen: 'known' | 'none' | string
  /** HEAD in place of GET. */
  isHead: boolean
}

const rarely = <Value>(usual: Value, others: fc.Arbitrary<Value>, oneIn: number) =>
  fc.oneof({ weight: oneIn - 1, arbitrary: fc.constant(usual) }, { weight: 1, arbitrary: others })

/** Routes that cost a password hash, a report over everything or a drawn page are thrown less often. */
const seldom: Record<string, number> = {
  'POST /api/auth/login': 2,
  'PUT /api/me/password': 2,
  'POST /api/accounts': 4,
  'PATCH /api/accounts/{id}': 4,
  'POST /api/setup': 1,
  'POST /api/auth/password-reset/confirm': 4,
  'POST /api/auth/invitation/confirm': 4,
  'POST /api/auth/sign-in-link/confirm': 4,
  'GET /api/audit.csv': 4,
  'GET /api/reports/bpf.csv': 4,
  'GET /api/reports/certificates.csv': 4,
  'GET /metrics': 1,
  'GET /health': 1,
  'GET /ready': 1,
}

/** Routes on which the others feed: without sessions, seats and marks there is little to stumble over. */
const often: Record<string, number> = {
  'POST /api/sessions': 20,
  'POST /api/sessions/{id}/open': 20,
  'POST /api/sessions/{id}/enrolments': 25,
  'PUT /api/slots/{id}/attendance': 20,
  'POST /api/sessions/{id}/close': 15,
  'POST /api/sessions/{id}/certificates': 12,
  'POST /api/trainings': 12,
  'POST /api/trainings/{id}/publish': 12,
  'POST /api/people': 12,
  'GET /api/enrolments/{id}/needs': 30,
}

/** What belongs to somebody is asked for by its id. */
function isAboutOne({ method, path }: Operation): boolean {
  return method === 'GET' && path.includes('{id}')
}

function planOf(operation: Operation): fc.Arbitrary<Plan> {
  const parameters = (place: Parameter['in']) =>
    operation.parameters.filter((parameter) => parameter.in === place)
  return fc.record({
    operation: fc.constant(operation),
    role: roleFor(operation),
    credential: fc.oneof(
      { weight: operation.wantsCookie ? 2 : 14, arbitrary: fc.constant('token' as const) },
      { weight: operation.wantsCookie ? 15 : 3, arbitrary: fc.constant('cookie' as const) },
      { weight: 2, arbitrary: fc.constant('learnt' as const) },
      { weight: 1, arbitrary: fc.constant('broken' as const) },
    ),
    params: fc.record(
      Object.fromEntries(
        parameters('path').map((parameter) => [parameter.name, pathValue(operation, parameter)]),
      ),
    ),
    query: fc
      .tuple(...parameters('query').map(queryValue), rarely([], unknownParameter, 25))
      .map((all) => all.flat()),
    rawQuery: rarely('', fc.constantFrom(...rawQueries), 40),
    body: bodyOf(operation),
    headers: headersOf(operation),
    version: fc.oneof(
      { weight: 12, arbitrary: fc.constant('known') },
      { weight: 2, arbitrary: fc.constant('any') },
      { weight: 1, arbitrary: fc.constant('none') },
      { weight: 2, arbitrary: fc.constantFrom(...tags) },
    ),
    isHead: operation.method === 'GET' ? rarely(false, fc.constant(true), 30) : fc.constant(false),
    seen: rarely<string>('none', fc.constantFrom('known', 'known', ...tags), 6),
  })
}

/** Changes come mostly from those whom the route serves; anybody tries to read. */
function roleFor({ name, method }: Operation): fc.Arbitrary<RoleName> {
  const verdicts = permissionTable[name]?.split(/\s+/) ?? []
  const served = roleNames.filter((_, index) => verdicts[index] === 'ok')
  const anybody = fc.constantFrom(...roleNames)
  if (served.length === 0) return anybody
  const weights = served.map((role) => ({ weight: role === 'admin' ? 6 : 1, arbitrary: fc.constant(role) }))
  return fc.oneof(
    { weight: method === 'GET' ? 1 : 4, arbitrary: fc.oneof(...weights) },
    { weight: method === 'GET' ? 2 : 1, arbitrary: anybody },
  )
}

function pathValue({ path }: Operation, { name, example }: Parameter): fc.Arbitrary<unknown> {
  const usual = name === 'id' ? idOf(kindOfPathId(path)) : codeFor(example)
  return fc.oneof({ weight: 15, arbitrary: usual }, { weight: 1, arbitrary: hostileText })
}

function codeFor(example: unknown): fc.Arbitrary<unknown> {
  return fc.oneof(
    learnt('code'),
    fc.constant(String(example)),
    fc.constantFrom('F3', 'a.n5', 'C', 'total', 'E', 'internal', '326'),
  )
}

function queryValue({ name, schema, required }: Parameter): fc.Arbitrary<[string, unknown][]> {
  const usual =
    name === 'cursor'
      ? learnt('cursor')
      : schema.format === 'uuid'
        ? idOf(kindOfField(name))
        : valid(schema, name)
  const value = fc.oneof({ weight: 10, arbitrary: usual }, { weight: 1, arbitrary: hostileText })
  const given = value.map((value): [string, unknown][] => [[name, value]])
  const twice = fc.tuple(given, given).map((both) => both.flat())
  return fc.oneof(
    { weight: required ? 1 : 40, arbitrary: fc.constant<[string, unknown][]>([]) },
    { weight: required ? 40 : 20, arbitrary: given },
    { weight: 1, arbitrary: twice },
  )
}

const unknownParameter = fc
  .tuple(fc.constantFrom('zzUnknown', '__proto__', 'limit[]', 'constructor', ''), hostileText)
  .map((parameter): [string, unknown][] => [parameter])

const rawQueries = [
  '&',
  '&=',
  '&%',
  '&q=%E0%A4%A',
  '&q=%ff',
  '&%00=%00',
  '&q=a+b%2Bc',
  '#x',
  '&limit=١',
  `&q=${'x'.repeat(3_000)}`,
]

function bodyOf(operation: Operation): fc.Arbitrary<Plan['body']> {
  const { method, body } = operation
  const raw = fc.constantFrom(...hostileBodies).map((raw) => ({ raw }))
  if (method === 'GET') return fc.constant(undefined)
  if (!body) return rarely<Plan['body']>(undefined, raw, 20)
  const usual = fc.oneof(
    { weight: 3, arbitrary: variationOf(operation, body.example, body.schema) },
    { weight: 2, arbitrary: valid(body.schema) },
  )
  const takesFields = Object.keys(body.schema.properties ?? {}).length > 0
  const mutated = fc
    .tuple(usual, fc.array(mutation, { minLength: 1, maxLength: 2 }))
    .map(([value, mutations]) => mutations.reduce(mutate, value))
  return fc.oneof(
    { weight: 12, arbitrary: usual.map((json) => ({ json })) },
    { weight: takesFields ? 7 : 1, arbitrary: mutated.map((json) => ({ json })) },
    { weight: 1, arbitrary: raw },
    { weight: 1, arbitrary: fc.constant(undefined) },
  )
}

/** The example of the document with ids of the world, names of its own, and some fields left out or drawn anew. */
function variationOf(operation: Operation, example: unknown, schema: Schema): fc.Arbitrary<unknown> {
  const fields = Object.entries((example ?? {}) as Record<string, unknown>).map(([name, value]) => {
    const property = schema.properties?.[name] ?? {}
    const isNeeded = schema.required?.includes(name) ?? false
    return fc
      .oneof(
        {
          weight: 10,
          arbitrary: operation.path.startsWith('/api/auth/') ? signingIn(name, value) : own(name, value),
        },
        { weight: 2, arbitrary: valid(property, name) },
        { weight: isNeeded ? 0 : 1, arbitrary: fc.constant(undefined) },
      )
      .map((value): [string, unknown] => [name, value])
  })
  return fc.tuple(...fields).map((all) => Object.fromEntries(all.filter(([, value]) => value !== undefined)))
}

/** Addresses of people who are there, links that were mailed to them. */
function signingIn(field: string, value: unknown): fc.Arbitrary<unknown> {
  if (field === 'email') return fc.oneof(learnt('email'), fc.constant(value))
  return field === 'token' ? learnt('link') : fc.constant(value)
}

const unique = /^(name|code|reference|email|siret|newPassword)$/

/** Ids become choices, and what must not be there twice gets a number. */
function own(field: string, value: unknown): fc.Arbitrary<unknown> {
  if (typeof value === 'string' && /^[0-9a-f]{8}-/.test(value)) return idOf(kindOfField(field))
  if (typeof value === 'string' && unique.test(field)) {
    return fc
      .nat(999_999)
      .map((n) => (field === 'siret' ? String(10_000_000_000_000 + n) : numbered(value, n)))
  }
  if (Array.isArray(value)) return fc.tuple(...value.map((item) => own(field, item)))
  if (typeof value !== 'object' || value === null) return fc.constant(value)
  return fc.record(Object.fromEntries(Object.entries(value).map(([name, inner]) => [name, own(name, inner)])))
}

const numbered = (value: string, n: number) => (value.includes('@') ? `${n}.${value}` : `${value} ${n}`)

const tags = [
  '"0"',
  '"1"',
  '"999999999"',
  'W/"1-abc"',
  '"1", "2"',
  '1',
  '"',
  '""',
  '"a"',
  '"-1"',
  `"${'9'.repeat(40)}"`,
  '*',
]

/** What any request may carry besides. */
function headersOf({ method, parameters }: Operation): fc.Arbitrary<Record<string, string>> {
  const takesKey = parameters.some(({ name }) => name === 'Idempotency-Key')
  const key = fc.oneof(
    { weight: 4, arbitrary: fc.constantFrom('k1', 'k2', '"k3"', 'x'.repeat(255)) },
    { weight: 1, arbitrary: fc.constantFrom('', ' ', '""', '"', 'x'.repeat(256), 'a,b', '\t') },
  )
  const header = (name: string, values: readonly string[], oneIn: number) =>
    rarely<Record<string, string>>({}, fc.constantFrom(...values.map((value) => ({ [name]: value }))), oneIn)
  return fc
    .tuple(
      takesKey
        ? rarely<Record<string, string>>(
            {},
            key.map((key) => ({ 'idempotency-key': key })),
            4,
          )
        : fc.constant({}),
      header('accept', ['*/*', 'text/html', 'application/xml', 'image/*;q=0', ';;;', 'x'.repeat(2_000)], 20),
      header('content-type', contentTypes, 50),
      header(
        'sec-fetch-site',
        ['cross-site', 'same-site', 'same-origin', 'none', 'x'],
        method === 'GET' ? 60 : 30,
      ),
      header('origin', ['https://evil.example', 'null', 'https://preau.example', '\u00e9'], 50),
      header('x-forwarded-for', ['1.2.3.4', '::1', 'x, y, z', `${'1.1.1.1, '.repeat(200)}`, "'"], 40),
      header(
        'user-agent',
        ['', 'x'.repeat(4_000), '\u00ff\u00fe', '<script>', 'Mozilla/5.0 (X11; Linux) Firefox/140.0'],
        30,
      ),
      header('content-length', ['0', '-1', '99999999999', 'x'], 60),
      header('range', ['bytes=0-0', 'bytes=9-1'], 60),
    )
    .map((all) => Object.assign({}, ...all))
}

const contentTypes = [
  'text/plain',
  'application/json; charset=utf-16',
  'application/merge-patch+json',
  'APPLICATION/JSON',
  'application/x-www-form-urlencoded',
  'multipart/form-data; boundary=x',
  '',
  ';',
]

/** A call of any route. */
export const plan: fc.Arbitrary<Plan> = fc.oneof(
  ...[...operations.values()].map((operation) => ({
    weight: seldom[operation.name] ?? often[operation.name] ?? (isAboutOne(operation) ? 20 : 10),
    arbitrary: planOf(operation),
  })),
)
