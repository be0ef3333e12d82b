/** Listens, says so once it is ready, and drains on SIGTERM. */
import { once } from 'node:events'
import type { Server } from 'node:http'
import { type AddressInfo, isIPv6 } from 'node:net'
import { buildApp } from '../app.ts'
import type { Config } from '../config.ts'
import type { Deps } from '../deps.ts'
import { createHttpServer, drain } from '../platform/http/http-server.ts'
import { createMetrics } from '../platform/http/metrics.ts'

const drainMs = 10_000

export type RunningServer = {
  /** `http://localhost:3000`: for people on this machine. */
  address: string
  deps: Deps
  /** Takes no new connection, lets what is under way finish for ten seconds at most. */
  stop(): Promise<void>
}

/** Listens on the configured host and port (0: any free one). Throws when the port is taken. */
export async function startServer(deps: Deps, config: Config): Promise<RunningServer> {
  const metrics = createMetrics(deps.db)
  let isStopping = false
  let app: ReturnType<typeof buildApp> | undefined
  const server = createHttpServer({
    // Until the port is known, the application cannot know its own address.
    fetch: (request, env) => app?.fetch(request, env) ?? new Response(null, { status: 503 }),
    onRefused(reason, requestId) {
      metrics.refused(reason)
      // Of connections that nobody answers there may be thousands, and no line would say more than the next.
      if (requestId !== undefined) deps.log.info({ requestId, reason }, 'refused')
    },
  })
  const stop = () => {
    isStopping = true
    return drain(server, drainMs)
  }
  server.listen(config.port, config.host)
  await once(server, 'listening').catch((error) => {
    throw portError(error, config)
  })
  const address = addressOf(server, config.host)
  const served: Deps = { ...deps, baseUrl: config.baseUrl ?? address }
  app = buildApp(served, { metrics, metricsToken: config.metricsToken, isStopping: () => isStopping })
  const ready = await app.request('/ready')
  if (ready.status !== 200) {
    await stop()
    throw new Error('The database does not answer')
  }
  return { address, deps: served, stop }
}

/** Serves as long as `work` goes on, and drains however it ends. */
export async function whileServing(
  deps: Deps,
  config: Config,
  work: (server: RunningServer) => Promise<void>,
): Promise<void> {
  const server = await startServer(deps, config)
  try {
    await work(server)
  } finally {
    await server.stop()
  }
}

function portError(error: unknown, config: Config): Error {
  const code = error instanceof Error && 'code' in error ? error.code : ''
  if (code === 'EADDRINUSE') return new Error(`Port ${config.port} is taken: set PORT to another one.`)
  if (code === 'EACCES')
    return new Error(`Port ${config.port} may not be used by this user: set PORT to another one.`)
  return error instanceof Error ? error : new Error(String(error))
}

function addressOf(server: Server, host: string): string {
  const { port } = server.address() as AddressInfo
  if (['127.0.0.1', '0.0.0.0', '::', '::1'].includes(host)) return `http://localhost:${port}`
  return `http://${isIPv6(host) ? `[${host}]` : host}:${port}`
}
