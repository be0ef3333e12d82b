/** Attendance in which every kind of event has happened, through the public door. */
import { eventBody } from '../../src/attendance/ledger/ledger-event.ts'
import { exampleRequest } from './example-requests.ts'
import { sendRequest } from './route-sending.ts'
import { anOpenSession, made, type RouteWorld } from './route-world.ts'

/** What can be in a ledger, read from its schema: a kind that comes tomorrow is among them. */
export const eventKinds = eventBody.options[0].options.map((option) => option.shape.kind.value)

/** The routes that record, in this order. */
const recording = [
  'PUT /api/slots/{id}/attendance',
  'POST /api/slots/{id}/signatures',
  'POST /api/signing/{token}/signatures',
  'POST /api/slots/{id}/countersignature',
  'POST /api/slots/{id}/waivers',
  'POST /api/slots/{id}/seal',
  'POST /api/slots/{id}/addenda',
  'POST /api/sessions/{id}/scans',
  'POST /api/scans/{id}/signatures',
  'POST /api/slots/{id}/connection-log',
  'PUT /api/slots/{id}/connection-log/matches',
  'PUT /api/enrolments/{id}/activities/{activityId}',
  'POST /api/attendance/events',
]

/** Several events in one session, also a half-day cancelled after it was marked. */
export async function everyEvent(world: RouteWorld): Promise<void> {
  for (const name of recording) made(await sendRequest(name, await exampleRequest(name, world)))
  const { admin } = world.callers
  const { slotIds, enrolmentId } = await anOpenSession(world)
  const marks = [{ enrolmentId, status: 'present', note: 'Arrivée la première' }]
  made(await admin.put(`/api/slots/${slotIds[0]}/attendance`, { marks }))
  made(await admin.post(`/api/slots/${slotIds[0]}/cancel`, { reason: 'Salle inondée' }))
}
