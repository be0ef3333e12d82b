/** The attendance of sessions that were held, from the file of attendance: whatever it needs is made when new. */
import { markKey } from '../../attendance/ledger/ledger-fold.ts'
import { createArchivedTraining } from '../../catalogue/catalogue.service.ts'
import { ensureClients } from '../../organisation/clients-in-bulk.ts'
import { changeClient, readTimeZone } from '../../organisation/organisation.service.ts'
import { addPeople } from '../../people/people-in-bulk.ts'
import type { TrxCtx } from '../../platform/ctx.ts'
import { fold } from '../../platform/fold.ts'
import { Problem } from '../../platform/problem.ts'
import { sum } from '../../platform/sum.ts'
import type { AttendanceRow } from './attendance.csv.ts'
import { groupSessions, type ImportedSession } from './attendance-sessions.ts'
import * as queries from './import.queries.ts'
import { knownPerson } from './import-people.ts'
import { certain, type Run } from './import-run.ts'
import { matchPeople, personKey, type WantedPerson } from './people-matching.ts'
import { sessionProblems } from './problem-lines.ts'
import type { Line } from './rows.ts'
import { beginning, checkSession, type StandingSession } from './session-comparison.ts'
import { chooseTraining, isHeldBy, type TrainingChoice } from './session-training.ts'
import { type World, writeSession } from './session-writing.ts'

/** Looks at every line before it writes any; what only a service can refuse is said for all sessions together. */
export async function bringAttendance(
  ctx: TrxCtx,
  rows: readonly Line<AttendanceRow>[],
  run: Run,
): Promise<void> {
  const { sessions, problems } = groupSessions(rows)
  run.problems.push(...problems)
  const standing = await loadSessions(ctx, sessions)
  const choices = await checkSessions(ctx, sessions, standing, run)
  const people = await matchEverybody(ctx, sessions, run)
  if (run.problems.length > 0) return
  const world: World = {
    ...(await makePeople(ctx, people, run)),
    versionOf: await makeTrainings(ctx, choices, run),
    clientIdOf: await makeClients(ctx, sessions, run),
  }
  for (const session of sessions) {
    try {
      await writeSession(ctx, session, standing.get(session.reference.toLowerCase()), world, run)
    } catch (error) {
      // Thrown by a rule, not by the database: the transaction goes on, so that all lines are said at once.
      if (!(error instanceof Problem)) throw error
      run.problems.push(...sessionProblems(error, session))
    }
    run.progress(sum(session.learners.map((learner) => learner.marks.length)))
  }
}

/** The sessions of the file that stand, locked, by reference, with all that is in them. */
async function loadSessions(
  ctx: TrxCtx,
  sessions: readonly ImportedSession[],
): Promise<Map<string, StandingSession>> {
  const found = await queries.lockSessions(
    ctx.db,
    sessions.map((session) => session.reference),
  )
  const ids = found.map((session) => session.id)
  const bySession = <Row extends { sessionId: string }>(rows: Row[]) =>
    Map.groupBy(rows, (row) => row.sessionId)
  const slots = bySession(await queries.listSlotsOfSessions(ctx.db, ids))
  const trainers = bySession(await queries.listTrainersOfSessions(ctx.db, ids))
  const enrolments = bySession(await queries.listEnrolmentsOfSessions(ctx.db, ids))
  const marks = new Map((await queries.listMarksOfSessions(ctx.db, ids)).map((mark) => [markKey(mark), mark]))
  return new Map(
    found.map((session) => {
      const own = slots.get(session.id) ?? []
      const standing: StandingSession = {
        session,
        slots: own,
        slotsByBeginning: new Map(own.map((slot) => [beginning(slot, session.timeZone), slot])),
        trainers: trainers.get(session.id) ?? [],
        enrolments: enrolments.get(session.id) ?? [],
        marks,
      }
      return [session.reference.toLowerCase(), standing]
    }),
  )
}

/** Refuses what no session can be, and finds the training of each that is new, by the folded cell. */
async function checkSessions(
  ctx: TrxCtx,
  sessions: readonly ImportedSession[],
  standing: ReadonlyMap<string, StandingSession>,
  run: Run,
): Promise<Map<string, TrainingChoice>> {
  const trainings = await queries.listTrainings(ctx.db)
  const timeZone = await readTimeZone(ctx)
  const choices = new Map<string, TrainingChoice>()
  for (const session of sessions) {
    const cell = session.training
    const before = standing.get(session.reference.toLowerCase())
    const isOwn: Parameters<typeof checkSession>[2]['isHeldBy'] = (one) => isHeldBy(cell, one, trainings)
    checkSession(session, before, { now: ctx.now(), timeZone, isHeldBy: isOwn }, run.refuse)
    if (before) continue
    const choice = choices.get(fold(cell)) ?? chooseTraining(cell, trainings)
    choices.set(fold(cell), choice)
    if (choice.kind === 'doubt') run.refuse(session.line, 'formation', choice.reason)
  }
  return choices
}

