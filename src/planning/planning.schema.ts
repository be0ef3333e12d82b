import { z } from '@hono/zod-openapi'
import { certificationLevels, modalities, nsfCode, objectives } from '../catalogue/catalogue.schema.ts'
import { pageQuery } from '../platform/http/pagination.ts'
import { civilDate, instant, localTime, text, timeZone, uuid } from '../platform/text.ts'

export const sessionStatuses = ['draft', 'open', 'closed', 'cancelled'] as const
export type SessionStatus = (typeof sessionStatuses)[number]

const halfDays = ['morning', 'afternoon', 'evening'] as const
export type HalfDay = (typeof halfDays)[number]

const slotModalities = ['onsite', 'remote'] as const
export type SlotModality = (typeof slotModalities)[number]

export const engagements = ['internal', 'external'] as const
/** How the OF employs a trainer: BPF frame E counts them apart. */
export type Engagement = (typeof engagements)[number]

const approvals = ['automatic', 'manual'] as const
export type Approval = (typeof approvals)[number]

const visibilities = ['public', 'private'] as const
export type Visibility = (typeof visibilities)[number]

/** *Sous-traitance*: given out to another OF, or received from one. */
export const subcontractings = ['none', 'givenOut', 'received'] as const
export type Subcontracting = (typeof subcontractings)[number]

const bpfScopes = ['included', 'excluded'] as const
export type BpfScope = (typeof bpfScopes)[number]

/** More would be several sessions; the bounds keep one request and one page of paper readable. */
export const mostSlots = 200
const mostTrainers = 20

const acceptWarnings = z
  .array(z.enum(['planning/trainer-double-booked']))
  .max(10)
  .default([])

const slotFields = {
  date: civilDate(),
  /** Local times in the session's time zone; one that comes twice in autumn means the earlier. */
  startTime: localTime(),
  endTime: localTime(),
  topic: text(300).nullish(),
  /** Absent: as the session says. */
  modality: z.enum(slotModalities).nullish(),
  place: text(300).nullish(),
  /** Absent or empty: all the session's trainers. */
  trainerPersonIds: z
    .array(uuid())
    .max(mostTrainers)
    .refine((ids) => new Set(ids).size === ids.length, 'must not name anybody twice')
    .optional(),
}

const slotInput = z.strictObject(slotFields)
export type SlotInput = z.output<typeof slotInput>

export const newSlot = slotInput.extend({ acceptWarnings })
export type NewSlot = z.output<typeof newSlot>

export const slotPatch = slotInput.partial().extend({ acceptWarnings })
export type SlotPatch = z.output<typeof slotPatch>

const trainerInput = z.strictObject({ personId: uuid(), engagement: z.enum(engagements) })
export type TrainerInput = z.output<typeof trainerInput>

const trainers = z
  .array(trainerInput)
  .max(mostTrainers)
  .superRefine((given, context) => {
    for (const [index, { personId }] of given.entries()) {
      if (given.findIndex((other) => other.personId === personId) < index)
        context.addIssue({ code: 'custom', path: [index, 'personId'], message: 'is named twice' })
    }
  })

/** The address of a virtual room: only http and https, since it becomes a link on a page. */
const webAddress = () =>
  text(2_000).refine(
    (value) => URL.canParse(value) && /^https?:$/.test(new URL(value).protocol),
    'must be an address that begins with http:// or https://',
  )

/** What a session says of itself, without the parts that default, its trainers and its slots. */
const sessionFields = {
  modality: z.enum(modalities),
  chapterId: uuid().nullish(),
  place: text(300).nullish(),
  remoteUrl: webAddress().nullish(),
  capacity: z.int().min(1).max(10_000),
  minimumLearners: z.int().min(1).max(10_000).nullish(),
  /** The company that a private session is held for. */
  privateClientId: uuid().nullish(),
  /** The other OF of a subcontracted session. */
  subcontractClientId: uuid().nullish(),
  /** Why the session stays out of the BPF. */
  bpfScopeReason: text(500).nullish(),
}

const reference = () => text(60)

