/** The examples that the API document shows are sent as they stand, and answered as it says. */
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { offerSetup } from '../src/people/sign-in/setup.service.ts'
import { answerPlace, bodyPlace, contradiction, type Operation, operations } from './support/api-document.ts'
import { type Answer, testAppForOneTest } from './support/app.ts'
import { type ExampleRequest, exampleNames, exampleRequest, inPlaceOf } from './support/example-requests.ts'
import { type RouteWorld, routeWorld } from './support/route-world.ts'

let world: RouteWorld
beforeAll(async () => {
  world = await routeWorld()
}, 60_000)
afterAll(() => world.app.close())

const contentOf = ({ responses, success }: Operation) => responses[success]?.content ?? {}

describe('every route', () => {
  it('shows an example of its request and its answer', () => {
    expect([...operations.keys()].filter((name) => !exampleNames.includes(name))).toEqual([])
  })

  it.for(exampleNames)('%s answers its example as the document says', async (name) => {
    const operation = operations.get(name)
    if (!operation) throw new Error(name)
    const request = await exampleRequest(name, world)
    if (name === 'POST /api/setup') await beforeTheFirstAdmin(request)
    const answer = await send(name, request)
    expect(answer.status, `${name} ${request.path}: ${JSON.stringify(answer.body)}`).toBe(operation.success)
    const mediaType = answer.headers.get('content-type')?.split(';')[0] ?? ''
    const documented = contentOf(operation)
    if (Object.keys(documented).length === 0) return expect(answer.body).toHaveLength(0)
    expect(Object.keys(documented)).toContain(mediaType)
    const example = documented[mediaType]?.example
    if (mediaType === 'application/json') expectSame(operation, example, answer.body, request)
    if (mediaType === 'text/csv') expect(firstLine(answer.body)).toBe(firstLine(String(example)))
  })
})

/** An installation that has just been started, in the place of the world. */
async function beforeTheFirstAdmin(request: ExampleRequest): Promise<void> {
  const app = await testAppForOneTest()
  request.caller = app.anonymous
  request.body = { ...(request.body as object), token: await offerSetup(app.system) }
}

/** Both as the schema says, with the same fields, and what was sent comes back as the example has it. */
function expectSame(
  operation: Operation,
  example: unknown,
  answer: unknown,
  { values, body }: ExampleRequest,
): void {
  const place = answerPlace(operation, operation.success, 'application/json')
  expect(contradiction(place, example), 'the example').toBeUndefined()
  expect(contradiction(place, answer), 'the answer').toBeUndefined()
  if (operation.body) expect(contradiction(bodyPlace(operation), operation.body.example)).toBeUndefined()
  expect(differences(example, answer, '')).toEqual([])
  const shown = inPlaceOf(example, values) as Record<string, unknown>
  const said = answer as Record<string, unknown>
  const sent = operation.body?.example as Record<string, unknown> | undefined
  for (const [field, value] of Object.entries(sent ?? {})) {
    const isAsInTheExample =
      JSON.stringify(inPlaceOf(value, values)) === JSON.stringify((body as typeof said)[field])
    if (isAsInTheExample && isScalar(value) && field in said) expect(said[field], field).toEqual(shown[field])
  }
}

const firstLine = (csv: string) => csv.split('\r\n')[0]

const isScalar = (value: unknown) => typeof value !== 'object' || value === null

/** Fields that one has and the other has not; lists are compared by what stands in them. */
function differences(example: unknown, answer: unknown, at: string): string[] {
  if (example === null || answer === null || isScalar(example)) return []
  if (Array.isArray(example)) {
    const items = answer as unknown[]
    if ((example.length === 0) !== (items.length === 0)) return [`${at} has ${items.length} items`]
    return example.flatMap((item, index) => {
      const found = items.map((other) => differences(item, other, `${at}/${index}`))
      return found.find((differences) => differences.length === 0) ?? found[0] ?? []
    })
  }
  const [left, right] = [example as Record<string, unknown>, answer as Record<string, unknown>]
  const only = (one: object, other: object, whose: string) =>
    Object.keys(one)
      .filter((key) => !(key in other))
      .map((key) => `${at}/${key} only in the ${whose}`)
  return [
    ...only(left, right, 'example'),
    ...only(right, left, 'answer'),
    ...Object.keys(left).flatMap((key) =>
      key in right ? differences(left[key], right[key], `${at}/${key}`) : [],
    ),
  ]
}

async function send(name: string, request: ExampleRequest): Promise<Answer> {
  const { path, body, headers, caller } = request
  if (name.startsWith('GET')) return caller.get(path, headers)
  if (name.startsWith('DELETE')) return caller.delete(path, headers)
  if (name.startsWith('PUT')) return caller.put(path, body, headers)
  if (name.startsWith('PATCH')) return caller.patch(path, body, headers)
  return caller.post(path, body, headers)
}
