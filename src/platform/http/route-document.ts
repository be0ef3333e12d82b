/** A route as the OpenAPI document shows it. */
import { createRoute, type RouteConfig } from '@hono/zod-openapi'
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
  stale,
  tooLarge,
  unsupportedMediaType,
} from '../problems.ts'
import { problemResponses } from './problem-responses.ts'
import type { AnyRoute } from './route-definition.ts'

/** A route as OpenAPI describes it: its parts, and the errors that follow from them. */
export function describeRoute(definition: AnyRoute): RouteConfig {
  return createRoute({
    method: definition.method,
    path: definition.path,
    tags: [definition.tag],
    summary: definition.summary,
    description: `Who may: ${definition.access.join(', ')}.`,
    request: {
      ...(definition.query && { query: definition.query }),
      ...(definition.body && {
        body: {
          required: !definition.bodyOptional,
          content: { 'application/json': { schema: definition.body } },
        },
      }),
    },
    parameters: [...pathParameters(definition.path), ...(definition.ifMatch ? [ifMatchParameter] : [])],
    responses: { ...successResponse(definition), ...problemResponses(problemsOf(definition)) },
  })
}

const ifMatchParameter = {
  name: 'If-Match',
  in: 'header' as const,
  required: true,
  description: 'The `ETag` of the version that you read.',
  schema: { type: 'string' as const },
}

function pathParameters(path: string) {
  return [...path.matchAll(/\{(\w+)\}/g)].map(([, name = '']) => ({
    name,
    in: 'path' as const,
    required: true,
    schema:
      name === 'id' || name.endsWith('Id')
        ? { type: 'string' as const, format: 'uuid' }
        : { type: 'string' as const },
  }))
}

function successResponse(definition: AnyRoute): RouteConfig['responses'] {
  if (definition.answer) {
    return {
      [definition.status ?? 200]: {
        description: 'Done',
        content: { 'application/json': { schema: definition.answer } },
      },
    }
  }
  if (definition.produces) {
    return {
      200: {
        description: 'Done',
        content: { [definition.produces]: { schema: { type: 'string', format: 'binary' } } },
      },
    }
  }
  return { 204: { description: 'Done' } }
}

/** The errors that follow from a route's parts, and its own. */
function problemsOf(definition: AnyRoute): ProblemFactory[] {
  const isPublic = definition.access.includes('anyone')
  return [
    ...(definition.method === 'get' ? [] : [crossOrigin]),
    // On a public route too: a token that is wrong is an error.
    ...(definition.path.startsWith('/api/') ? [notSignedIn] : []),
    ...(isPublic ? [] : [forbidden]),
    ...(definition.path.includes('{') ? [notFound] : []),
    ...(definition.query || definition.body ? [invalid] : []),
    ...(definition.body ? [malformed, tooLarge, unsupportedMediaType] : []),
    ...(definition.ifMatch ? [ifMatchMissing, stale] : []),
    ...(definition.problems ?? []),
    databaseAway,
    busy,
    noRoom,
  ]
}
