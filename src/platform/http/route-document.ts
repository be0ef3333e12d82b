/** A route as the OpenAPI document shows it. */
import { createRoute, type RouteConfig, z } from '@hono/zod-openapi'
import type { ProblemFactory } from '../problem.ts'
import {
  busy,
  crossOrigin,
  databaseAway,
  forbidden,
  ifMatchMissing,
  invalid,
  malformed,
  noRoom,
  notFound,
  notSignedIn,
  signInNeeded,
  stale,
  tokenIsReadOnly,
  tooLarge,
  unsupportedFile,
  unsupportedMediaType,
  uriTooLong,
} from '../problems.ts'
import { idempotencyKeyParameter, idempotencyProblems, replayedHeader } from './idempotency.ts'
import { problemResponses, sharedProblemResponses } from './problem-responses.ts'
import type { AnyObject, AnyRoute, UploadLimits } from './route-definition.ts'
import { mebibyte } from './upload.ts'

/** A route as OpenAPI describes it: its parts, and the errors that follow from them. */
export function describeRoute(definition: AnyRoute): RouteConfig {
  return createRoute({
    method: definition.method,
    path: definition.path,
    tags: [definition.tag],
    summary: definition.summary,
    description: `Who may: ${definition.access.join(', ')}.`,
    request: {
      ...(definition.query && { query: queryWithExamples(definition.query, definition.example?.query) }),
      ...(definition.upload && { body: uploadBody(definition.upload, definition.example?.upload) }),
      ...(definition.body && {
        body: {
          required: !definition.bodyOptional,
          content: {
            'application/json': { schema: definition.body, ...exampleOf(definition.example?.body) },
          },
        },
      }),
    },
    parameters: parametersOf(definition),
    security: securityOf(definition),
    responses: { ...successResponses(definition), ...problemResponses(problemsOf(definition)) },
  })
}

function uploadBody({ mediaTypes, mostBytes }: UploadLimits, text: string | undefined) {
  const content = mediaTypes.map((mediaType) => [
    mediaType,
    { schema: textOrBytes(mediaType), ...(mediaType.startsWith('text/') && exampleOf(text)) },
  ])
  return {
    required: true,
    description: `The file itself, ${mostBytes / mebibyte} MiB at most.`,
    content: Object.fromEntries(content),
  }
}

/** What many routes share, for `$ref`. */
export const sharedComponents = {
  parameters: {
    IfNoneMatch: {
      name: 'If-None-Match',
      in: 'header',
      required: false,
      description: 'The `ETag` of an answer that you kept: 304 without a body while it is still the answer.',
      schema: { type: 'string' },
    },
    IdempotencyKey: idempotencyKeyParameter,
  },
  headers: {
    'Idempotency-Replayed': replayedHeader,
    ETag: {
      description:
        'Names exactly this answer, for `If-None-Match`; of a thing with a `version` also for `If-Match`, which looks at the version alone.',
      schema: { type: 'string' },
    },
    Link: {
      description:
        'RFC 8288: `next` and `first` of a list, with the filters of this request; `alternate` where the same can be had in another form.',
      schema: { type: 'string' },
    },
    Location: {
      description: 'The address of what was made.',
      schema: { type: 'string', format: 'uri-reference' },
    },
  },
  responses: {
    ...sharedProblemResponses,
    NotModified: {
      description: 'What you kept is still the answer.',
      headers: { ETag: { $ref: '#/components/headers/ETag' } },
    },
  },
  securitySchemes: {
    cookie: {
      type: 'apiKey',
      in: 'cookie',
      name: 'preau_session',
      description: 'Set by `POST /api/auth/login`.',
    },
    token: { type: 'http', scheme: 'bearer', description: 'An API token from `POST /api/tokens`.' },
  },
} as const

function securityOf({ access, signInOnly }: AnyRoute): Record<string, string[]>[] {
  if (access.includes('anyone')) return []
  return signInOnly ? [{ cookie: [] }] : [{ cookie: [] }, { token: [] }]
}

function parametersOf(definition: AnyRoute) {
  return [
    ...pathParameters(definition),
    ...(definition.ifMatch ? [ifMatchParameter(definition.ifMatch === true)] : []),
    ...(definition.idempotent ? [{ $ref: '#/components/parameters/IdempotencyKey' }] : []),
    ...(hasTag(definition) ? [{ $ref: '#/components/parameters/IfNoneMatch' }] : []),
  ]
}

