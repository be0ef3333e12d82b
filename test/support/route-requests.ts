/** One valid request for every route: its example in the API document, on things of the world. */
import { operations } from './api-document.ts'
import { type ExampleRequest, exampleRequest } from './example-requests.ts'
import type { RouteWorld } from './route-world.ts'

export type RouteRequest = { path: string; body?: unknown; headers?: Record<string, string> }

export const routeRequests: Record<string, (world: RouteWorld) => Promise<ExampleRequest>> =
  Object.fromEntries([...operations.keys()].map((name) => [name, (world) => exampleRequest(name, world)]))
