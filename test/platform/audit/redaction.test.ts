/** The audit outlives the right to be forgotten: whatever is personal in a request, it says only that it changed. */
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { importLines } from '../../commands/import/import-world.ts'
import { apiDocument, operations, type Schema } from '../../support/api-document.ts'
import { routeRequests } from '../../support/route-requests.ts'
import { sendRequest } from '../../support/route-sending.ts'
import { aSession, made, type RouteWorld, routeWorld } from '../../support/route-world.ts'

const name = 'Zzcanari'
const phone = '06 99 13 80 99'
const siret = '44306184100047'
const otherSiret = '55208131766522'
const password = 'zzcanari chante sous la pluie'
const canaries = ['zzcanari', '0699138099', phone, siret, otherSiret, '84691380999']

/** Texts that tell of a person, by where they stand in a request, with a value to know them by. */
const personal: Record<string, string> = {
  '/firstName': name,
  '/lastName': name,
  '/birthName': name,
  '/email': `${name}@example.org`,
  '/phone': phone,
  '/person/firstName': name,
  '/person/lastName': name,
  '/person/birthName': name,
  '/person/email': `${name}@example.org`,
  '/person/phone': phone,
  '/representative/firstName': name,
  '/representative/lastName': name,
  '/representative/title': name,
  '/address/street': `1 rue ${name}`,
  '/address/postalCode': '13809',
  '/address/city': name,
  '/address/country': 'FR',
  // A client may be one person, whose business has the person’s name and number.
  'POST /api/clients /name': name,
  'PATCH /api/clients/{id} /name': name,
  'POST /api/clients /siret': siret,
  'PATCH /api/clients/{id} /siret': otherSiret,
  'POST /api/clients /declarationNumber': '84691380999',
  'PATCH /api/clients/{id} /declarationNumber': '84691380999',
  '/fundingLines/*/payerName': name,
  '/fundingLines/*/payerSiret': siret,
  '/needs': `Un fauteuil pour ${name}`,
  '/answers/?': name,
  '/marks/*/note': `${name} a la grippe`,
  '/events/*/note': `${name} a la grippe`,
  'POST /api/slots/{id}/waivers /note': `La main de ${name} est dans le plâtre`,
  'PUT /api/enrolments/{id}/activities/{activityId} /note': `Le travail de ${name}`,
  // Why something ended for somebody; why a session was cancelled is often somebody’s illness.
  '/reason': `${name} est malade`,
  '/endReason': `${name} est malade`,
  '/remoteUrl': `https://visio.example/${name}`,
  '/password': password,
  '/currentPassword': password,
  '/newPassword': password,
  '/token': `${name}-jeton`,
  'POST /api/tokens /name': name,
  'POST /api/funder-notices/{id}/done /how': `Téléphone à ${name}`,
}

/** Texts about the organisation, its trainings and its sessions: the audit says them as they are. */
const notPersonal = [
  ...['/code', '/title', '/objectives/*', '/prerequisites', '/audience', '/content', '/methods', '/domain'],
  ...['/activities/*/title', '/activities/*/instructions'],
  ...['/assessmentMethods', '/accessibility', '/accessDelay', '/nsfCode'],
  ...['/certification/code', '/certification/title', '/certification/certifier'],
  ...[
    '/legalName',
    '/tradeName',
    '/legalForm',
    '/nafCode',
    '/declarationRegion',
    '/qualiopi/certificateNumber',
  ],
  ...['PUT /api/organisation /siret', 'PUT /api/organisation /declarationNumber'],
  ...['POST /api/chapters /name', '/city', '/regionCode'],
  ...['/reference', '/place', '/topic', '/slots/*/place', '/slots/*/topic', '/timeZone'],
  ...['/startTime', '/endTime', '/slots/*/startTime', '/slots/*/endTime'],
  ...['/marks/*/arrivedAt', '/marks/*/leftAt', '/events/*/arrivedAt', '/events/*/leftAt'],
  'POST /api/sessions/{id}/findings/dismiss /key',
  ...['/bpfScopeReason', '/classificationReason', '/fundingLines/*/invoiceNumber'],
  // It is forgotten when the session is closed again; the audit is what keeps it.
  'POST /api/sessions/{id}/reopen /reason',
]

let world: RouteWorld
beforeAll(async () => {
  world = await routeWorld()
}, 60_000)
afterAll(() => world.app.close())

/** Where free texts stand in what an operation is sent. */
function textsOf(schema: Schema | undefined, path = ''): string[] {
  if (!schema) return []
  if (schema.$ref) return textsOf(apiDocument.components.schemas[schema.$ref.split('/').at(-1) ?? ''], path)
  const {
    type,
    format,
    properties = {},
    items,
    additionalProperties,
    anyOf = [],
    oneOf = [],
    allOf = [],
  } = schema
  const isText =
    [type].flat().includes('string') && !schema.enum && !['uuid', 'date', 'date-time'].includes(format ?? '')
  return [
    ...(isText ? [path] : []),
    ...[...anyOf, ...oneOf, ...allOf].flatMap((part) => textsOf(part, path)),
    ...Object.entries(properties).flatMap(([key, part]) => textsOf(part, `${path}/${key}`)),
    ...textsOf(items, `${path}/*`),
    ...(typeof additionalProperties === 'object' ? textsOf(additionalProperties, `${path}/?`) : []),
  ]
}

