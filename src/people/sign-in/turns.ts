import { createTurns } from '../../platform/turns.ts'

/**
 * Guesses from one network take turns. Each costs the work of an argon2 hash, and what it finds counted when its turn
 * comes is what it is judged by: a thousand sent at once are a few answers and then refusals that cost nothing, and
 * nobody elsewhere waits behind them. Four, which are more than are hashed at once: one network alone is not slowed down.
 */
export const inTurn = createTurns(4)
