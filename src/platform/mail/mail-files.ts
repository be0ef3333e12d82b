/** Without a mail server: each mail becomes a file that mail programs open (`.eml`). */
import { randomUUID } from 'node:crypto'
import { mkdir, open, rename, rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Transport } from './transport.ts'

/** Writes into `folder`, which only this user can enter; a file is there whole or not at all. */
export function fileTransport(folder: string): Transport {
  return async (message) => {
    const unfinished = join(folder, `.${randomUUID()}.part`)
    try {
      await mkdir(folder, { recursive: true, mode: 0o700 })
      await writeThrough(unfinished, message.bytes)
      await rename(unfinished, join(folder, message.fileName))
      return { outcome: 'sent' }
    } catch (error) {
      await rm(unfinished, { force: true }).catch(() => {})
      return { outcome: 'later', code: `file/${codeOf(error)}` }
    }
  }
}

/** On the disk before the mail counts as sent. */
async function writeThrough(path: string, bytes: Buffer): Promise<void> {
  const file = await open(path, 'wx', 0o600)
  try {
    await file.writeFile(bytes)
    await file.sync()
  } finally {
    await file.close()
  }
}

function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : 'error'
}
