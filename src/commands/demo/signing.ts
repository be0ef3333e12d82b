/** Half-days of the demonstration, signed when they were held: the clock of the verbs is set back for it. */
import { countersign } from '../../attendance/sealing/countersigning.ts'
import { sealSlot } from '../../attendance/sealing/sealing.service.ts'
import { signSlot } from '../../attendance/signing/signature.service.ts'
import type { Ctx, TrxCtx } from '../../platform/ctx.ts'
import type { Player } from './cast.ts'

type HalfDay = { id: string; startsAt: Temporal.Instant; endsAt: Temporal.Instant }

/** Learners who were there, each on their own phone within a quarter of an hour. */
export async function signHalfDay(
  ctx: TrxCtx,
  { id, startsAt }: HalfDay,
  learners: readonly Player[],
): Promise<void> {
  for (const [index, learner] of learners.entries()) {
    const strokes = handwriting(learner.personId, id)
    await signSlot(as(ctx, learner, startsAt.add({ seconds: 60 + index * 77 })), id, { strokes })
  }
}

/** The trainer countersigns at the end, and seals a little later. */
export async function closeHalfDay(ctx: TrxCtx, { id, endsAt }: HalfDay, trainer: Player): Promise<void> {
  await countersign(as(ctx, trainer, endsAt), id, { strokes: handwriting(trainer.personId, id) })
  await sealSlot(as(ctx, trainer, endsAt.add({ minutes: 4 })), id)
}

function as(ctx: TrxCtx, { accountId, personId }: Player, now: Temporal.Instant): Ctx & TrxCtx {
  const actor = { kind: 'account' as const, accountId, personId, roleGrants: [] }
  return { ...ctx, actor, now: () => now }
}

/** A person's signature: a few loops and a flourish that are theirs, never drawn twice exactly alike. */
function handwriting(personId: string, occasion: string): number[][] {
  const style = numbersOf(personId)
  const hand = numbersOf(personId + occasion)
  const [left, loops] = [120 + style() * 120, 3 + Math.floor(style() * 4)]
  const [lean, height, pace] = [style() * 60, 60 + style() * 70, 0.9 + style() * 0.5]
  const steps = loops * 9
  const name = Array.from({ length: steps }, (_, step) => {
    const turn = (step / 9) * 2 * Math.PI * pace
    const falling = 1 - step / (steps * 1.4)
    const x = left + (step / steps) * 560 + Math.sin(turn) * (30 + lean * falling) + hand() * 6
    const y = 190 - Math.cos(turn + lean) * height * falling + hand() * 6
    return [x, y]
  })
  const flourish = Array.from({ length: 8 }, (_, step) => [
    left + 20 + step * 75,
    300 - Math.sin(step / 2 + lean) * 16 + hand() * 5,
  ])
  return [name, ...(style() > 0.4 ? [flourish] : [])].map((stroke) =>
    stroke
      .flat()
      .map((value, index) => Math.round(Math.min(index % 2 === 0 ? 1_000 : 400, Math.max(0, value)))),
  )
}

/** Numbers from 0 to 1 that are always the same for the same text (xorshift). */
function numbersOf(text: string): () => number {
  let state = 2_166_136_261
  for (const character of text) state = Math.imul(state ^ (character.codePointAt(0) ?? 0), 16_777_619)
  return () => {
    state ^= state << 13
    state ^= state >>> 17
    state ^= state << 5
    return (state >>> 0) / 2 ** 32
  }
}
