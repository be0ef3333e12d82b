/** A process of its own that starts the embedded database, reports in lines of JSON and stops it when told. */
import { createInterface } from 'node:readline'

const { options, surroundings, account, platform, mask, leaves } = JSON.parse(process.argv[2] ?? '{}')

function say(message: unknown): void {
  process.stdout.write(`${JSON.stringify(message)}\n`)
}

process.on('SIGINT', () => say({ interrupted: true }))
if (platform) Object.defineProperty(process, 'platform', { value: platform })
if (mask !== undefined) process.umask(mask)
const { startEmbeddedDatabase } = await import('../../src/platform/db/embedded.ts')
// An ordinary user, for good. Only now, because the code may lie where none but root can read it.
if (account) {
  process.setgroups?.([])
  process.setgid?.(account.gid)
  process.setuid?.(account.uid)
}

try {
  const log = (line: string) => say({ log: line })
  const database = await startEmbeddedDatabase({ ...options, log }, surroundings)
  say({ database })
  if (!leaves) {
    const lines = createInterface(process.stdin)
    lines.once('line', async () => {
      await database.stop()
      say({ stopped: true })
    })
    lines.once('close', () => process.exit())
  }
} catch (error) {
  say({ error: error instanceof Error ? { name: error.name, message: error.message } : error })
}
