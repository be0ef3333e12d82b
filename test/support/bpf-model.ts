/** The BPF of an organisation counted by hand: loops over plain data, no SQL, none of the report's own rules. */
import type { Period } from '../../src/compliance/bpf.schema.ts'
import type { Funding, Organisation, Session } from './random-organisation.ts'

export type Line = { heads: number; minutes: number }

export type BpfModel = {
  /** `F1/a`, `F3/a.n5`, `F3/total`, `G/total`, `E/internal` … → exact figures; a line without anyone is absent. */
  lines: Map<string, Line>
  /** NSF code of three characters, or `other` where F-4 has no code for it, → exact figures. */
  specialities: Map<string, Line>
  /** `1`, `a` … `11` → exact cents. */
  cents: Map<string, number>
  /** `kind sessionId enrolmentId` of all that is unresolved, sorted. */
  unresolved: string[]
}

const traineeLine = { privateEmployee: 'a', apprentice: 'b', jobSeeker: 'c', selfFunded: 'd', other: 'e' }
const objectiveLine = { rncp: 'a', rs: 'b', cqp: 'c', other: 'd', skillsAssessment: 'e', vae: 'f' }
const levelLine = { 2: 'n2', 3: 'n3', 4: 'n4', 5: 'n5', 6: 'n6-8', 7: 'n6-8', 8: 'n6-8', cqp: 'cqp' }
const incomeLine = {
  employer: '1',
  fundApprenticeship: 'a',
  fundProfessionalisation: 'b',
  fundReconversion: 'c',
  fundTransition: 'd',
  fundCpf: 'e',
  fundJobSeeker: 'f',
  fundSelfEmployed: 'g',
  fundDevelopmentPlan: 'h',
  publicAgents: '3',
  europe: '4',
  state: '5',
  region: '6',
  franceTravail: '7',
  otherPublic: '8',
  individual: '9',
  trainingOrganisation: '10',
  otherIncome: '11',
}

export function bpfModel(organisation: Organisation, period: Period): BpfModel {
  const model: BpfModel = {
    lines: new Map(),
    specialities: new Map(),
    cents: new Map(),
    unresolved: ['inputsMissing'],
  }
  for (const session of organisation.sessions) {
    countLearners(model, session, period)
    countIncome(model, session, period)
    listUnresolved(model, session, period)
  }
  countTrainers(model, organisation, period)
  model.unresolved.sort()
  return model
}

const within = (date: string | null, { from, to }: Period) => date !== null && from <= date && date <= to

function add(lines: Map<string, Line>, key: string, minutes: number): void {
  const line = lines.get(key) ?? { heads: 0, minutes: 0 }
  lines.set(key, { heads: line.heads + 1, minutes: line.minutes + minutes })
}

function minutesIn(learner: Session['learners'][number], period: Period): number {
  let minutes = 0
  for (const mark of learner.marks) if (within(mark.heldOn, period)) minutes += mark.minutes
  return minutes
}

function countLearners({ lines, specialities }: BpfModel, session: Session, period: Period): void {
  if (session.bpfScope === 'excluded') return
  for (const learner of session.learners) {
    const minutes = minutesIn(learner, period)
    if (minutes === 0) continue
    if (session.subcontracting === 'received') {
      add(lines, 'G/total', minutes)
      continue
    }
    if (session.subcontracting === 'givenOut') add(lines, 'F2/total', minutes)
    add(lines, 'F1/total', minutes)
    add(lines, 'F3/total', minutes)
    add(lines, 'F4/total', minutes)
    add(lines, `F1/${learner.traineeType ? traineeLine[learner.traineeType] : 'e'}`, minutes)
    add(lines, `F3/${session.objective ? objectiveLine[session.objective] : 'd'}`, minutes)
    if (session.objective === 'rncp' && session.certificationLevel) {
      add(lines, `F3/a.${levelLine[session.certificationLevel]}`, minutes)
    }
    const nsf = session.nsfCode?.slice(0, 3)
    add(specialities, nsf && nsf !== '340' && nsf !== '999' ? nsf : 'other', minutes)
  }
}

