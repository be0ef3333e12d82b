/** Things in the state that a request wants, each made for one request that uses it up. */
import type { Caller } from './app.ts'
import { anOpenSession, aSession, aTraining, made, type RouteWorld } from './route-world.ts'

let count = 0

/** A number that nothing else has. */
export const next = () => ++count

/** A session of its own with another learner waiting to be decided on. */
export async function anEnrolment(world: RouteWorld, session?: { id: string }): Promise<string> {
  const { admin } = world.callers
  const { id } = session ?? (await anOpenSession(world))
  const person = { firstName: 'Inès', lastName: `Caron-${next()}` }
  return made(await admin.post(`/api/sessions/${id}/enrolments`, { person, traineeType: 'other' })).id
}

/** A session where approval is by hand, and a request in it. */
export async function aRequest(world: RouteWorld): Promise<string> {
  const { admin } = world.callers
  const { id } = made(await admin.post('/api/sessions', { ...aSession(world), approval: 'manual' }))
  made(await admin.post(`/api/sessions/${id}/open`))
  return anEnrolment(world, { id })
}

/** Open, and every learner marked in every slot. */
export async function aHeldSession(world: RouteWorld): Promise<string> {
  const { id, slotIds, enrolmentId } = await anOpenSession(world)
  const marks = [{ enrolmentId, status: 'present' }]
  for (const slotId of slotIds)
    made(await world.callers.admin.put(`/api/slots/${slotId}/attendance`, { marks }))
  return id
}

export async function aDraftTraining(admin: Caller): Promise<string> {
  return made(await admin.post('/api/trainings', { code: `DRAFT-${next()}`, ...aTraining })).id
}