export const sessionInput = z.strictObject({
  ...sessionFields,
  trainingId: uuid(),
  reference: reference().optional(),
  timeZone: timeZone().optional(),
  approval: z.enum(approvals).default('automatic'),
  visibility: z.enum(visibilities).default('public'),
  subcontracting: z.enum(subcontractings).default('none'),
  bpfScope: z.enum(bpfScopes).default('included'),
  trainers: trainers.default([]),
  slots: z.array(slotInput).max(mostSlots).default([]),
  acceptWarnings,
})
export type SessionInput = z.output<typeof sessionInput>

/** The copies of the training's version that can be corrected, with a reason. */
const classificationFields = ['nsfCode', 'objective', 'certificationLevel'] as const

export const sessionPatch = z
  .strictObject({
    ...z.object(sessionFields).partial().shape,
    reference: reference().optional(),
    timeZone: timeZone().optional(),
    approval: z.enum(approvals).optional(),
    visibility: z.enum(visibilities).optional(),
    subcontracting: z.enum(subcontractings).optional(),
    bpfScope: z.enum(bpfScopes).optional(),
    /** Replaces them all; an assignment that stays keeps its id. */
    trainers: trainers.optional(),
    nsfCode: nsfCode().nullish(),
    objective: z.enum(objectives).optional(),
    certificationLevel: z.enum(certificationLevels).nullish(),
    classificationReason: text(500).optional(),
    acceptWarnings,
  })
  .superRefine((patch, context) => {
    const corrects = classificationFields.some((field) => patch[field] !== undefined)
    if (corrects && patch.classificationReason === undefined)
      context.addIssue({
        code: 'custom',
        path: ['classificationReason'],
        message: 'is needed to correct the classification',
      })
  })
export type SessionPatch = z.output<typeof sessionPatch>

export const sessionsQuery = z.strictObject({
  ...pageQuery,
  /** Sessions with a slot held from this civil date on… */
  from: civilDate().optional(),
  /** … and up to this one, included. */
  to: civilDate().optional(),
  status: z.enum(sessionStatuses).optional(),
  trainerPersonId: uuid().optional(),
  chapterId: uuid().optional(),
})
export type SessionsQuery = z.output<typeof sessionsQuery>

const entity = { id: z.string(), version: z.int(), createdAt: instant(), updatedAt: instant() }

export const slotAnswer = z
  .object({
    ...entity,
    sessionId: z.string(),
    date: z.string(),
    halfDay: z.enum(halfDays),
    startTime: z.string(),
    endTime: z.string(),
    startsAt: instant(),
    endsAt: instant(),
    durationMinutes: z.int(),
    topic: z.string().nullable(),
    modality: z.enum(slotModalities).nullable(),
    place: z.string().nullable(),
    trainerPersonIds: z.array(z.string()),
  })
  .openapi('Slot')

const sessionSummary = {
  ...entity,
  reference: z.string(),
  trainingId: z.string(),
  title: z.string(),
  status: z.enum(sessionStatuses),
  timeZone: z.string(),
  modality: z.enum(modalities),
  visibility: z.enum(visibilities),
  chapterId: z.string().nullable(),
  place: z.string().nullable(),
  startsOn: z.string().nullable(),
  endsOn: z.string().nullable(),
  firstSlotStartsAt: instant().nullable(),
  lastSlotEndsAt: instant().nullable(),
  capacity: z.int(),
  seatsLeft: z.int(),
}

export const sessionItemAnswer = z.object(sessionSummary).openapi('SessionItem')

export const sessionAnswer = z
  .object({
    ...sessionSummary,
    trainingCode: z.string(),
    trainingVersionId: z.string(),
    /** Why it was cancelled or opened again; null also for who need not know. */
    statusReason: z.string().nullable(),
    /** Null also for who does not take part. */
    remoteUrl: z.string().nullable(),
    minimumLearners: z.int().nullable(),
    waitlisted: z.int(),
    approval: z.enum(approvals),
    privateClientId: z.string().nullable(),
    subcontracting: z.enum(subcontractings),
    subcontractClientId: z.string().nullable(),
    bpfScope: z.enum(bpfScopes),
    bpfScopeReason: z.string().nullable(),
    nsfCode: z.string().nullable(),
    objective: z.enum(objectives).nullable(),
    certificationLevel: z.enum(certificationLevels).nullable(),
    trainers: z.array(
      z.object({
        personId: z.string(),
        engagement: z.enum(engagements),
        firstName: z.string(),
        lastName: z.string(),
      }),
    ),
    slots: z.array(slotAnswer),
  })
  .openapi('Session')
