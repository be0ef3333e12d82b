/** A session that was held, marked and closed: what certificates are issued for. */
import type { Caller, TestApp } from '../support/app.ts'
import { addSession, closeSession, type SessionFacts, type WorldSession } from '../support/world.ts'

/** Marks everyone, slot by slot: 'present', 'absent' or minutes; learners beyond the list were present. */
export async function heldSession(
  app: TestApp,
  admin: Caller,
  facts: SessionFacts = {},
  marks: readonly (readonly (string | number)[])[] = [],
): Promise<WorldSession> {
  const session = await addSession(app, facts)
  for (const [index, slot] of session.slots.entries()) {
    const { status, body } = await admin.put(`/api/slots/${slot.id}/attendance`, {
      marks: session.learners.map(({ enrolmentId }, learner) => {
        const mark = marks[index]?.[learner] ?? 'present'
        return typeof mark === 'number'
          ? { enrolmentId, status: 'partial', attendedMinutes: mark }
          : { enrolmentId, status: mark }
      }),
    })
    if (status !== 200) throw new Error(JSON.stringify(body))
  }
  await closeSession(app, session.id)
  return session
}
