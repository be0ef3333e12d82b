/** Things in the state that a request wants, each made for one request that uses it up. */
import type { Caller } from './app.ts'
import { aSignature } from './facts.ts'
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

type OpenSession = RouteWorld['session']

/** A session of its own whose learner was present in the morning, and has not signed. */
export async function aMarkedMorning(world: RouteWorld): Promise<OpenSession> {
  const session = await anOpenSession(world)
  const marks = [{ enrolmentId: session.enrolmentId, status: 'present' }]
  made(await world.callers.trainer.put(`/api/slots/${session.slotIds[0]}/attendance`, { marks }))
  return session
}

/** The trainer has said why the learner did not sign, and has signed. */
export async function aSignedMorning(world: RouteWorld): Promise<OpenSession> {
  const { trainer } = world.callers
  const session = await aMarkedMorning(world)
  const path = `/api/slots/${session.slotIds[0]}`
  const { enrolmentId } = session
  made(await trainer.post(`${path}/waivers`, { enrolmentId, reasonCode: 'unable' }))
  made(await trainer.post(`${path}/countersignature`, { strokes: aSignature }))
  return session
}

export async function aSealedMorning(world: RouteWorld): Promise<OpenSession> {
  const session = await aSignedMorning(world)
  made(await world.callers.trainer.post(`/api/slots/${session.slotIds[0]}/seal`))
  return session
}

export async function aDraftTraining(admin: Caller): Promise<string> {
  return made(await admin.post('/api/trainings', { code: `DRAFT-${next()}`, ...aTraining })).id
}
