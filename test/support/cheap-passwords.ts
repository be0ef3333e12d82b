/**
 * Passwords are hashed at a fiftieth of their cost, which would be a seventh of the work of all tests; that it is the
 * full one outside of them is seen on a real process. Guesses at once meet each other sooner, too.
 */
import { argon2idCost } from '../../src/platform/argon2id.ts'

Object.assign(argon2idCost, { memory: 1_024, passes: 1 })
