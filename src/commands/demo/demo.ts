/** `preau demo`: a community of freelancers that trains its members, on real input, in a folder of its own. */
import { finishIssuing } from '../../certification/certification.service.ts'
import type { Config } from '../../config.ts'
import { systemCtx } from '../../deps.ts'
import { occupancy } from '../../organisation/organisation.service.ts'
import { anyAccountExists } from '../../people/account.service.ts'
import type { Ctx } from '../../platform/ctx.ts'
import { logCrashes } from '../crash.ts'
import { defaultDemoDirectory, openRuntime, type Say } from '../runtime.ts'
import { whileServing } from '../server.ts'
import { listenForSignals } from '../signals.ts'
import { startJobs } from '../worker.ts'
import { loadHistory } from './history.ts'
import { type DemoSignIn, demoPassword, openDoors } from './sign-ins.ts'
import { tellStory } from './story.ts'

/**
 * Fills the database on the first start (and goes on where a start was cut off), imports the history at every start,
 * which changes nothing the second time, then serves. Refuses a database that holds a real organisation.
 */
export async function demo(given: Config, say: Say, json: boolean): Promise<void> {
  const toPeople = json ? () => {} : say
  const signals = listenForSignals()
  const config = {
    ...given,
    dataDirectory: given.dataDirectory ?? defaultDemoDirectory,
    // Who looks at a demonstration reads what is printed, not a line for each request.
    logLevel: given.logLevel ?? 'warn',
  }
  const runtime = await openRuntime(config, { migrateServed: true, isServing: true, recordsEvidence: true })
  logCrashes(runtime.deps.log)
  try {
    await assertNotReal(systemCtx(runtime.deps, 'demo'))
    await whileServing(runtime.deps, config, async (server) => {
      const ctx = systemCtx(server.deps, 'demo')
      await loadHistory(ctx, toPeople)
      await tellStory(ctx)
      await finishIssuing(ctx)
      const signIns = await openDoors(ctx)
      const asked = signals.asked()
      welcome(server.address, signIns, toPeople)
      if (json) say(JSON.stringify({ address: server.address, signIns, password: demoPassword }))
      const worker = await startJobs({ ...runtime, ...server }, config, toPeople)
      await asked
      await Promise.all([worker.stop(), server.stop()])
    })
  } finally {
    await runtime.close()
  }
}

async function assertNotReal(ctx: Ctx): Promise<void> {
  const state = await occupancy(ctx)
  if (state === 'demonstration' || (state === 'empty' && !(await anyAccountExists(ctx)))) return
  throw new Error(
    'This database holds a real organisation, and the demonstration would mix with it. Set PREAU_DATA_DIR or DATABASE_URL to another one.',
  )
}

function welcome(address: string, signIns: DemoSignIn[], say: Say): void {
  const width = Math.max(...signIns.map(({ email }) => email.length))
  say('')
  say('  Les Communs du Numérique: a demonstration, nothing here is real')
  say('')
  for (const { role, email } of signIns) say(`  ${email.padEnd(width)}  ${role}`)
  say(`  password for all: ${demoPassword}`)
  say('')
  say(`  catalogue  ${address}/catalogue`)
  say(`  API        ${address}/docs`)
  say('')
  say(`Préau answers at ${address}`)
}