function ifMatchParameter(required: boolean) {
  return {
    name: 'If-Match',
    in: 'header' as const,
    required,
    description: 'The `ETag` of what you read, or `*`; 412 when it has changed since.',
    schema: { type: 'string' as const },
  }
}

function pathParameters({ path, params, example }: AnyRoute) {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([braced, name = '']) => {
    const isId = name === 'id' || name.endsWith('Id')
    const collection = path.slice(0, path.indexOf(braced) - 1)
    return {
      name,
      in: 'path' as const,
      required: true,
      description: namedValue(params, name) ?? `Id of one of \`${collection}\`.`,
      schema: { type: 'string' as const, ...(isId && { format: 'uuid' }) },
      ...exampleOf(namedValue(example?.params, name)),
    }
  })
}

function namedValue(record: Partial<Record<string, string>> | undefined, name: string): string | undefined {
  return record?.[name]
}

function exampleOf(example: unknown) {
  return example === undefined ? {} : { example }
}

/** The example of a query is told parameter by parameter. */
function queryWithExamples(query: AnyObject, example: Record<string, unknown> = {}): AnyObject {
  const shape = Object.entries(query.shape).map(([name, parameter]) => [
    name,
    name in example ? (parameter as z.ZodType).openapi({ param: exampleOf(example[name]) }) : parameter,
  ])
  return z.object(Object.fromEntries(shape))
}

/** Whether a read is answered with 304 to who has the answer already. */
function hasTag({ method, answer, produces, isTagged }: AnyRoute): boolean {
  return method === 'get' && (answer !== undefined || (produces !== undefined && isTagged === true))
}

function successResponses(definition: AnyRoute): RouteConfig['responses'] {
  const { answer, produces, example } = definition
  if (!answer && !produces) return { 204: { description: 'Done' } }
  const content = answer
    ? { 'application/json': { schema: answer, ...exampleOf(example?.answer) } }
    : Object.fromEntries(
        [produces ?? []]
          .flat()
          .map((type) => [type, { schema: textOrBytes(type), ...exampleOf(example?.text) }]),
      )
  const headers = headersOf(definition)
  return {
    [definition.status ?? 200]: { description: 'Done', content, ...(headers && { headers }) },
    ...(hasTag(definition) && { 304: { $ref: '#/components/responses/NotModified' } }),
  }
}

function textOrBytes(mediaType: string) {
  return { type: 'string' as const, ...(!mediaType.startsWith('text/') && { format: 'binary' }) }
}

/** The headers of a good answer that a client does something with. */
function headersOf(definition: AnyRoute) {
  const { answer, location, alternates } = definition
  const has = (field: string) => answer instanceof z.ZodObject && field in answer.shape
  const names = [
    ...(hasTag(definition) || has('version') ? ['ETag'] : []),
    ...(has('nextCursor') || alternates ? ['Link'] : []),
    ...(location ? ['Location'] : []),
    ...(definition.idempotent ? ['Idempotency-Replayed'] : []),
  ]
  if (names.length === 0) return undefined
  return Object.fromEntries(names.map((name) => [name, { $ref: `#/components/headers/${name}` }]))
}

/** The errors that follow from a route's parts, and its own. */
function problemsOf(definition: AnyRoute): ProblemFactory[] {
  const isPublic = definition.access.includes('anyone')
  return [
    // Whatever the route: how much of a request is read.
    malformed,
    tooLarge,
    uriTooLong,
    ...(definition.method === 'get' ? [] : [crossOrigin]),
    ...(definition.method !== 'get' && definition.path.startsWith('/api') ? [tokenIsReadOnly] : []),
    // On a public route too: a token that is wrong is an error.
    ...(definition.path.startsWith('/api') ? [notSignedIn] : []),
    ...(isPublic ? [] : [forbidden]),
    ...(definition.signInOnly ? [signInNeeded] : []),
    ...(definition.path.includes('{') ? [notFound] : []),
    ...(definition.query || definition.body || definition.upload || definition.idempotent ? [invalid] : []),
    ...(definition.body ? [unsupportedMediaType] : []),
    ...(definition.upload ? [unsupportedFile] : []),
    ...(definition.ifMatch ? [stale] : []),
    ...(definition.ifMatch === true ? [ifMatchMissing] : []),
    ...idempotencyProblems(definition),
    ...(definition.problems ?? []),
    databaseAway,
    busy,
    noRoom,
  ]
}
