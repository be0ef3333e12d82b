import { z } from '@hono/zod-openapi'
import { siret } from '../organisation/organisation.schema.ts'
import { personInput } from '../people/people.schema.ts'
import { sessionStatuses } from '../planning/planning.schema.ts'
import { dateAnswer, entityFields, idAnswer } from '../platform/http/entity.ts'
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

const help = {
  source: 'Who is invoiced: one for each line of BPF frame C.',
  amountCents: 'Euro cents before VAT, not zero; negative for a credit note («avoir»).',
  traineeType:
    'BPF frame F-1 («type de stagiaires»), lines a to e; `other`: freelancers, public agents, volunteers.',
  status:
    '`requested`: awaits approval; `waitlisted`: no seat was left; `abandoned`: stopped on the way; `completed`: the session is closed.',
  employer: 'The client that employed the person at the time.',
  startedOn: 'Where the learner came in later than the session began.',
  interruptedOn: 'Where the learner stopped before the session ended.',
  endedOn: 'Where the learner’s own end is not that of the session.',
}

/**
 * A funding line (*produit*), before VAT; a negative amount is a credit note (*avoir*). The payer is a client, or is
 * named and becomes one.
 */
const fundingLineInput = z
  .strictObject({
    source: z.enum(fundingSources).describe(help.source),
    clientId: uuid().nullish().describe('Who is invoiced, when it is a client already.'),
    payerName: text(200).nullish().describe('Who is invoiced, when it is to become a client.'),
    payerSiret: siret().nullish().describe('With `payerName`: 14 digits; a client that has it is taken.'),
    amountCents: cents()
      .refine((value) => value !== 0, 'must not be zero')
      .describe(help.amountCents),
    invoicedOn: civilDate().nullish().describe('The exercise of this date counts the line.'),
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
        id: idAnswer(),
        source: z.enum(fundingSources).describe(help.source),
        clientId: idAnswer().nullable().describe('Who is invoiced.'),
        clientName: z.string().nullable(),
        amountCents: z.int().describe(help.amountCents),
        invoicedOn: dateAnswer().nullable().describe('The exercise of this date counts the line.'),
        invoiceNumber: z.string().nullable(),
        paidOn: dateAnswer().nullable(),
      }),
    ),
    totalCents: z.int().describe('Sum of the lines.'),
  })
  .openapi('Funding')

const reason = () => paragraphs(2_000).describe('In words, for the file.')

/** What a form asked beyond the fields: question → answer. */
const answers = z
  .record(text(200), z.union([paragraphs(1_000), z.number(), z.boolean()]))
  .refine((record) => Object.keys(record).length <= 50, 'must have at most 50 answers')

export const enrolmentInput = z
  .strictObject({
    traineeType: z.enum(traineeTypes).describe(help.traineeType),
    needs: paragraphs(4_000)
      .nullish()
      .describe(
        'What the learner needs in order to take part («besoin d’aménagement»); kept apart from all else.',
      ),
    answers: answers
      .nullish()
      .describe('What a form asked beyond the fields: question and answer, 50 at most.'),
    personId: uuid().optional().describe('Whom to enrol; ambassadors and admins alone. Absent: oneself.'),
    person: personInput.optional().describe('Whom to enrol, when the person is new here.'),
    employerClientId: uuid().nullish().describe(`${help.employer} Absent: the person’s employer.`),
    fundingLines: fundingLinesInput.optional().describe('Who is invoiced; ambassadors and admins alone.'),
  })
  .refine((input) => input.personId === undefined || input.person === undefined, {
    path: ['person'],
    message: 'is not given together with personId',
  })
export type EnrolmentInput = z.output<typeof enrolmentInput>

export const enrolmentPatch = z.strictObject({
  traineeType: z.enum(traineeTypes).optional().describe(help.traineeType),
  employerClientId: uuid().nullish().describe(help.employer),
  startedOn: civilDate().nullish().describe(help.startedOn),
  interruptedOn: civilDate().nullish().describe(help.interruptedOn),
  endedOn: civilDate().nullish().describe(help.endedOn),
  endReason: reason().nullish(),
})
export type EnrolmentPatch = z.output<typeof enrolmentPatch>

export const cancelInput = z.strictObject({ reason: reason().nullish() })
export const reasonInput = z.strictObject({ reason: reason() })
/** The one reason that the audit keeps, since the session forgets it when it is closed again. */
export const reopenInput = z.strictObject({
  reason: paragraphs(2_000).describe(
    'In words, kept in the audit for good: about the session, and naming nobody.',
  ),
})
export const abandonInput = z.strictObject({
  on: civilDate().describe('The last day on which the learner came.'),
  reason: reason(),
})
export type AbandonInput = z.output<typeof abandonInput>

const enrolmentFields = {
  ...entityFields,
  sessionId: idAnswer(),
  personId: idAnswer(),
  status: z.enum(enrolmentStatuses).describe(help.status),
  waitlistPosition: z
    .int()
    .nullable()
    .describe('1 is the next to be seated; null for those who do not wait.'),
  traineeType: z.enum(traineeTypes).nullable().describe(help.traineeType),
  employerClientId: idAnswer().nullable().describe(help.employer),
  startedOn: dateAnswer().nullable().describe(help.startedOn),
  interruptedOn: dateAnswer().nullable().describe(help.interruptedOn),
  endedOn: dateAnswer().nullable().describe(help.endedOn),
}

export const enrolmentAnswer = z
  .object({
    ...enrolmentFields,
    endReason: z.string().nullable().describe('Why it was cancelled, refused or abandoned.'),
    answers: z
      .record(z.string(), z.union([z.string(), z.number(), z.boolean()]))
      .nullable()
      .describe('What a form asked beyond the fields.'),
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
      reference: z.string().describe('What people call the session.'),
      title: z.string(),
      status: z.enum(sessionStatuses),
      timeZone: z.string().describe('IANA time zone of the session.'),
      startsAt: instant().nullable().describe('Beginning of the first half-day.'),
      endsAt: instant().nullable().describe('End of the last half-day.'),
    }),
  })
  .openapi('OwnEnrolment')

export const needsAnswer = z
  .object({ needs: z.string().nullable().describe('In the words of the learner; null when there is none.') })
  .openapi('AccommodationNeed')

export const enrolmentsQuery = z.strictObject({
  ...pageQuery,
  status: z.enum(enrolmentStatuses).optional().describe('Enrolments in this state.'),
})
export type EnrolmentsQuery = z.output<typeof enrolmentsQuery>

export const ownEnrolmentsQuery = z.strictObject(pageQuery)
