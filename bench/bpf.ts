/** The BPF of a large exercise beside a hand-written aggregate of the same rows. */
import { deepStrictEqual } from 'node:assert/strict'
import { type BpfFigures, printFrames } from '../src/compliance/bpf.rules.ts'
import { type Caller, send, signIn } from './http.ts'
import { compare, type Figure, timed } from './measure.ts'
import { fill, withStore } from './postgres.ts'
import { admin, withBare, withPreau } from './processes.ts'

const rounds = { warmUp: 1, counted: 7 }
const exercise = 'from=2025-01-01&to=2025-12-31'
const inputs = {
  turnoverCents: 7_000_000_000,
  expenses: { totalCents: 6_000_000_000, trainersPayCents: 2_000_000_000, purchasesCents: 1_500_000_000 },
}

export async function bpfFigures(): Promise<Figure[]> {
  return withStore(async (store) => {
    await fill(store, 'exercise.sql')
    return withPreau({ DATABASE_URL: store.url }, (preau) =>
      withBare(store.url, {}, async (bare) => {
        const boss = await signIn(preau.address, admin.email, admin.password)
        await boss.put(`/api/reports/bpf/inputs?${exercise}`, inputs)
        await assertSameFigures(boss, bare)
        const compared = await compare(rounds, {
          ours: () => timed(() => boss.get(`/api/reports/bpf?${exercise}`)),
          bare: () => timed(() => send(bare, { path: `/bpf?${exercise}` })),
        })
        const what = 'BPF of 100,000 enrolments, 600,000 marks (bare: hand-written aggregate)'
        return [{ what, unit: 'ms', ...compared, aim: { ratio: 1.5 } }]
      }),
    )
  })
}

/** Both sides count the same: else one of them would be fast by counting something else. */
async function assertSameFigures(boss: Caller, bare: string): Promise<void> {
  const report = await boss.get(`/api/reports/bpf?${exercise}`)
  const counted: Omit<BpfFigures, 'inputs'> = JSON.parse(
    (await send(bare, { path: `/bpf?${exercise}` })).text,
  )
  deepStrictEqual(report.frames, printFrames({ ...counted, inputs }))
}
