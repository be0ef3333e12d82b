/** argon2id (RFC 9106) in one lane, for what people choose themselves and others might guess. */
import { argon2 } from 'node:crypto'
import { promisify } from 'node:util'
import { createTurns } from './turns.ts'

const derive = promisify(argon2)

/** `memory` in KiB. */
export type Argon2idCost = { memory: number; passes: number }

/**
 * What OWASP gives first: 46 MiB, one pass; about 40 ms. Its equal, 19 MiB and two passes, takes 25, but glibc gives
 * back to the system at once only what is larger than 32 MiB: of the smaller blocks a process kept 140 MB for good.
 */
export const argon2idCost: Argon2idCost = { memory: 47_104, passes: 1 }

/** Two at once use 92 MiB, and leave two threads of the pool to files and compression; the others wait their turn. */
const inTurn = createTurns(2)

/** 32 bytes. What may be guessed, such as a password, costs as much at each guess. */
export async function argon2id(message: string, salt: Buffer, cost = argon2idCost): Promise<Buffer> {
  return inTurn('hashing', () =>
    derive('argon2id', { message, nonce: salt, tagLength: 32, parallelism: 1, ...cost }),
  )
}
