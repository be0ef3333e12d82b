/**
 * What the events of the attendance ledger state: ids, codes, dates and minutes, nothing that names a person. Free text,
 * strokes, addresses and devices stand in the payload, of which only the salted hash is here, so that they can be deleted
 * one day while the chain still holds.
 */
import { z } from 'zod'
import { attendanceKinds, markStatuses, reasonCodes } from '../attendance.schema.ts'

/** How a learner signed: on their own phone, there with the trainer's code, on the trainer's device, on paper. */
export const signingWays = ['ownDevice', 'code', 'trainerDevice', 'paper'] as const
export type SigningWay = (typeof signingWays)[number]

/** Why a learner who was present did not sign. */
export const waiverReasons = ['unable', 'refused', 'technical', 'other'] as const
export type WaiverReason = (typeof waiverReasons)[number]

/** By rising rank: what outranks a mark replaces it, whatever came first. */
export const markSources = ['signature', 'decision', 'addendum'] as const
export type MarkSource = (typeof markSources)[number]

/** What a virtual room was that a log comes from. */
export const connectionProviders = ['zoom', 'teams', 'bigBlueButton'] as const
export type ConnectionProvider = (typeof connectionProviders)[number]

/** How somebody in a log was found to be a learner. */
export const matchWays = ['email', 'name', 'hand'] as const

/** By rising rank: what a learner says of their own work, and what a trainer decides. */
export const activitySources = ['declaration', 'decision'] as const
export type ActivitySource = (typeof activitySources)[number]

/** What a decision on work done alone rests on. */
export const activityEvidence = [
  'workHandedIn',
  'assessment',
  'connectionTrace',
  'exchange',
  'other',
] as const
export type ActivityEvidence = (typeof activityEvidence)[number]

export const scanMediaTypes = ['application/pdf', 'image/jpeg', 'image/png'] as const
export type ScanMediaType = (typeof scanMediaTypes)[number]

const id = z.string()
const instant = z.string()
const date = z.string()

const everyEvent = {
  id,
  sessionId: id,
  sequence: z.int(),
  recordedAt: instant,
  /** The account; null where Préau itself recorded it, or who has no account signed by a link. */
  recordedBy: id.nullable(),
  payloadHash: z.string().nullable(),
}

const markFacts = {
  slotId: id,
  enrolmentId: id,
  status: z.enum(markStatuses),
  minutes: z.int(),
  reasonCode: z.enum(reasonCodes).nullable(),
  justified: z.boolean().nullable(),
  heldOn: date,
  attendanceKind: z.enum(attendanceKinds),
}

/** As marks were recorded before there were signatures. */
const firstMark = z.strictObject({
  format: z.literal(1),
  kind: z.literal('mark'),
  ...everyEvent,
  ...markFacts,
})

/** When it happened by the device that recorded it offline, and what that device calls it. */
const device = { deviceAt: instant.nullable(), clientId: id.nullable() }

/** `isLate`: it came after the half-day was sealed, and changed nothing. */
const markDecision = {
  ...markFacts,
  ...device,
  source: z.enum(markSources),
  decidedAt: instant,
  arrivedAt: instant.nullable(),
  leftAt: instant.nullable(),
  /** The half-day as it stood. */
  slotStartsAt: instant,
  slotEndsAt: instant,
  isLate: z.boolean(),
}

/** What of a slot bears on the evidence. */
const slotState = z.strictObject({
  startsAt: instant,
  endsAt: instant,
  heldOn: date,
  modality: z.enum(['onsite', 'remote']).nullable(),
  trainerPersonIds: z.array(id),
  isCancelled: z.boolean(),
})

