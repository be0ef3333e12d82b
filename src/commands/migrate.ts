/** `preau migrate`: applies what is missing, under a lock that a second `migrate` waits for. */
import type { Config } from '../config.ts'
import { openRuntime, type Say } from './runtime.ts'

/** Says what was applied; a database that is up to date is no error. */
export async function migrate(config: Config, say: Say, json: boolean): Promise<void> {
  const runtime = await openRuntime(config, { migrateServed: true })
  await runtime.close()
  const { migrated } = runtime
  if (json) say(JSON.stringify({ migrated }))
  else say(migrated.length === 0 ? 'The database was up to date' : `Applied: ${migrated.join(', ')}`)
}
