import { z } from '@hono/zod-openapi'
import { siret } from '../organisation/organisation.schema.ts'
import { personInput } from '../people/people.schema.ts'
import { sessionStatuses } from '../planning/planning.schema.ts'
import { pageQuery } from '../platform/http/pagination.ts'
import { cents, civilDate, instant, paragraphs, text, uuid } from '../platform/text.ts'

export const enrolmentStatuses = [
  'requested',
  'confirmed',
  'waitlisted',
  'refused',
  'cancelled',
  'completed',
  'abandoned',
] as const
export type EnrolmentStatus = (typeof enrolmentStatuses)[number]

/** BPF frame F-1 (*type de stagiaires*), lines a to e in this order. */
export const traineeTypes = ['privateEmployee', 'apprentice', 'jobSeeker', 'selfFunded', 'other'] as const
export type TraineeType = (typeof traineeTypes)[number]

/** Who is invoiced: one per line of BPF frame C. */
export const fundingSources = [
  'employer',
  'fundApprenticeship',
  'fundProfessionalisation',
  'fundReconversion',
  'fundTransition',
  'fundCpf',
  'fundJobSeeker',
  'fundSelfEmployed',
  'fundDevelopmentPlan',
  'publicAgents',
  'europe',
  'state',
  'region',
  'franceTravail',
  'otherPublic',
  'individual',
  'trainingOrganisation',
  'otherIncome',
] as const
export type FundingSource = (typeof fundingSources)[number]

const mostLines = 50

/**
 * A funding line (*produit*), before VAT; a negative amount is a credit note (*avoir*). The payer is a client, or is
 * named and becomes one.
 */
const fundingLineInput = z
  .strictObject({
    source: z.enum(fundingSources),
    clientId: uuid().nullish(),
    payerName: text(200).nullish(),
    payerSiret: siret().nullish(),
    amountCents: cents().refine((value) => value !== 0, 'must not be zero'),
    invoicedOn: civilDate().nullish(),
    invoiceNumber: text(60).nullish(),
    paidOn: civilDate().nullish(),
  })
  .superRefine((line, context) => {
    const refuse = (field: keyof typeof line, message: string) =>
      context.addIssue({ code: 'custom', path: [field], message })
    if (line.clientId != null && line.payerName != null)
      refuse('payerName', 'is not given together with clientId')
    if (line.payerSiret != null && line.payerName == null) refuse('payerSiret', 'is given with payerName')
    if (line.paidOn != null && line.invoicedOn == null) refuse('paidOn', 'is given with invoicedOn')
  })
export type FundingLineInput = z.output<typeof fundingLineInput>

const fundingLinesInput = z.array(fundingLineInput).max(mostLines)

export const fundingInput = z.strictObject({ fundingLines: fundingLinesInput })

export const fundingAnswer = z
  .object({
    fundingLines: z.array(
      z.object({
        id: z.string(),
        source: z.enum(fundingSources),
        clientId: z.string().nullable(),
        clientName: z.string().nullable(),
        amountCents: z.int(),
        invoicedOn: z.string().nullable(),
        invoiceNumber: z.string().nullable(),
        paidOn: z.string().nullable(),
      }),
    ),
    totalCents: z.int(),
  })
  .openapi('Funding')

const reason = () => paragraphs(2_000)

/** What a form asked beyond the fields: question → answer. */
const answers = z
  .record(text(200), z.union([paragraphs(1_000), z.number(), z.boolean()]))
  .refine((record) => Object.keys(record).length <= 50, 'must have at most 50 answers')

export const enrolmentInput = z
  .strictObject({
    traineeType: z.enum(traineeTypes),
    /** What the learner needs in order to take part (*besoin d’aménagement*); kept apart from all else. */
    needs: paragraphs(4_000).nullish(),
    answers: answers.nullish(),
    personId: uuid().optional(),
    person: personInput.optional(),
    /** Absent: the person’s employer. */
    employerClientId: uuid().nullish(),
    fundingLines: fundingLinesInput.optional(),
  })
  .refine((input) => input.personId === undefined || input.person === undefined, {
    path: ['person'],
    message: 'is not given together with personId',
  })
export type EnrolmentInput = z.output<typeof enrolmentInput>

export const enrolmentPatch = z.strictObject({
  traineeType: z.enum(traineeTypes).optional(),
  employerClientId: uuid().nullish(),
  startedOn: civilDate().nullish(),
  interruptedOn: civilDate().nullish(),
  endedOn: civilDate().nullish(),
  endReason: reason().nullish(),
})
export type EnrolmentPatch = z.output<typeof enrolmentPatch>

export const cancelInput = z.strictObject({ reason: reason().nullish() })
export const emptyInput = z.strictObject({})
export const reasonInput = z.strictObject({ reason: reason() })
export const abandonInput = z.strictObject({ on: civilDate(), reason: reason() })
export type AbandonInput = z.output<typeof abandonInput>

const enrolmentFields = {
  id: z.string(),
  version: z.int(),
  createdAt: instant(),
  updatedAt: instant(),
  sessionId: z.string(),
  personId: z.string(),
  status: z.enum(enrolmentStatuses),
  /** 1 is the next to be seated; only of those who wait. */
  waitlistPosition: z.int().nullable(),
  traineeType: z.enum(traineeTypes).nullable(),
  employerClientId: z.string().nullable(),
  startedOn: z.string().nullable(),
  interruptedOn: z.string().nullable(),
  endedOn: z.string().nullable(),
}

export const enrolmentAnswer = z
  .object({
    ...enrolmentFields,
    endReason: z.string().nullable(),
    answers: z.record(z.string(), z.union([z.string(), z.number(), z.boolean()])).nullable(),
  })
  .openapi('Enrolment')

/** For the people of the session: without the reasons and answers, which are between the learner and the OF. */
export const listedEnrolmentAnswer = z
  .object({ ...enrolmentFields, firstName: z.string(), lastName: z.string() })
  .openapi('ListedEnrolment')

export const ownEnrolmentAnswer = z
  .object({
    ...enrolmentFields,
    session: z.object({
      reference: z.string(),
      title: z.string(),
      status: z.enum(sessionStatuses),
      timeZone: z.string(),
      startsAt: instant().nullable(),
      endsAt: instant().nullable(),
    }),
  })
  .openapi('OwnEnrolment')

export const needsAnswer = z.object({ needs: z.string().nullable() }).openapi('AccommodationNeed')

export const enrolmentsQuery = z.strictObject({ ...pageQuery, status: z.enum(enrolmentStatuses).optional() })
export type EnrolmentsQuery = z.output<typeof enrolmentsQuery>

export const ownEnrolmentsQuery = z.strictObject(pageQuery)