const kinds = {
  mark: markDecision,
  /** A mark of a sealed half-day, by an admin, with a reason. */
  addendum: { ...markDecision, sealEventId: id },
  signature: {
    slotId: id,
    enrolmentId: id,
    personId: id,
    way: z.enum(signingWays),
    signedAt: instant,
    ...device,
    /** The trainer whose device was handed over or showed the link, or who read the signature on paper. */
    handedOverBy: id.nullable(),
    /** The personal link that was used; null for who was signed in. */
    linkId: id.nullable(),
    scanId: id.nullable(),
    isLate: z.boolean(),
  },
  waiver: { slotId: id, enrolmentId: id, reasonCode: z.enum(waiverReasons) },
  countersignature: { slotId: id, personId: id, signedAt: instant, ...device, isLate: z.boolean() },
  /** All that was sealed, by the ids of the events that it stood on. */
  seal: {
    slotId: id,
    trainerPersonId: id.nullable(),
    slotStartsAt: instant,
    slotEndsAt: instant,
    learners: z.array(
      z.strictObject({ enrolmentId: id, mark: id, signature: id.nullable(), waiver: id.nullable() }),
    ),
    countersignatures: z.array(id),
    scanIds: z.array(id),
  },
  /** A slot that was moved or cancelled, or got other trainers, after something had been recorded in it. */
  slotChange: { slotId: id, before: slotState, after: slotState },
  scan: {
    scanId: id,
    slotIds: z.array(id),
    sha256: z.string(),
    mediaType: z.enum(scanMediaTypes),
    size: z.int(),
  },
  /**
   * What a connection log (*relevé de connexion*) proves: which lines of the file are whose, and when these learners were
   * connected within the half-day. Said again when somebody decides who is who; the last one holds.
   */
  connections: {
    slotId: id,
    logId: id,
    provider: z.enum(connectionProviders),
    sha256: z.string(),
    size: z.int(),
    timeZone: z.string(),
    slotStartsAt: instant,
    slotEndsAt: instant,
    /** By a participant's first line; without an enrolment: nobody of the session. */
    matches: z.array(z.strictObject({ line: z.int(), enrolmentId: id.nullable(), by: z.enum(matchWays) })),
    /** `spans` from one second to another, since 1970. */
    presences: z.array(
      z.strictObject({
        enrolmentId: id,
        minutes: z.int(),
        spans: z.array(z.tuple([z.int(), z.int()])),
      }),
    ),
  },
  /** Work done alone, or not (*activité à distance*, D6313-3-1). A declaration is worth no minutes. */
  activity: {
    enrolmentId: id,
    activityId: id,
    source: z.enum(activitySources),
    isDone: z.boolean(),
    doneOn: date.nullable(),
    minutes: z.int(),
    evidence: z.enum(activityEvidence).nullable(),
  },
} as const

export type EventKind = keyof typeof kinds

function statementOf<Kind extends EventKind>(kind: Kind) {
  return z.strictObject({ format: z.literal(2), kind: z.literal(kind), ...everyEvent, ...kinds[kind] })
}

export const eventBody = z.union([
  z.discriminatedUnion('kind', [
    statementOf('mark'),
    statementOf('addendum'),
    statementOf('signature'),
    statementOf('waiver'),
    statementOf('countersignature'),
    statementOf('seal'),
    statementOf('slotChange'),
    statementOf('scan'),
    statementOf('connections'),
    statementOf('activity'),
  ]),
  firstMark,
])
export type EventBody = z.output<typeof eventBody>

/** An event of one kind, of today's format. */
export type EventOf<Kind extends EventKind> = Extract<EventBody, { format: 2; kind: Kind }>

type Chained = 'format' | 'id' | 'sessionId' | 'sequence' | 'recordedAt' | 'recordedBy' | 'payloadHash'

/** What a verb states; the ledger adds its place, its time and who recorded it. */
export type Statement = { [Kind in EventKind]: Omit<EventOf<Kind>, Chained> }[EventKind]

/** What is personal in an event. Strokes as in `strokes.ts`. */
export type EventPayload = {
  note?: string
  reason?: string
  strokes?: readonly (readonly number[])[]
  address?: string
  userAgent?: string
  originalKeptAt?: string
  /** Of the paper that proves an absence. */
  justificationSha256?: string
  /** SHA-256 of what a device sent, by which it is known when it is sent again. */
  content?: string
}