type MatchedPeople = {
  wanted: WantedPerson[]
  /** Undefined for whom nobody knows yet. */
  personIds: (string | undefined)[]
  /** The first of those who are the same new person. */
  sameAs: number[]
  employers: Map<string, string | null>
}

/** Everybody named in the file, once, and who that is. */
async function matchEverybody(
  ctx: TrxCtx,
  sessions: readonly ImportedSession[],
  run: Run,
): Promise<MatchedPeople> {
  const firstLines = new Map<string, { person: WantedPerson; line: number; column: string | undefined }>()
  const meet = (person: WantedPerson, line: number, column?: string) => {
    if (!firstLines.has(personKey(person))) firstLines.set(personKey(person), { person, line, column })
  }
  for (const session of sessions) {
    for (const learner of session.learners) meet(learner, learner.line)
    for (const slot of session.slots) for (const one of slot.trainers) meet(one, slot.line, 'formateur')
  }
  const met = [...firstLines.values()]
  const wanted = met.map(({ person: { firstName, lastName, email } }) => ({ firstName, lastName, email }))
  const everybody = await queries.listAllPeople(ctx.db)
  const matches = matchPeople(everybody.map(knownPerson), wanted, { distinct: false })
  for (const [index, match] of matches.entries()) {
    const { line = 0, column } = met[index] ?? {}
    if (match.kind === 'doubt') run.refuse(line, column ?? match.column, match.reason)
  }
  return {
    wanted,
    personIds: matches.map((match) => (match.kind === 'known' ? match.personId : undefined)),
    sameAs: matches.map((match, index) => (match.kind === 'new' ? match.as : index)),
    employers: new Map(everybody.map((person) => [person.id, person.employerClientId])),
  }
}

/** Makes those whom nobody knows. */
async function makePeople(
  ctx: TrxCtx,
  { wanted, personIds, sameAs, employers }: MatchedPeople,
  run: Run,
): Promise<Pick<World, 'personIdOf' | 'employerOf'>> {
  const fresh = wanted.flatMap((person, index) =>
    personIds[index] === undefined && sameAs[index] === index ? [{ person, index }] : [],
  )
  const newIds = await addPeople(
    ctx,
    fresh.map(({ person }) => person),
  )
  run.also('people', fresh.length)
  const idOfNew = new Map(fresh.map(({ index }, position) => [index, newIds[position]]))
  const ids = new Map(
    wanted.map((person, index) => [
      personKey(person),
      personIds[index] ?? idOfNew.get(sameAs[index] ?? index),
    ]),
  )
  return {
    personIdOf: (person) => certain(ids.get(personKey(person)), 'a person'),
    employerOf: (personId) => employers.get(personId) ?? null,
  }
}

/** Archives the trainings that the catalogue does not know, one for each title. */
async function makeTrainings(
  ctx: TrxCtx,
  choices: ReadonlyMap<string, TrainingChoice>,
  run: Run,
): Promise<World['versionOf']> {
  const versions = new Map<string, ReturnType<World['versionOf']>>()
  for (const [cell, choice] of choices) {
    if (choice.kind === 'standing') versions.set(cell, { id: choice.versionId, modality: choice.modality })
    if (choice.kind !== 'archive') continue
    const { versionId } = await createArchivedTraining(ctx, choice.training)
    versions.set(cell, { id: versionId, modality: choice.training.modality ?? null })
    run.also('archivedTrainings', 1)
  }
  return (cell) => certain(versions.get(fold(cell)), 'a training')
}

/** The other OF of each subcontracted session. A company of that name is one: the file is the first to say so. */
async function makeClients(
  ctx: TrxCtx,
  sessions: readonly ImportedSession[],
  run: Run,
): Promise<World['clientIdOf']> {
  const ids = new Map<string, string>()
  const subcontracted = sessions.flatMap(({ line, subcontracting: { organisationName: name } }) =>
    name === null ? [] : [{ line, name, kind: 'trainingOrganisation' as const, siret: null }],
  )
  const { clients, created } = await ensureClients(ctx, subcontracted)
  run.also('clients', created)
  for (const [index, { id, kind }] of clients.entries()) {
    const { line, name } = certain(subcontracted[index], 'a client')
    if (kind === 'company' && ![...ids.values()].includes(id)) {
      await changeClient(ctx, id, { kind: 'trainingOrganisation' }, '*')
      run.notice(line, `${name} était un client ordinaire et devient un organisme de formation`)
    }
    ids.set(name, id)
  }
  return (name) => certain(ids.get(name), 'a client')
}
