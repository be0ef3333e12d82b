/** `preau serve`: the HTTP server, and the first admin of an empty organisation. */
import { finishIssuing } from '../certification/certification.service.ts'
import type { Config } from '../config.ts'
import { systemCtx } from '../deps.ts'
import { createFirstAdmin, offerSetup } from '../people/sign-in.service.ts'
import { openRuntime } from './runtime.ts'
import { type RunningServer, untilAskedToStop, whileServing } from './server.ts'

export async function serve(config: Config, say: (line: string) => void): Promise<void> {
  const runtime = await openRuntime(config, { say })
  try {
    await whileServing(runtime.deps, config, async (server) => {
      await finishIssuing(systemCtx(server.deps, 'serve'))
      await welcomeFirstAdmin(server, config, say)
      say(`Préau answers at ${server.address}`)
      await untilAskedToStop()
    })
  } finally {
    await runtime.close()
  }
}

/** From the environment, else by a one-time link; nothing once there is an admin. */
async function welcomeFirstAdmin(
  server: RunningServer,
  config: Config,
  say: (line: string) => void,
): Promise<void> {
  const ctx = systemCtx(server.deps, 'first admin')
  if (config.firstAdmin) {
    const made = await createFirstAdmin(ctx, { ...config.firstAdmin, firstName: 'Admin', lastName: 'Préau' })
    if (made) say(`First admin: ${config.firstAdmin.email}`)
    return
  }
  const token = await offerSetup(ctx)
  if (token) say(`First admin: open ${server.deps.baseUrl}/setup?token=${token} (valid once, for 24 hours)`)
}
