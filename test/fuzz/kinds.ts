/** What an id is of, by the places in which it stands: addresses, fields of bodies, fields of answers. */

export const kinds = [
  'chapter',
  'client',
  'person',
  'account',
  'training',
  'session',
  'slot',
  'enrolment',
  'certificate',
  'token',
  'loginSession',
  'job',
  'mail',
  'other',
] as const
export type Kind = (typeof kinds)[number]

const ofCollection: Record<string, Kind> = {
  people: 'person',
  accounts: 'account',
  chapters: 'chapter',
  clients: 'client',
  trainings: 'training',
  catalogue: 'training',
  sessions: 'session',
  slots: 'slot',
  enrolments: 'enrolment',
  certificates: 'certificate',
  tokens: 'token',
  'login-sessions': 'loginSession',
  jobs: 'job',
  mails: 'mail',
}

const ofField: Record<string, Kind> = {
  chapterId: 'chapter',
  clientId: 'client',
  employerClientId: 'client',
  privateClientId: 'client',
  subcontractClientId: 'client',
  personId: 'person',
  personIds: 'person',
  trainerPersonId: 'person',
  trainerPersonIds: 'person',
  disabilityContactPersonId: 'person',
  accountId: 'account',
  trainingId: 'training',
  sessionId: 'session',
  slotId: 'slot',
  enrolmentId: 'enrolment',
  replacedById: 'certificate',
}

/** Of what holds a field `id` in an answer. */
const ofParent: Record<string, Kind> = {
  account: 'account',
  person: 'person',
  slots: 'slot',
  sessions: 'session',
  issued: 'certificate',
}

/** `/api/sessions/{id}/slots` with `{id}` → session. */
export function kindOfPathId(path: string): Kind {
  return ofCollection[path.split('/{id}')[0]?.split('/').at(-1) ?? ''] ?? 'other'
}

/** Of a field of a body or a query. */
export function kindOfField(field: string): Kind {
  return ofField[field] ?? 'other'
}

/** Every id in an answer to a request of this path, with what it is of. */
export function idsIn(answer: unknown, path: string): [Kind, string][] {
  const collection = path.split('/').findLast((part) => ofCollection[part] !== undefined)
  const found: [Kind, string][] = []
  walk(answer, ofCollection[collection ?? ''] ?? 'other', found)
  return found
}

function walk(value: unknown, idKind: Kind, found: [Kind, string][]): void {
  if (Array.isArray(value)) for (const item of value) walk(item, idKind, found)
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return
  for (const [field, inner] of Object.entries(value)) {
    if (typeof inner === 'string' && isUuid(inner))
      found.push([field === 'id' ? idKind : kindOfField(field), inner])
    else walk(inner, ofParent[field] ?? (field === 'items' ? idKind : 'other'), found)
  }
}

function isUuid(value: string): boolean {
  return /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i.test(value)
}

/** What is known of a thing: its state, and the session that it belongs to. */
export type Facts = { status?: string; sessionId?: string }

/** The states of things by whose ids a route does something. */
export const wantedStatus: Record<string, readonly string[]> = {
  'POST /api/sessions': ['published'],
  'PATCH /api/sessions/{id}': ['draft', 'open'],
  'POST /api/sessions/{id}/slots': ['draft', 'open'],
  'POST /api/sessions/{id}/open': ['draft'],
  'POST /api/sessions/{id}/cancel': ['draft', 'open'],
  'POST /api/sessions/{id}/enrolments': ['open'],
  'POST /api/sessions/{id}/close': ['open'],
  'POST /api/sessions/{id}/reopen': ['closed'],
  'POST /api/sessions/{id}/certificates': ['closed'],
  'POST /api/enrolments/{id}/confirm': ['requested', 'waitlisted'],
  'POST /api/enrolments/{id}/refuse': ['requested', 'waitlisted'],
  'POST /api/enrolments/{id}/cancel': ['confirmed', 'requested', 'waitlisted'],
  'POST /api/enrolments/{id}/abandon': ['confirmed'],
  'POST /api/trainings/{id}/publish': ['draft'],
}

/** The facts that an answer tells of the things in it. */
export function factsIn(answer: unknown): [string, Facts][] {
  if (typeof answer !== 'object' || answer === null) return []
  const inside = Object.values(answer).flatMap(factsIn)
  const { id, status, sessionId } = answer as Record<string, unknown>
  if (typeof id !== 'string') return inside
  const own = {
    ...(typeof status === 'string' && { status }),
    ...(typeof sessionId === 'string' && { sessionId }),
  }
  return [[id, own], ...inside]
}
