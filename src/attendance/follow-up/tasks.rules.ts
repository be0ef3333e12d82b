/** Rows of what there is to do as tasks with a title, a day and a place; without any I/O. */
import { clockTime, frenchDate, narrowNoBreak, noBreak, ofPerson } from '../../documents/typography.ts'
import type { WaitingNotices } from '../../enrolment/funder-notice.queries.ts'
import type { NoticeKind } from '../../enrolment/funder-notice.rules.ts'
import { civilDateOf, localTimeOf } from '../../platform/civil-time.ts'
import { sum } from '../../platform/sum.ts'
import type { FindingKind } from './findings.schema.ts'
import type { FoundTask, SessionTask, SlotTask, TaughtSlot, WaitingPaper } from './tasks.queries.ts'
import type { TaskKind } from './tasks.schema.ts'

export type Task = {
  kind: TaskKind
  title: string
  dueOn: string | null
  sessionId: string
  slotId: string | null
  enrolmentId: string | null
  clientId: string | null
  count: number
  path: string
}

const noSubject = { slotId: null, enrolmentId: null, clientId: null, count: 1 }
const quoted = (title: string) => `«${narrowNoBreak}${title}${narrowNoBreak}»`

/** `du 2 mars 2026, 9 h` on the clock of the session. */
function when({ heldOn, startsAt, timeZone }: SlotTask): string {
  return `du ${frenchDate(heldOn)}, ${clockTime(localTimeOf(startsAt, timeZone))}`
}

export function signTask(slot: SlotTask & { enrolmentId: string }): Task {
  const { sessionId, slotId, enrolmentId, heldOn } = slot
  return {
    ...{ ...noSubject, kind: 'signSlot', sessionId, slotId, enrolmentId, dueOn: heldOn },
    title: `Signer la demi-journée ${when(slot)}, ${quoted(slot.title)}`,
    path: `/api/slots/${slotId}/signatures`,
  }
}

type Step = Pick<Task, 'kind' | 'count' | 'path'> & { verb: string }

/** The one step that comes next; none while a half-day that is marked still goes on. */
function nextStep({ slotId, sessionId, ...slot }: TaughtSlot): Step | undefined {
  if (slot.conflicts > 0)
    return {
      ...{
        kind: 'settleConflict',
        verb: 'Vérifier qui a signé et est noté absent dans',
        count: slot.conflicts,
      },
      path: `/api/sessions/${sessionId}/attendance`,
    }
  if (slot.unmarked > 0)
    return {
      ...{ kind: 'markSlot', verb: 'Noter les présences de', count: slot.unmarked },
      path: `/api/slots/${slotId}/attendance`,
    }
  if (!slot.hasEnded) return undefined
  if (!slot.isCountersigned)
    return {
      ...{ kind: 'countersignSlot', verb: 'Contresigner', count: 1 },
      path: `/api/slots/${slotId}/countersignature`,
    }
  return { kind: 'sealSlot', verb: 'Sceller', count: 1, path: `/api/slots/${slotId}/seal` }
}

/** Sealing is due within two days: afterwards it is an admin's business too. */
export function taughtTask(slot: TaughtSlot): Task[] {
  const step = nextStep(slot)
  if (!step) return []
  const { sessionId, slotId, heldOn } = slot
  const { verb, ...task } = step
  const dueOn = Temporal.PlainDate.from(heldOn).add({ days: 2 }).toString()
  const title = `${verb} la demi-journée ${when(slot)}, ${quoted(slot.title)}`
  return [{ ...noSubject, ...task, sessionId, slotId, dueOn, title }]
}

export function closeTask({ sessionId, reference, title, lastSlotEndsAt, timeZone }: SessionTask): Task {
  return {
    ...{ ...noSubject, kind: 'closeSession', sessionId, dueOn: civilDateOf(lastSlotEndsAt, timeZone) },
    title: `Clore la session ${reference}, ${quoted(title)}`,
    path: `/api/sessions/${sessionId}/close`,
  }
}

export function paperTask({ sessionId, enrolmentId, reference, title, name }: WaitingPaper): Task {
  return {
    ...{ ...noSubject, kind: 'decideJustification', sessionId, enrolmentId, dueOn: null },
    title: `Examiner le justificatif d’absence ${ofPerson(name)}, session ${reference}, ${quoted(title)}`,
    path: `/api/enrolments/${enrolmentId}/justifications`,
  }
}

type FoundTaskKind = 'sealSheets' | 'collectSignatures' | 'replaceCertificates' | 'checkFindings'

function taskOf(kind: FindingKind): FoundTaskKind {
  if (kind === 'unsealed') return 'sealSheets'
  if (kind === 'unsigned') return 'collectSignatures'
  return kind === 'certificateOutdated' ? 'replaceCertificates' : 'checkFindings'
}

const plural = (count: number, one: string, several: string) =>
  `${count}${noBreak}${count > 1 ? several : one}`

const toDo = {
  sealSheets: (count) => `Faire sceller ${plural(count, 'demi-journée', 'demi-journées')}`,
  collectSignatures: (count) => `Réunir ${plural(count, 'signature manquante', 'signatures manquantes')}`,
  replaceCertificates: (count) => `Remplacer ${plural(count, 'certificat', 'certificats')}`,
  checkFindings: (count) => `Vérifier ${plural(count, 'point', 'points')} de l’émargement`,
} as const satisfies Record<FoundTaskKind, (count: number) => string>

/** What is found in one session is one task for each thing to do about it. */
export function foundTasks(found: readonly FoundTask[]): Task[] {
  const byTask = Map.groupBy(found, ({ sessionId, kind }) => `${sessionId} ${taskOf(kind)}`)
  return [...byTask.values()].flatMap((group) => group.slice(0, 1).map((first) => foundTask(first, group)))
}

function foundTask({ sessionId, reference, title, kind }: FoundTask, group: readonly FoundTask[]): Task {
  const task = taskOf(kind)
  const count = sum(group.map((one) => one.count))
  return {
    ...{ ...noSubject, kind: task, sessionId, count, dueOn: null },
    title: `${toDo[task](count)} de la session ${reference}, ${quoted(title)}`,
    path:
      task === 'replaceCertificates'
        ? `/api/sessions/${sessionId}/certificates`
        : `/api/sessions/${sessionId}/findings`,
  }
}

const news = {
  start: 'du début',
  interruption: 'de l’interruption',
  end: 'de la fin',
} as const satisfies Record<NoticeKind, string>

export function tellTask({ sessionId, clientId, kind, dueOn, ...notice }: WaitingNotices): Task {
  const whom = notice.funder ?? 'le financeur'
  const learners = plural(notice.learners, 'stagiaire', 'stagiaires')
  return {
    ...{ ...noSubject, kind: 'tellFunder', sessionId, clientId, dueOn, count: notice.learners },
    title: `Informer ${whom} ${news[kind]} de formation (${learners}), session ${notice.reference}, ${quoted(notice.title)}`,
    path: `/api/funder-notices?sessionId=${sessionId}`,
  }
}
