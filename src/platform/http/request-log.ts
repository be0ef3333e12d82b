/** One line of log for every request, and its time in the metrics: ids, codes and patterns, nothing that people typed. */
import type { ServerResponse } from 'node:http'
import type { Context, MiddlewareHandler } from 'hono'
import { matchedRoutes } from 'hono/route'
import { accountIdOf } from '../access.ts'
import type { Metrics } from './metrics.ts'
import type { AppEnv } from './router.ts'

/** What runs the requests of a real server; absent where the application is called in its own process. */
type NodeBindings = { outgoing?: ServerResponse } | undefined

const knownMethods = new Set(['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'])

/** Asked every few seconds by machines: written down only when they fail. */
const quietRoutes = new Set(['/health', '/ready', '/metrics'])

/** Path and query stay out, since they hold codes, tokens and what people search; the pattern says which route it was. */
export function requestLog(metrics: Metrics): MiddlewareHandler<AppEnv> {
  return async (c, next) => {
    const startedAt = performance.now()
    const { outgoing }: { outgoing?: ServerResponse } = (c.env as NodeBindings) ?? {}
    const bytesBefore = outgoing?.socket?.bytesWritten ?? 0
    metrics.requestStarted()
    await next()
    const ms = performance.now() - startedAt
    const line = describeRequest(c, ms)
    metrics.requestEnded({ ...line, seconds: ms / 1_000, problemCode: c.var.problemCode })
    whenSent(outgoing, bytesBefore, (sent) => write(c, { ...line, ...sent }))
  }
}

type RequestLine = ReturnType<typeof describeRequest>

function describeRequest(c: Context<AppEnv>, ms: number) {
  const { actor } = c.var.ctx
  return {
    method: knownMethods.has(c.req.method) ? c.req.method : 'other',
    route: patternOf(c),
    status: c.res.status,
    durationMs: Math.round(ms * 10) / 10,
    ...(c.var.problemCode !== undefined && { code: c.var.problemCode }),
    ...(actor.kind === 'account' && { accountId: accountIdOf(actor) }),
  }
}

/** The pattern of the first route that is no middleware; one name for everything that no route answers. */
function patternOf(c: Context<AppEnv>): string {
  return matchedRoutes(c).find(({ path }) => !path.endsWith('*'))?.path ?? 'none'
}

type Sent = { bytes?: number; aborted?: true }

/** Calls back once the last byte has left, or the client; at once where nothing is sent. */
function whenSent(
  outgoing: ServerResponse | undefined,
  bytesBefore: number,
  done: (sent: Sent) => void,
): void {
  const socket = outgoing?.socket
  if (!outgoing || !socket || outgoing.closed) {
    done(outgoing ? { aborted: true } : {})
    return
  }
  outgoing.once('close', () => {
    const bytes = socket.bytesWritten - bytesBefore
    done(outgoing.writableFinished ? { bytes } : { bytes, aborted: true })
  })
}

function write(c: Context<AppEnv>, line: RequestLine & Sent): void {
  c.var.ctx.log[levelOf(line)](line, 'request')
}

/** 503 is the database's or the machine's trouble, and told as such where it is met; other 5xx are ours. */
function levelOf({ status, route }: RequestLine): 'error' | 'warn' | 'info' | 'debug' {
  if (status === 503) return 'warn'
  if (status >= 500) return 'error'
  return quietRoutes.has(route) ? 'debug' : 'info'
}
