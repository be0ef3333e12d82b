/**
 * The end of a backup: 64 characters that are the SHA-256 of every byte before them. They stand in the comment that a
 * ZIP file may carry, so that any program opens it, and one bit changed anywhere, or one byte missing, shows.
 */
import { createHash } from 'node:crypto'
import { createReadStream } from 'node:fs'

const sealBytes = 64

/** The ZIP file's comment, with room for the seal. */
export const comment = `Preau backup. The last 64 characters are the SHA-256 of all bytes before them: ${'0'.repeat(sealBytes)}`

export type Sealed = {
  /** Of the whole file, as `sha256sum` prints it. */
  sha256: string
  bytes: number
}

/** Passes the bytes of a ZIP file with `comment` on, with its seal in place; calls `done` at the end. */
export async function* sealed(
  source: AsyncIterable<Buffer>,
  done: (sealed: Sealed) => void,
): AsyncGenerator<Buffer> {
  const hash = createHash('sha256')
  let bytes = 0
  let held: Buffer = Buffer.alloc(0)
  for await (const chunk of source) {
    const all = Buffer.concat([held, chunk])
    const passed = all.subarray(0, Math.max(0, all.length - sealBytes))
    held = all.subarray(passed.length)
    if (passed.length === 0) continue
    hash.update(passed)
    bytes += passed.length
    yield passed
  }
  const seal = Buffer.from(hash.copy().digest('hex'))
  yield seal
  done({ sha256: hash.update(seal).digest('hex'), bytes: bytes + seal.length })
}

/** Undefined when the file is not as it was when it was sealed. */
export async function readSealed(file: string): Promise<Sealed | undefined> {
  const hash = createHash('sha256')
  let bytes = 0
  let held: Buffer = Buffer.alloc(0)
  for await (const chunk of createReadStream(file)) {
    const all = Buffer.concat([held, chunk])
    hash.update(all.subarray(0, Math.max(0, all.length - sealBytes)))
    held = all.subarray(Math.max(0, all.length - sealBytes))
    bytes += chunk.length
  }
  if (held.toString('latin1') !== hash.copy().digest('hex')) return undefined
  return { sha256: hash.update(held).digest('hex'), bytes }
}
