import { z } from '@hono/zod-openapi'
import { certificationLevels, modalities, nsfCode, objectives } from '../catalogue/catalogue.schema.ts'
import { dateAnswer, entityFields, idAnswer } from '../platform/http/entity.ts'
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
  .describe('Conflicts (409) that one has seen and goes on with all the same.')

const help = {
  startTime: 'Local time in the session’s time zone; one that comes twice in autumn means the earlier.',
  endTime: 'After `startTime`, the same day: a night is two slots.',
  slotModality: 'Null: as the session says.',
  slotPlace: 'Null: where the session is held.',
  slotTrainers: 'Who holds this half-day.',
  reference: 'What people call the session; unique.',
  timeZone: 'IANA time zone in which the slots’ times are given.',
  modality: 'On site («présentiel»), remote («à distance»), or both.',
  capacity: 'Seats in all.',
  minimumLearners: 'Learners below whom the session is not worth holding.',
  approval: '`manual`: an enrolment of a member is a request that somebody confirms.',
  visibility: '`private`: shown to its people alone, and to those of the company that it is held for.',
  privateClientId: 'The company that a private session is held for.',
  subcontracting: '«Sous-traitance»: given out to another training organisation, or received from one.',
  subcontractClientId: 'The other organisation of a subcontracted session.',
  bpfScope: '`excluded`: no continuing training in the sense of the BPF, such as an unpaid community class.',
  bpfScopeReason: 'Why the session stays out of the BPF.',
  engagement: 'How the organisation employs the trainer: BPF frame E counts them apart.',
  nsfCode: 'Speciality («NSF») as the BPF counts it; copied from the training.',
  objective: 'General aim as the BPF counts it; copied from the training.',
  certificationLevel: 'Level of qualification as the BPF counts it; copied from the training.',
}

const slotFields = {
  date: civilDate().describe('Civil date in the session’s time zone.'),
  startTime: localTime().describe(help.startTime),
  endTime: localTime().describe(help.endTime),
  topic: text(300).nullish().describe('What the half-day is about, as the attendance sheet says it.'),
  modality: z.enum(slotModalities).nullish().describe(help.slotModality),
  place: text(300).nullish().describe(help.slotPlace),
  trainerPersonIds: z
    .array(uuid())
    .max(mostTrainers)
    .refine((ids) => new Set(ids).size === ids.length, 'must not name anybody twice')
    .optional()
    .describe(`${help.slotTrainers} Absent or empty: all the session’s trainers.`),
}

const slotInput = z.strictObject(slotFields)
export type SlotInput = z.output<typeof slotInput>

export const newSlot = slotInput.extend({ acceptWarnings })
export type NewSlot = z.output<typeof newSlot>

export const slotPatch = slotInput.partial().extend({
  reason: text(1_000)
    .optional()
    .describe(
      'Why time or trainers change: kept in the ledger once attendance of the slot has been recorded.',
    ),
  acceptWarnings,
})
export type SlotPatch = z.output<typeof slotPatch>

export const slotCancellation = z.strictObject({
  reason: text(1_000).describe('Why the half-day is not held, or does not count.'),
})

const trainerInput = z.strictObject({
  personId: uuid(),
  engagement: z.enum(engagements).describe(help.engagement),
})
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
  modality: z.enum(modalities).describe(help.modality),
  chapterId: uuid().nullish().describe('The chapter («antenne») that holds it.'),
  place: text(300).nullish(),
  remoteUrl: webAddress()
    .nullish()
    .describe('Address of the virtual room; told to those who take part alone.'),
  capacity: z.int().min(1).max(10_000).describe(help.capacity),
  minimumLearners: z.int().min(1).max(10_000).nullish().describe(help.minimumLearners),
  privateClientId: uuid().nullish().describe(help.privateClientId),
  subcontractClientId: uuid().nullish().describe(help.subcontractClientId),
  bpfScopeReason: text(500).nullish().describe(help.bpfScopeReason),
}

const reference = () => text(60).describe(help.reference)
const sessionTimeZone = () => timeZone().describe(help.timeZone)
const choices = {
  approval: z.enum(approvals).describe(help.approval),
  visibility: z.enum(visibilities).describe(help.visibility),
  subcontracting: z.enum(subcontractings).describe(help.subcontracting),
  bpfScope: z.enum(bpfScopes).describe(help.bpfScope),
}

export const sessionInput = z.strictObject({
  ...sessionFields,
  trainingId: uuid().describe('A training with a published version; the session points at that version.'),
  reference: reference().optional(),
  timeZone: sessionTimeZone().optional(),
  approval: choices.approval.default('automatic'),
  visibility: choices.visibility.default('public'),
  subcontracting: choices.subcontracting.default('none'),
  bpfScope: choices.bpfScope.default('included'),
  trainers: trainers.default([]).describe('Trainers («formateurs»), in the order in which they are shown.'),
  slots: z.array(slotInput).max(mostSlots).default([]).describe('Half-days («demi-journées»); none overlap.'),
  acceptWarnings,
})
export type SessionInput = z.output<typeof sessionInput>

