/** What it takes to seal a half-day: learners who sign on the trainer's device, a trainer who countersigns. */

import type { Answer, Caller } from '../support/app.ts'
import { aSignature } from '../support/facts.ts'
import type { WorldSession } from '../support/world.ts'

export const slotOf = ({ slots }: WorldSession, slot = 0) => `/api/slots/${slots[slot]?.id}`

const expectOk = (answer: Answer): Answer => {
  if (answer.status >= 300) throw new Error(`${answer.status} ${JSON.stringify(answer.body)}`)
  return answer
}

/** Everybody's own way of drawing a line. */
export const strokesOf = (hand: number) => [...aSignature, [20 + hand, 20, 400, 30 + hand]]

export async function sign(trainer: Caller, held: WorldSession, learner = 0, slot = 0): Promise<Answer> {
  const { enrolmentId } = held.learners[learner] ?? {}
  return trainer.post(`${slotOf(held, slot)}/signatures`, { enrolmentId, strokes: strokesOf(learner) })
}

export const countersign = (trainer: Caller, held: WorldSession, slot = 0) =>
  trainer.post(`${slotOf(held, slot)}/countersignature`, { strokes: strokesOf(100) })

export const seal = (trainer: Caller, held: WorldSession, slot = 0) =>
  trainer.post(`${slotOf(held, slot)}/seal`)

/** All learners have signed, and the trainer. */
export async function signAll(trainer: Caller, held: WorldSession, slot = 0): Promise<void> {
  for (const learner of held.learners.keys()) expectOk(await sign(trainer, held, learner, slot))
  expectOk(await countersign(trainer, held, slot))
}

/** Signed by everybody, and sealed. */
export async function sealSlot(trainer: Caller, held: WorldSession, slot = 0): Promise<Answer> {
  await signAll(trainer, held, slot)
  return expectOk(await seal(trainer, held, slot))
}

/** Marks the learners in their order; the answer is whatever comes. */
export const mark = (who: Caller, held: WorldSession, marks: object[], slot = 0) =>
  who.put(`${slotOf(held, slot)}/attendance`, {
    marks: marks.map((given, index) => ({ enrolmentId: held.learners[index]?.enrolmentId, ...given })),
  })

/** Corrects the first learner's mark of a sealed half-day. */
export const correct = (who: Caller, held: WorldSession, given: object, reason = 'Feuille relue', slot = 0) =>
  who.post(`${slotOf(held, slot)}/addenda`, {
    reason,
    marks: [{ enrolmentId: held.learners[0]?.enrolmentId, ...given }],
  })
