/** Sessions with the terms that enrolment asks about, and people to fill them. */
import type { Approval } from '../../src/planning/planning.schema.ts'
import { newId } from '../../src/platform/ids.ts'
import type { Caller, TestApp } from '../support/app.ts'
import { addSession, type SessionFacts, type WorldSession } from '../support/world.ts'

export const beforeStart = '2026-03-01T12:00:00Z'
export const afterStart = '2026-03-02T08:00:00Z'
export const afterEnd = '2026-03-02T17:00:00Z'

export type Terms = SessionFacts & { capacity?: number; approval?: Approval; privateClientId?: string }

/** An open public session of 2 March 2026, 9:00 to 17:30 in Paris, without learners unless told otherwise. */
export async function aSession(app: TestApp, facts: Terms = {}): Promise<WorldSession> {
  const { capacity = 10, approval = 'automatic', privateClientId = null, ...rest } = facts
  const session = await addSession(app, { visibility: 'public', learners: 0, ...rest })
  await app.deps.db
    .updateTable('trainingSession')
    .set({ capacity, approval, privateClientId, lastWaitingPlace: 100 })
    .where('id', '=', session.id)
    .execute()
  return session
}

/** People without an account. */
export async function somePeople(app: TestApp, count: number): Promise<string[]> {
  const createdAt = Temporal.Instant.from('2026-01-05T08:00:00Z')
  const people = Array.from({ length: count }, (_, index) => ({
    id: newId(),
    createdAt,
    updatedAt: createdAt,
    firstName: 'Maël',
    lastName: `Riou-${index + 1}`,
  }))
  await app.deps.db.insertInto('person').values(people).execute()
  return people.map((person) => person.id)
}

export async function aClient(app: TestApp, name: string): Promise<string> {
  const createdAt = Temporal.Instant.from('2026-01-05T08:00:00Z')
  const client = { id: newId(), createdAt, updatedAt: createdAt, kind: 'company' as const, name }
  await app.deps.db.insertInto('client').values(client).execute()
  return client.id
}

/** Enrols people one after the other and returns their enrolments in that order. */
export async function enrolInTurn(admin: Caller, sessionId: string, personIds: readonly string[]) {
  const enrolled = []
  for (const personId of personIds) {
    const { body } = await admin.post(`/api/sessions/${sessionId}/enrolments`, {
      personId,
      traineeType: 'other',
    })
    enrolled.push(body as { id: string; personId: string; status: string; waitlistPosition: number | null })
  }
  return enrolled
}

/** Status and waiting place of every enrolment of a session, by id. */
export async function stateOf(app: TestApp, sessionId: string) {
  const rows = await app.deps.db
    .selectFrom('enrolment')
    .select(['id', 'personId', 'status', 'waitingPlace', 'version'])
    .where('sessionId', '=', sessionId)
    .execute()
  return new Map(rows.map((row) => [row.id, row]))
}

/** What the audit says of a subject, in order. */
export async function auditOf(app: TestApp, subjectId: string) {
  return app.deps.db
    .selectFrom('auditEntry')
    .select(['action', 'changes'])
    .where('subjectId', '=', subjectId)
    .orderBy('sequence')
    .execute()
}
