/** argon2id (RFC 9106) with the parameters OWASP gives first: 19 MiB, two passes, one lane; about 25 ms. */
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { promisify } from 'node:util'

const derive = promisify(argon2)
const parameters = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 } as const

/** Four at once use the four threads of the pool and 76 MiB; the others wait their turn. */
const mostAtOnce = 4
let running = 0
const waiting: (() => void)[] = []

async function hash(password: string, salt: Buffer): Promise<Buffer> {
  if (running >= mostAtOnce) await new Promise<void>((resolve) => waiting.push(resolve))
  else running++
  try {
    return await derive('argon2id', { message: password.normalize('NFKC'), nonce: salt, ...parameters })
  } finally {
    const next = waiting.shift()
    if (next) next()
    else running--
  }
}

/** PHC string: `$argon2id$v=19$m=19456,t=2,p=1$salt$hash`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(16)
  const tag = await hash(password, salt)
  const { memory, passes, parallelism } = parameters
  return `$argon2id$v=19$m=${memory},t=${passes},p=${parallelism}$${unpadded(salt)}$${unpadded(tag)}`
}

const nobody = `$argon2id$v=19$m=19456,t=2,p=1$${unpadded(Buffer.alloc(16, 1))}$${unpadded(Buffer.alloc(32, 1))}`

/** Without a stored hash (no such account) the same work is done, so that the time tells nothing. */
export async function verifyPassword(password: string, stored: string | null | undefined): Promise<boolean> {
  const [, , , , salt = '', tag = ''] = (stored ?? nobody).split('$')
  const derived = await hash(password, Buffer.from(salt, 'base64'))
  const expected = Buffer.from(tag, 'base64')
  return derived.length === expected.length && timingSafeEqual(derived, expected) && stored != null
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replaceAll('=', '')
}
