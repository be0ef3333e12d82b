/** A route: its contract, its checks and its handler in one place. */
import { OpenAPIHono, type z } from '@hono/zod-openapi'
import type { Context } from 'hono'
import { type Actor, couldEver } from '../access.ts'
import type { Ctx } from '../ctx.ts'
import { sha256Hex } from '../files/files.ts'
import { isUuid } from '../ids.ts'
import { forbidden, invalid, notFound, notSignedIn, signInNeeded } from '../problems.ts'
import { readBody } from './body.ts'
import { readIfMatch } from './etag.ts'
import { readIdempotencyKey, runOnce } from './idempotency.ts'
import { reply } from './reply.ts'
import type { AnyObject, AnyRoute, ParamNames, RouteDefinition, UploadLimits } from './route-definition.ts'
import { describeRoute } from './route-document.ts'
import { allowUpload, inUploadTurn, readUpload, type Upload } from './upload.ts'
import { check } from './validate.ts'

/** `problemCode`: of the problem that the request is answered with, for the log and the metrics. */
export type AppEnv = { Variables: { ctx: Ctx; problemCode?: string } }
export type Router = OpenAPIHono<AppEnv>

export function createRouter(): Router {
  return new OpenAPIHono<AppEnv>()
}

type HandlerInput<
  Path extends string,
  Query extends AnyObject,
  Body extends z.ZodType,
  Limits extends UploadLimits | undefined,
> = {
  ctx: Ctx
  params: Record<ParamNames<Path>, string>
  query: z.output<Query>
  body: z.output<Body>
  upload: Limits extends UploadLimits ? Upload : undefined
  /** The version that `If-Match` names, or '*', also where it was not sent and need not be. */
  ifMatch: number | '*'
  /** For cookies and headers. */
  c: Context<AppEnv>
}

/**
 * Adds a route to the router and to the OpenAPI document. Params, query and body are parsed before the handler runs;
 * the answer passes its schema and goes out with its tag and its links. `afterwards` is for slow work that may be done
 * again: it follows the handler's transaction, at a repeat too, and the answer waits for it.
 */
export function route<
  Path extends string,
  Query extends AnyObject,
  Body extends z.ZodType,
  Answer extends z.ZodType = z.ZodUndefined,
  Limits extends UploadLimits | undefined = undefined,
>(
  router: Router,
  definition: RouteDefinition<Path, Query, Body, Answer, Limits>,
  handler: (input: HandlerInput<Path, Query, Body, Limits>) => Promise<z.input<Answer> | Response> | Response,
  afterwards?: (input: Pick<HandlerInput<Path, Query, Body, Limits>, 'ctx' | 'params'>) => Promise<unknown>,
): void {
  router.openAPIRegistry.registerPath(describeRoute(definition))
  const honoPath = definition.path.replaceAll(/\{(\w+)\}(\.\w+)?/g, ':$1')
  const serve = async (c: Context<AppEnv>): Promise<Response> => {
    const { ctx } = c.var
    const params = readParams(c, definition) as Record<ParamNames<Path>, string>
    const { query, body, upload, ifMatch, key } = await readRequest(c, definition)
    const input = { params, query, body, upload, ifMatch, c } as Omit<
      HandlerInput<Path, Query, Body, Limits>,
      'ctx'
    >
    const run = async (ctx: Ctx) => handler({ ...input, ctx })
    const answer =
      key === undefined
        ? await run(ctx)
        : await runOnce(c, ctx, definition, {
            key,
            request: { params, query, body: upload ? sha256Hex(upload.bytes) : body },
            run,
          })
    await afterwards?.({ ctx, params })
    if (answer instanceof Response) return answer
    return reply(c, definition, answer, ctx.actor.kind === 'anonymous')
  }
  const listener = async (c: Context<AppEnv>): Promise<Response> => {
    assertMayAsk(c.var.ctx.actor, definition)
    return definition.upload ? inUploadTurn(c.var.ctx.actor, () => serve(c)) : serve(c)
  }
  if (definition.upload) allowUpload(listener, definition.upload.mostBytes)
  router.on(definition.method.toUpperCase(), honoPath, listener)
}

/**
 * Who is refused whatever they send is told so first, and learns nothing of the route's contract. Where a route is
 * about one thing, the service decides between 403 and 404: it knows whose it is.
 */
function assertMayAsk(actor: Actor, { access, path, signInOnly }: AnyRoute): void {
  if (signInOnly && actor.kind === 'account' && actor.token) throw signInNeeded()
  if (couldEver(actor, access)) return
  if (actor.kind === 'anonymous') throw notSignedIn()
  if (!path.includes('{')) throw forbidden()
}

/** Query, body and version; what is wrong with them is told only to who could use the route at all. */
async function readRequest(c: Context<AppEnv>, definition: AnyRoute) {
  try {
    return {
      query: definition.query ? check(definition.query, readQuery(c)) : {},
      body: definition.body
        ? check(definition.body, await readBody(c, definition.bodyOptional ?? false))
        : undefined,
      upload: definition.upload && (await readUpload(c, definition.upload)),
      ifMatch: readVersion(c, definition),
      key: readIdempotencyKey(c, definition),
    }
  } catch (error) {
    throw couldEver(c.var.ctx.actor, definition.access) ? error : forbidden()
  }
}

function readVersion(c: Context<AppEnv>, { ifMatch }: AnyRoute): number | '*' {
  if (!ifMatch || (ifMatch === 'optional' && !c.req.header('if-match'))) return '*'
  return readIfMatch(c)
}

/** An id that is not one names nothing: 404, as for an id that does not exist. Ids are read as the database writes them. */
function readParams(c: Context<AppEnv>, { path }: AnyRoute): Record<string, string> {
  const params: Record<string, string> = {}
  for (const [name, whole] of Object.entries(c.req.param())) {
    // Of `{token}.ics` the value is what stands before the ending.
    const ending = path.split(`{${name}}`)[1]?.split('/')[0] ?? ''
    if (!whole.endsWith(ending)) throw notFound()
    const value = whole.slice(0, whole.length - ending.length)
    const isId = name === 'id' || name.endsWith('Id')
    if (isId ? !isUuid(value) : !value.isWellFormed() || value.includes('\0')) throw notFound()
    params[name] = isId ? value.toLowerCase() : value
  }
  return params
}

function readQuery(c: Context<AppEnv>): Record<string, string> {
  const query: Record<string, string> = {}
  for (const [name, value] of new URL(c.req.url).searchParams) {
    // A filter left empty, as a form sends it, filters nothing.
    if (value === '') continue
    if (Object.hasOwn(query, name)) {
      throw invalid({ errors: [{ pointer: `/${name}`, code: 'repeated', detail: 'must be given once' }] })
    }
    query[name] = value
  }
  return query
}
