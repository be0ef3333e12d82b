/** A small organisation with every difficulty of the BPF, whose figures are counted by hand in the test. */
import { newId } from '../../src/platform/ids.ts'
import type { Funding, Learner, Organisation, Session, Slot } from './random-organisation.ts'

function slot(heldOn: string, minutes: number, startHour = 7): Slot {
  return { id: newId(), heldOn, startHour, minutes, trainers: [] }
}

function funding(source: Funding['source'], cents: number, invoicedOn: string | null): Funding {
  return { id: newId(), source, cents, invoicedOn }
}

function learner(
  personId: string,
  traineeType: Learner['traineeType'],
  marks: [Slot, number][],
  lines: Funding[] = [],
  status: Learner['status'] = 'completed',
): Learner {
  return {
    id: newId(),
    personId,
    status,
    traineeType,
    marks: marks.map(([{ id, heldOn }, minutes]) => ({ slotId: id, heldOn, minutes })),
    funding: lines,
  }
}

function session(reference: string, plan: Partial<Session>): Session {
  return {
    id: newId(),
    reference: `${reference}-${newId()}`,
    status: 'closed',
    bpfScope: 'included',
    subcontracting: 'none',
    objective: 'other',
    certificationLevel: null,
    nsfCode: '326',
    slots: [],
    trainers: [],
    learners: [],
    funding: [],
    ...plan,
  }
}

/** The sessions by name, and the organisation they make. */
export function bpfExample() {
  const personIds = Array.from({ length: 7 }, () => newId())
  const [nadia = '', yann = '', rose = '', anne = '', marc = '', lea = ''] = personIds
  const inside = (personId: string) => ({ id: newId(), personId, engagement: 'internal' as const })
  const outside = (personId: string) => ({ id: newId(), personId, engagement: 'external' as const })

  const eve = slot('2024-12-31', 240)
  const january = slot('2025-01-02', 210)
  const straddling = session('A', {
    objective: 'rncp',
    certificationLevel: '6',
    nsfCode: '326t',
    slots: [eve, january],
    trainers: [inside(nadia), outside(yann)],
    learners: [
      learner(
        anne,
        'privateEmployee',
        [
          [eve, 240],
          [january, 210],
        ],
        [funding('employer', 1_200_50, '2025-02-01')],
      ),
      learner(
        marc,
        'jobSeeker',
        [
          [eve, 240],
          [january, 0],
        ],
        [funding('franceTravail', 800_00, '2024-12-31')],
      ),
      learner(lea, null, [[january, 100]]),
    ],
  })

  const march = slot('2025-03-03', 180)
  const givenOut = session('B', {
    subcontracting: 'givenOut',
    objective: 'rs',
    nsfCode: '313',
    slots: [march],
    trainers: [outside(yann)],
    learners: [
      learner(
        anne,
        'selfFunded',
        [[march, 45]],
        [funding('individual', 300_49, '2025-03-10'), funding('individual', -100_00, '2025-04-01')],
        'abandoned',
      ),
      learner(marc, 'apprentice', [[march, 180]], [funding('fundApprenticeship', 500_50, '2025-05-05')]),
    ],
  })

  const june = slot('2025-06-02', 200)
  const received = session('C', {
    subcontracting: 'received',
    objective: null,
    nsfCode: null,
    slots: [june],
    trainers: [inside(nadia)],
    learners: [learner(anne, 'other', [[june, 200]])],
    funding: [funding('trainingOrganisation', 1_000_50, '2025-06-30')],
  })

  const july = slot('2025-07-01', 90)
  const outOfScope = session('D', {
    bpfScope: 'excluded',
    slots: [july],
    trainers: [inside(nadia), inside(rose)],
    learners: [learner(anne, 'other', [[july, 90]]), learner(marc, 'other', [[july, 90]])],
    funding: [funding('employer', 50_00, null)],
  })

  const first = slot('2025-09-01', 60)
  const second = slot('2025-09-02', 60)
  const cancelled = session('E', {
    status: 'cancelled',
    objective: 'vae',
    nsfCode: '340',
    slots: [first, second],
    trainers: [outside(rose)],
    learners: [
      learner(anne, 'other', [[first, 60]], [funding('fundCpf', 250_00, '2026-01-15')], 'cancelled'),
    ],
  })

  const december = slot('2025-12-31', 30)
  const unknownLevel = session('F', {
    objective: 'rncp',
    nsfCode: '100',
    slots: [december],
    trainers: [outside(yann)],
    learners: [learner(anne, 'privateEmployee', [[december, 30]], [funding('employer', 49, '2025-12-31')])],
  })

  const sessions = { straddling, givenOut, received, outOfScope, cancelled, unknownLevel }
  const organisation: Organisation = { personIds, sessions: Object.values(sessions) }
  return {
    ...sessions,
    organisation,
    slots: { eve, january },
    people: { nadia, yann, rose, anne, marc, lea },
  }
}
