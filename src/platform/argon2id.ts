/** argon2id (RFC 9106) with the parameters OWASP gives first: 19 MiB, two passes, one lane; about 25 ms. */
import { argon2 } from 'node:crypto'
import { promisify } from 'node:util'

const derive = promisify(argon2)
export const argon2idCost = { memory: 19_456, passes: 2, parallelism: 1 } as const

/** Four at once use the four threads of the pool and 76 MiB; the others wait their turn. */
const mostAtOnce = 4
let running = 0
const waiting: (() => void)[] = []

/** 32 bytes. What may be guessed, such as a password, costs as much at each guess. */
export async function argon2id(message: string, salt: Buffer): Promise<Buffer> {
  if (running >= mostAtOnce) await new Promise<void>((resolve) => waiting.push(resolve))
  else running++
  try {
    return await derive('argon2id', { message, nonce: salt, tagLength: 32, ...argon2idCost })
  } finally {
    const next = waiting.shift()
    if (next) next()
    else running--
  }
}
