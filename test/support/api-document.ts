/** The API document as tests read it: its operations by name, their examples, and what validates against its schemas. */
import { Ajv2020, type ValidateFunction } from 'ajv/dist/2020.js'
import { openApiJson } from '../../src/commands/openapi.ts'

export type Schema = {
  $ref?: string
  type?: string | string[]
  properties?: Record<string, Schema>
  required?: string[]
  items?: Schema
  enum?: unknown[]
  anyOf?: Schema[]
  oneOf?: Schema[]
  allOf?: Schema[]
  additionalProperties?: Schema | boolean
  propertyNames?: Schema
  format?: string
  pattern?: string
  minLength?: number
  maxLength?: number
  minimum?: number
  maximum?: number
  minItems?: number
  maxItems?: number
  const?: unknown
  description?: string
}

export type Parameter = {
  $ref?: string
  name: string
  in: 'path' | 'query' | 'header'
  required?: boolean
  description?: string
  schema: Schema
  example?: unknown
}

type Content = Record<string, { schema: Schema; example?: unknown }>
type Response = { $ref?: string; description?: string; content?: Content; headers?: Record<string, unknown> }

export type Operation = {
  name: string
  method: string
  path: string
  parameters: Parameter[]
  body: { schema: Schema; example?: unknown; required: boolean } | undefined
  /** A file instead of a body in JSON; only of one that is text the document shows the beginning. */
  upload: { mediaType: string; example?: unknown } | undefined
  responses: Record<string, Response>
  /** The status of a good answer. */
  success: number
  /** Not for API tokens. */
  wantsCookie: boolean
}

type Document = {
  paths: Record<
    string,
    Record<
      string,
      {
        parameters?: (Parameter & { $ref?: string })[]
        requestBody?: { required?: boolean; content: Content }
        responses: Record<string, Response>
        security: Record<string, string[]>[]
      }
    >
  >
  tags: { name: string; description: string }[]
  components: {
    parameters: Record<string, Parameter>
    responses: Record<string, Response>
    schemas: Record<string, Schema>
  }
}

export const apiDocument: Document = JSON.parse(openApiJson())

/** `GET /api/people/{id}` → the operation, its references resolved. */
export const operations = new Map<string, Operation>(
  Object.entries(apiDocument.paths).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]): [string, Operation] => {
      const name = `${method.toUpperCase()} ${path}`
      const body = operation.requestBody?.content['application/json']
      const files = body ? [] : Object.entries(operation.requestBody?.content ?? {})
      return [
        name,
        {
          name,
          method: method.toUpperCase(),
          path,
          parameters: (operation.parameters ?? []).map(resolveParameter),
          body: body && { ...body, required: operation.requestBody?.required ?? false },
          upload: files.map(([mediaType, { example }]) => ({ mediaType, example }))[0],
          responses: Object.fromEntries(
            Object.entries(operation.responses).map(([status, response]) => [
              status,
              resolveResponse(response),
            ]),
          ),
          wantsCookie: operation.security.length > 0 && operation.security.every(({ cookie }) => cookie),
          success: Number(Object.keys(operation.responses).find((status) => status.startsWith('2'))),
        },
      ]
    }),
  ),
)

function resolveParameter(parameter: Parameter): Parameter {
  const name = parameter.$ref?.split('/').at(-1)
  return name === undefined ? parameter : (apiDocument.components.parameters[name] as Parameter)
}

function resolveResponse(response: Response): Response {
  const name = response.$ref?.split('/').at(-1)
  return name === undefined ? response : (apiDocument.components.responses[name] as Response)
}

const ajv = new Ajv2020({ strict: false, validateFormats: true, allErrors: false })
for (const [name, format] of Object.entries({
  uuid: /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i,
  date: /^\d{4}-\d\d-\d\d$/,
  'date-time': /^-?\d{4,6}-\d\d-\d\dT\d\d:\d\d:\d\d(\.\d+)?Z$/,
})) {
  ajv.addFormat(name, format)
}
ajv.addSchema(apiDocument, 'api')

const validators = new Map<string, ValidateFunction>()

/** What is wrong with a value, as the schema at this place of the document sees it; undefined when nothing is. */
export function contradiction(place: readonly string[], value: unknown): string | undefined {
  const pointer = place
    .map((part) => encodeURIComponent(part.replaceAll('~', '~0').replaceAll('/', '~1')))
    .join('/')
  let validate = validators.get(pointer)
  if (!validate) {
    validate = ajv.compile({ $ref: `api#/${pointer}` })
    validators.set(pointer, validate)
  }
  return validate(value) ? undefined : ajv.errorsText(validate.errors)
}

/** Where the schema of an answer stands in the document. */
export function answerPlace({ path, method }: Operation, status: number, mediaType: string): string[] {
  if (status >= 400) return ['components', 'schemas', 'Problem']
  return ['paths', path, method.toLowerCase(), 'responses', String(status), 'content', mediaType, 'schema']
}

/** Where the schema of a body stands in the document. */
export function bodyPlace({ path, method }: Operation): string[] {
  return ['paths', path, method.toLowerCase(), 'requestBody', 'content', 'application/json', 'schema']
}
