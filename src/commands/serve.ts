/** `preau serve`: the HTTP server, and the first admin of an empty organisation. */
import { finishIssuing } from '../certification/certification.service.ts'
import type { Config } from '../config.ts'
import { systemCtx } from '../deps.ts'
import { createFirstAdmin, offerSetup } from '../people/sign-in/setup.service.ts'
import { logCrashes } from './crash.ts'
import { openRuntime, type Say } from './runtime.ts'
import { type RunningServer, whileServing } from './server.ts'
import { listenForSignals } from './signals.ts'
import { startJobs } from './worker.ts'

/** Serves until the process is asked to stop; documents that were numbered but not drawn are drawn first. */
export async function serve(
  config: Config,
  say: Say,
  options: { json?: boolean | undefined; worker: boolean },
): Promise<void> {
  const admin = firstAdminOf(config)
  const { json = false } = options
  const toPeople: Say = json ? () => {} : say
  const signals = listenForSignals()
  const runtime = await openRuntime(config, { isServing: true, recordsEvidence: true })
  logCrashes(runtime.deps.log)
  try {
    await whileServing(runtime.deps, config, async (server) => {
      await finishIssuing(systemCtx(server.deps, 'serve'))
      const setupUrl = await welcomeFirstAdmin(server, admin, toPeople)
      const asked = signals.asked()
      toPeople(`Préau answers at ${server.address}`)
      if (json) say(JSON.stringify({ address: server.address, setupUrl: setupUrl ?? null }))
      const worker = options.worker ? await startJobs({ ...runtime, ...server }, config, toPeople) : undefined
      await asked
      await Promise.all([worker?.stop(), server.stop()])
    })
  } finally {
    await runtime.close()
  }
}

type FirstAdmin = { email: string; password: string }

function firstAdminOf({ adminEmail, adminPassword }: Config): FirstAdmin | undefined {
  if (adminEmail === undefined && adminPassword === undefined) return undefined
  if (adminEmail !== undefined && adminPassword !== undefined)
    return { email: adminEmail, password: adminPassword }
  throw new Error('The configuration is not valid: PREAU_ADMIN_EMAIL and PREAU_ADMIN_PASSWORD go together')
}

/** From the environment, else by a one-time link, which is returned; nothing once there is an admin. */
async function welcomeFirstAdmin(
  server: RunningServer,
  admin: FirstAdmin | undefined,
  say: Say,
): Promise<string | undefined> {
  const ctx = systemCtx(server.deps, 'first admin')
  if (admin) {
    const made = await createFirstAdmin(ctx, { ...admin, firstName: 'Admin', lastName: 'Préau' })
    if (made) say(`First admin: ${admin.email}`)
    return undefined
  }
  const token = await offerSetup(ctx)
  if (!token) return undefined
  const setupUrl = `${server.deps.baseUrl}/setup?token=${token}`
  say(`First admin: open ${setupUrl} (valid once, for 24 hours)`)
  return setupUrl
}