const bodies = [...operations.values()].flatMap(({ name, body }) =>
  body ? [{ name, texts: [...new Set(textsOf(body.schema))] }] : [],
)

/** The value for a text of an operation; undefined where it is not personal. */
function canaryFor(operation: string, path: string): string | undefined {
  if (notPersonal.includes(`${operation} ${path}`)) return undefined
  return personal[`${operation} ${path}`] ?? (notPersonal.includes(path) ? undefined : personal[path])
}

/** The body with a canary in every personal text that it can have. */
function withCanaries(operation: string, texts: readonly string[], body: unknown): unknown {
  const filled = structuredClone(body ?? {})
  for (const path of texts) {
    const canary = canaryFor(operation, path)
    // Addresses are somebody’s once.
    if (canary !== undefined) put(filled, path.split('/').slice(1), canary.replace('@', `${++count}@`))
  }
  return filled
}

function put(target: unknown, [key = '', ...rest]: string[], value: string): void {
  if (typeof target !== 'object' || target === null) return
  if (key === '*') for (const item of Object.values(target)) put(item, rest, value)
  else if (rest.length === 0) Reflect.set(target, key === '?' ? 'question' : key, value)
  // A part that the request leaves out, such as a person beside a person’s id, stays out.
  else if (key === 'answers') Reflect.set(target, key, { question: value })
  else put(Reflect.get(target, key), rest, value)
}

let count = 0
let seen = 0

/** In the entries since it was asked last. */
async function canariesInAudit(): Promise<string[]> {
  const { rows } = await sql<{ sequence: number; entry: string }>`
    select sequence, audit_entry::text as entry from audit_entry where sequence > ${seen} order by sequence
  `.execute(world.app.deps.db)
  seen = rows.at(-1)?.sequence ?? seen
  return rows
    .map((row) => row.entry)
    .filter((entry) => canaries.some((canary) => entry.toLowerCase().includes(canary)))
}

describe('the audit keeps nothing personal', () => {
  it('of any text that a request can hold: each is known as personal or not', () => {
    const unknown = bodies.flatMap(({ name, texts }) =>
      texts
        .filter(
          (path) => ![path, `${name} ${path}`].some((key) => key in personal || notPersonal.includes(key)),
        )
        .map((path) => `${name} ${path}`),
    )
    expect(unknown).toEqual([])
  })

  it.for(bodies)('of $name', async ({ name: operation, texts }) => {
    const request = await routeRequests[operation]?.(world)
    if (!request) throw new Error(`no request for ${operation}`)
    const body = withCanaries(operation, texts, request.body)
    const { status, body: answer } = await sendRequest(operation, { ...request, body })
    if (!/auth|setup|me.password/.test(operation))
      expect(status, `${JSON.stringify(body)} ${JSON.stringify(answer)}`).toBeLessThan(300)
    expect(await canariesInAudit()).toEqual([])
  })

  it('of a person who is enrolled and of who pays, and of what an import brings', async () => {
    const { admin } = world.callers
    const session = made(await admin.post('/api/sessions', aSession(world)))
    made(await admin.post(`/api/sessions/${session.id}/open`))
    const email = `${name}@example.org`
    const person = { firstName: name, lastName: name, birthName: name, email, phone }
    const fundingLines = [{ source: 'individual', payerName: name, payerSiret: siret, amountCents: 100 }]
    const enrolment = { person, traineeType: 'other', needs: name, answers: { question: name }, fundingLines }
    made(await admin.post(`/api/sessions/${session.id}/enrolments`, enrolment))
    const learner = { prenom: name, nom: name, email }
    const { system } = world.app
    await importLines(system, 'people', [
      { ...learner, telephone: phone, nom_naissance: name, employeur: name },
    ])
    await importLines(system, 'trainings', [{}])
    await importLines(system, 'attendance', [learner])
    await importLines(system, 'funding', [{ ...learner, payeur: name, siret_payeur: siret }])
    expect(await canariesInAudit()).toEqual([])
  })

  it('and would be caught if it did', async () => {
    const { system } = world.app
    await sql`insert into audit_entry (id, occurred_at, actor_kind, action, subject_kind, changes, request_id)
      values (${system.newId()}, now(), 'anonymous', 'a.b', 'a', ${JSON.stringify({ to: name })}, '')`.execute(
      world.app.deps.db,
    )
    expect(await canariesInAudit()).toHaveLength(1)
  })
})
