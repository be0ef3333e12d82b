/** Examples of the routes of this slice: Maëlle’s seat in the session in Lyon and who is invoiced for it. */
import type { z } from '@hono/zod-openapi'
import { exampleIds as organisationIds } from '../organisation/organisation.examples.ts'
import { exampleIds as peopleIds } from '../people/people.examples.ts'
import { exampleSecrets } from '../people/sign-in/sign-in.examples.ts'
import { exampleIds as planningIds } from '../planning/planning.examples.ts'
import type {
  enrolmentAnswer,
  fundingAnswer,
  listedEnrolmentAnswer,
  ownEnrolmentAnswer,
} from './enrolment.schema.ts'

export const exampleIds = {
  enrolment: '0197f3a6-1d40-7fc7-a7b8-82e4afcd3e41',
  fundingLine: '0197f3a6-2e50-70d8-b8c9-93f5b0de4f42',
} as const

const fields = {
  id: exampleIds.enrolment,
  version: 1,
  createdAt: '2026-03-04T18:22:00Z',
  updatedAt: '2026-03-04T18:22:00Z',
  sessionId: planningIds.session,
  personId: peopleIds.member,
  status: 'confirmed' as const,
  waitlistPosition: null,
  traineeType: 'other' as const,
  employerClientId: null,
  startedOn: null,
  interruptedOn: null,
  endedOn: null,
}

const answers = { 'Votre ordinateur fonctionne-t-il sous Linux ?': true }

const enrolment: z.output<typeof enrolmentAnswer> = { ...fields, endReason: null, answers: null }
const listed: z.output<typeof listedEnrolmentAnswer> = {
  ...fields,
  firstName: 'Maëlle',
  lastName: 'Le Bihan',
}

const own: z.output<typeof ownEnrolmentAnswer> = {
  ...fields,
  session: {
    reference: 'ECO-WEB-2026-04',
    title: 'Éco-concevoir un site web',
    status: 'open',
    timeZone: 'Europe/Paris',
    startsAt: '2026-04-13T07:00:00Z',
    endsAt: '2026-04-13T15:00:00Z',
  },
}

const params = { id: exampleIds.enrolment }
const sessionParams = { id: planningIds.session }
const later = { version: 2, updatedAt: '2026-03-20T09:05:00Z' }
const reason = 'Prérequis non remplis : le HTML n’est pas encore connu'

export const enrolmentExamples = {
  enrol: {
    params: sessionParams,
    body: { traineeType: 'other' as const, needs: 'Une place près de l’écran', answers },
    answer: { ...enrolment, answers },
  },
  listEnrolments: {
    params: sessionParams,
    query: { status: 'confirmed' as const, limit: 50 },
    answer: { items: [listed], nextCursor: null },
  },
  readEnrolment: { params, answer: enrolment },
  changeEnrolment: {
    params,
    body: { traineeType: 'selfFunded' as const, startedOn: '2026-04-13' },
    answer: { ...enrolment, ...later, traineeType: 'selfFunded' as const, startedOn: '2026-04-13' },
  },
  readNeeds: { params, answer: { needs: 'Une place près de l’écran' } },
  readCalendarFeed: {
    params: { token: exampleSecrets.calendarToken },
    text: 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\n',
  },
  listOwnEnrolments: { query: { limit: 20 }, answer: { items: [own], nextCursor: null } },
  cancelEnrolment: {
    params,
    body: { reason: 'Une mission qui tombe le même jour' },
    answer: {
      ...enrolment,
      ...later,
      status: 'cancelled' as const,
      endReason: 'Une mission qui tombe le même jour',
    },
  },
  confirmEnrolment: { params, body: {}, answer: { ...enrolment, ...later } },
  refuseEnrolment: {
    params,
    body: { reason },
    answer: { ...enrolment, ...later, status: 'refused' as const, endReason: reason },
  },
  abandonEnrolment: {
    params,
    body: { on: '2026-04-13', reason: 'Reprise d’un emploi' },
    answer: {
      ...enrolment,
      ...later,
      status: 'abandoned' as const,
      interruptedOn: '2026-04-13',
      endedOn: '2026-04-13',
      endReason: 'Reprise d’un emploi',
    },
  },
}

const line = {
  source: 'fundSelfEmployed' as const,
  amountCents: 98_000,
  invoicedOn: '2026-04-20',
  invoiceNumber: 'F-2026-031',
  paidOn: null,
}

/** Who is not a client yet becomes one. */
const payer = { payerName: 'FAF des indépendants du numérique', payerSiret: '80914267300021' }

const funding: z.output<typeof fundingAnswer> = {
  fundingLines: [
    { id: exampleIds.fundingLine, clientId: organisationIds.client, clientName: payer.payerName, ...line },
  ],
  totalCents: 98_000,
}

export const fundingExamples = {
  readEnrolmentFunding: { params, answer: funding },
  writeEnrolmentFunding: { params, body: { fundingLines: [{ ...line, ...payer }] }, answer: funding },
  readSessionFunding: { params: sessionParams, answer: funding },
  writeSessionFunding: {
    params: sessionParams,
    body: { fundingLines: [{ ...line, ...payer }] },
    answer: funding,
  },
}