function fundingOf(session: Session): { line: Funding; enrolmentId: string }[] {
  return [
    ...session.funding.map((line) => ({ line, enrolmentId: '' })),
    ...session.learners.flatMap((learner) =>
      learner.funding.map((line) => ({ line, enrolmentId: learner.id })),
    ),
  ]
}

function countIncome({ cents }: BpfModel, session: Session, period: Period): void {
  for (const { line } of fundingOf(session)) {
    if (!within(line.invoicedOn, period)) continue
    const printed = incomeLine[line.source]
    cents.set(printed, (cents.get(printed) ?? 0) + line.cents)
  }
}

function countTrainers({ lines }: BpfModel, { sessions }: Organisation, period: Period): void {
  for (const engagement of ['internal', 'external'] as const) {
    const people = new Set<string>()
    let minutes = 0
    for (const session of sessions) {
      const marks = session.learners.flatMap((learner) => learner.marks)
      for (const slot of session.slots) {
        // Held when its first mark says so, wherever the slot was moved afterwards.
        const [heldOn] = marks.flatMap((mark) => (mark.slotId === slot.id ? [mark.heldOn] : [])).toSorted()
        if (!heldOn || !within(heldOn, period)) continue
        for (const [index, trainer] of session.trainers.entries()) {
          if (slot.trainers.length > 0 && !slot.trainers.includes(index)) continue
          if (trainer.engagement !== engagement) continue
          people.add(trainer.personId)
          minutes += slot.minutes
        }
      }
    }
    if (people.size > 0) lines.set(`E/${engagement}`, { heads: people.size, minutes })
  }
}

function listUnresolved({ unresolved }: BpfModel, session: Session, period: Period): void {
  const say = (kind: string, enrolmentId = '') =>
    unresolved.push([kind, session.id, enrolmentId].join(' ').trim())
  const attended = session.learners.filter((learner) => minutesIn(learner, period) > 0)
  const isIncluded = session.bpfScope === 'included'
  const isReceived = session.subcontracting === 'received'
  if (isIncluded) {
    for (const learner of attended) {
      if (learner.funding.length + session.funding.length === 0) say('noFundingDecision', learner.id)
      if (!isReceived && learner.traineeType === null) say('noTraineeType', learner.id)
    }
  }
  if (isIncluded && !isReceived && attended.length > 0) {
    if (session.nsfCode === null || session.nsfCode === '999') say('noNsfCode')
    if (session.objective === null) say('noObjective')
    if (session.objective === 'rncp' && session.certificationLevel === null) say('noCertificationLevel')
  }
  const wasHeld = session.learners.some((learner) => learner.marks.some((mark) => mark.minutes > 0))
  const mayInvoice = session.status === 'open' || session.status === 'closed' || wasHeld
  const lastDay = session.slots
    .map((slot) => slot.heldOn)
    .sort()
    .at(-1)
  const isOfPeriod = session.slots.some((slot) => within(slot.heldOn, period))
  for (const { line, enrolmentId } of fundingOf(session)) {
    if (line.invoicedOn === null && mayInvoice && lastDay && lastDay <= period.to)
      say('notInvoiced', enrolmentId)
    if (line.invoicedOn === null ? !isOfPeriod : !within(line.invoicedOn, period)) continue
    if (!isIncluded) say('fundingOutOfScope', enrolmentId)
    if ((line.source === 'trainingOrganisation') !== isReceived)
      say('fundingContradictsSubcontracting', enrolmentId)
  }
  if (isMissingMarks(session, period)) say('slotNotMarked')
}

/** Every slot of these organisations has ended. */
function isMissingMarks(session: Session, period: Period): boolean {
  if (session.status === 'draft' || session.status === 'cancelled') return false
  const expected = session.learners.filter(({ status }) => status === 'confirmed' || status === 'completed')
  return session.slots.some(
    (slot) =>
      within(slot.heldOn, period) &&
      expected.some((learner) => !learner.marks.some((mark) => mark.slotId === slot.id)),
  )
}
