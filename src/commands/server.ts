/** Listens, says so once it is ready, and drains on SIGTERM. */
import { once } from 'node:events'
import { type AddressInfo, isIPv6 } from 'node:net'
import { createAdaptorServer, type ServerType } from '@hono/node-server'
import { buildApp } from '../app.ts'
import type { Config } from '../config.ts'
import type { Deps } from '../deps.ts'

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
  let app: ReturnType<typeof buildApp> | undefined
  const server = createAdaptorServer({
    fetch: (request, env) => app?.fetch(request, env) ?? new Response('Starting', { status: 503 }),
  })
  server.listen(config.port, config.host)
  await once(server, 'listening').catch((error) => {
    throw portError(error, config)
  })
  const address = addressOf(server, config.host)
  const served: Deps = { ...deps, baseUrl: config.baseUrl ?? address }
  app = buildApp(served)
  const ready = await app.request('/ready')
  if (ready.status !== 200) {
    await drain(server)
    throw new Error('The database does not answer')
  }
  return { address, deps: served, stop: () => drain(server) }
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

function addressOf(server: ServerType, host: string): string {
  const { port } = server.address() as AddressInfo
  if (['127.0.0.1', '0.0.0.0', '::', '::1'].includes(host)) return `http://localhost:${port}`
  return `http://${isIPv6(host) ? `[${host}]` : host}:${port}`
}

async function drain(server: ServerType): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve())
  })
  if ('closeIdleConnections' in server) server.closeIdleConnections()
  const timer = setTimeout(() => {
    if ('closeAllConnections' in server) server.closeAllConnections()
  }, drainMs)
  await closed
  clearTimeout(timer)
}

/** Resolves with the signal that asks this process to end. */
export async function untilAskedToStop(): Promise<NodeJS.Signals> {
  return new Promise((resolve) => {
    for (const signal of ['SIGTERM', 'SIGINT', 'SIGHUP'] as const) process.once(signal, () => resolve(signal))
  })
}