/** The copies of the training's version that can be corrected, with a reason. */
const classificationFields = ['nsfCode', 'objective', 'certificationLevel'] as const

export const sessionPatch = z
  .strictObject({
    ...z.object(sessionFields).partial().shape,
    reference: reference().optional(),
    timeZone: sessionTimeZone().optional(),
    approval: choices.approval.optional(),
    visibility: choices.visibility.optional(),
    subcontracting: choices.subcontracting.optional(),
    bpfScope: choices.bpfScope.optional(),
    // An assignment that stays keeps its id.
    trainers: trainers.optional().describe('Replaces them all.'),
    nsfCode: nsfCode().nullish().describe(help.nsfCode),
    objective: z.enum(objectives).optional().describe(help.objective),
    certificationLevel: z.enum(certificationLevels).nullish().describe(help.certificationLevel),
    classificationReason: text(500)
      .optional()
      .describe('Why speciality, aim or level is corrected; needed to correct one of them.'),
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
  from: civilDate().optional().describe('Sessions with a slot held on this civil date or later…'),
  to: civilDate().optional().describe('… and on this one or before.'),
  status: z.enum(sessionStatuses).optional().describe('Sessions in this state.'),
  trainerPersonId: uuid().optional().describe('Sessions of this trainer.'),
  chapterId: uuid().optional().describe('Sessions of this chapter.'),
})
export type SessionsQuery = z.output<typeof sessionsQuery>

export const slotAnswer = z
  .object({
    ...entityFields,
    sessionId: idAnswer(),
    date: dateAnswer().describe('Civil date in the session’s time zone.'),
    halfDay: z.enum(halfDays).describe('By its beginning: before 12:00, before 18:00, later.'),
    startTime: z.string().describe('Local time in the session’s time zone.'),
    endTime: z.string().describe('Local time in the session’s time zone.'),
    startsAt: instant(),
    endsAt: instant(),
    durationMinutes: z.int(),
    topic: z.string().nullable().describe('What the half-day is about.'),
    modality: z.enum(slotModalities).nullable().describe(help.slotModality),
    place: z.string().nullable().describe(help.slotPlace),
    cancelledAt: instant().nullable().describe('Once it was cancelled: it counts nowhere any more.'),
    trainerPersonIds: z.array(idAnswer()).describe(help.slotTrainers),
  })
  .openapi('Slot')

const sessionSummary = {
  ...entityFields,
  reference: z.string().describe(help.reference),
  trainingId: idAnswer(),
  title: z.string().describe('Of the training’s version that is held.'),
  status: z.enum(sessionStatuses),
  timeZone: z.string().describe(help.timeZone),
  modality: z.enum(modalities).describe(help.modality),
  visibility: z.enum(visibilities).describe(help.visibility),
  chapterId: idAnswer().nullable().describe('The chapter («antenne») that holds it.'),
  place: z.string().nullable(),
  startsOn: dateAnswer().nullable().describe('Civil date of the first half-day.'),
  endsOn: dateAnswer().nullable().describe('Civil date of the last half-day.'),
  firstSlotStartsAt: instant().nullable(),
  lastSlotEndsAt: instant().nullable(),
  capacity: z.int().describe(help.capacity),
  seatsLeft: z.int().describe('Seats neither taken nor asked for.'),
}

export const sessionItemAnswer = z.object(sessionSummary).openapi('SessionItem')

export const sessionAnswer = z
  .object({
    ...sessionSummary,
    trainingCode: z.string(),
    trainingVersionId: idAnswer(),
    statusReason: z
      .string()
      .nullable()
      .describe('Why it was cancelled or opened again; null also for who need not know.'),
    remoteUrl: z
      .string()
      .nullable()
      .describe('Address of the virtual room; null also for who does not take part.'),
    minimumLearners: z.int().nullable().describe(help.minimumLearners),
    waitlisted: z.int().describe('How many wait for a seat.'),
    approval: choices.approval,
    privateClientId: idAnswer().nullable().describe(help.privateClientId),
    subcontracting: choices.subcontracting,
    subcontractClientId: idAnswer().nullable().describe(help.subcontractClientId),
    bpfScope: choices.bpfScope,
    bpfScopeReason: z.string().nullable().describe(help.bpfScopeReason),
    nsfCode: z.string().nullable().describe(help.nsfCode),
    objective: z.enum(objectives).nullable().describe(help.objective),
    certificationLevel: z.enum(certificationLevels).nullable().describe(help.certificationLevel),
    trainers: z.array(
      z.object({
        personId: idAnswer(),
        engagement: z.enum(engagements).describe(help.engagement),
        firstName: z.string(),
        lastName: z.string(),
      }),
    ),
    slots: z.array(slotAnswer).describe('In the order of time.'),
  })
  .openapi('Session')
