/** What people ask of Préau in a day, by turns: reading, marking, enrolling, certificates, the BPF. */
import { addLearners, addPerson, addSession, beginWorld } from './world.ts'

const halfDays = 200

/** Prepares an organisation; the work does one request, another one for each number. */
export async function workload(address: string): Promise<(number: number) => Promise<unknown>> {
  const world = await beginWorld(address)
  const { boss } = world
  const trainer = await addPerson(world, 'trainer', 'Formatrice')
  const running = await addSession(world, { trainer, from: '2025-01-06', halfDays, capacity: 12 })
  const learners = await addLearners(world, running, 12)
  const marksOf = (ids: readonly string[]) => ids.map((enrolmentId) => ({ enrolmentId, status: 'present' }))
  const held = await addSession(world, { trainer, from: '2025-01-06', halfDays: 2, capacity: 12 })
  const completed = await addLearners(world, held, 12)
  for (const slotId of held.slotIds)
    await boss.put(`/api/slots/${slotId}/attendance`, { marks: marksOf(completed) })
  await boss.post(`/api/sessions/${held.id}/close`)
  const { issued } = await boss.post(`/api/sessions/${held.id}/certificates`)
  const open = await addSession(world, { trainer, from: '2099-01-05', halfDays: 2, capacity: 20 })

  const kinds: ((turn: number) => Promise<unknown>)[] = [
    () => boss.get('/api/catalogue?limit=20'),
    () => boss.get('/api/catalogue?q=conception'),
    () => trainer.caller.get(`/api/sessions/${running.id}`),
    () => trainer.caller.get(`/api/sessions/${running.id}/attendance`),
    () => boss.get('/api/people?limit=50'),
    (turn) =>
      trainer.caller.put(`/api/slots/${running.slotIds[turn % halfDays]}/attendance`, {
        marks: marksOf(learners),
      }),
    () => addLearners(world, open, 1),
    (turn) => boss.fetch(`/api/certificates/${issued[turn % issued.length].id}/pdf`),
    () => boss.get('/api/reports/bpf?from=2025-01-01&to=2025-12-31'),
    () => boss.get('/api/me'),
  ]
  return (number) => {
    const kind = kinds[number % kinds.length]
    return kind ? kind(Math.floor(number / kinds.length)) : Promise.resolve()
  }
}
