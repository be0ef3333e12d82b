/** Examples of the routes of learning at a distance: a morning in a virtual room, and work handed in afterwards. */
import type { z } from 'zod'
import { exampleIds as trainingIds } from '../../catalogue/catalogue.examples.ts'
import { exampleIds as enrolmentIds } from '../../enrolment/enrolment.examples.ts'
import { exampleIds as planningIds } from '../../planning/planning.examples.ts'
import type { learnerActivityAnswer, sessionActivitiesAnswer } from './activity.schema.ts'
import type { attendedTimeAnswer } from './attended-lines.schema.ts'
import type { connectionLogAnswer } from './connection-log.schema.ts'

export const exampleIds = { connectionLog: '0197f3a7-1e50-7fc8-8a91-93f5bfdf4f51' } as const

const file = [
  'Nom (nom d’origine);Adresse e-mail;Heure d’arrivée;Heure de départ;Durée (minutes);Invité',
  'Maëlle Le Bihan;maelle.lebihan@courriel.example;13/04/2026 09:02:00;13/04/2026 12:31:00;209;Oui',
  'Galaxy S24 d’Éric;;13/04/2026 09:05:00;13/04/2026 12:30:00;205;Oui',
].join('\r\n')

const presence = { enrolmentId: enrolmentIds.enrolment, name: 'Maëlle Le Bihan', minutes: 208 }

const logs: z.output<typeof connectionLogAnswer> = {
  slotId: planningIds.morning,
  presences: [presence],
  logs: [
    {
      id: exampleIds.connectionLog,
      provider: 'zoom',
      sha256: '9f2c1e7a4b8d3f60c5a29e8714b6d0f3a7c8e5b2914d6f3087ac5e1b2d4f6093',
      size: 311,
      timeZone: 'Europe/Paris',
      uploadedAt: '2026-04-13T11:02:00Z',
      participants: [
        {
          line: 2,
          name: 'Maëlle Le Bihan',
          email: 'maelle.lebihan@courriel.example',
          minutes: 208,
          enrolmentId: enrolmentIds.enrolment,
          matchedBy: 'name',
          isTrainer: false,
          candidates: [],
        },
        {
          line: 3,
          name: 'Galaxy S24 d’Éric',
          email: null,
          minutes: 205,
          enrolmentId: null,
          matchedBy: null,
          isTrainer: false,
          candidates: [],
        },
      ],
    },
  ],
}

const described = {
  activityId: trainingIds.activity,
  title: 'Mesurer trois pages de son propre site',
  estimatedMinutes: 90,
  instructions: 'Rendre les trois mesures et ce que l’on en retient.',
}

const given = {
  done: true,
  doneOn: '2026-04-14',
  evidence: 'workHandedIn' as const,
  note: 'Mesures reçues par courriel',
}

const completion = {
  state: 'done' as const,
  doneOn: given.doneOn,
  minutes: 90,
  evidence: given.evidence,
  note: given.note,
  decidedAt: '2026-04-15T08:00:00Z',
}

const activity: z.output<typeof learnerActivityAnswer> = {
  enrolmentId: enrolmentIds.enrolment,
  ...described,
  ...completion,
}

const ofSession: z.output<typeof sessionActivitiesAnswer> = {
  activities: [described],
  learners: [
    {
      enrolmentId: enrolmentIds.enrolment,
      name: presence.name,
      activities: [{ activityId: trainingIds.activity, ...completion }],
    },
  ],
}

const attendedTime: z.output<typeof attendedTimeAnswer> = {
  enrolmentId: enrolmentIds.enrolment,
  onsiteIndividualMinutes: 0,
  onsiteGroupMinutes: 210,
  synchronousMinutes: 210,
  asynchronousMinutes: 90,
  attendedMinutes: 510,
}

const ofSlot = { params: { id: planningIds.morning } }
const ofEnrolment = { params: { id: enrolmentIds.enrolment } }

export const remoteExamples = {
  addConnectionLog: { ...ofSlot, query: { timeZone: 'Europe/Paris' }, upload: file, answer: logs },
  readConnectionLogs: { ...ofSlot, answer: logs },
  decideMatches: {
    ...ofSlot,
    body: { logId: exampleIds.connectionLog, matches: [{ line: 3, enrolmentId: null }] },
    answer: logs,
  },
  readConnectionLogFile: { params: { id: exampleIds.connectionLog }, text: file },
  recordActivity: {
    params: { id: enrolmentIds.enrolment, activityId: trainingIds.activity },
    body: given,
    answer: activity,
  },
  listLearnerActivities: { ...ofEnrolment, answer: { activities: [activity] } },
  listSessionActivities: { params: { id: planningIds.session }, answer: ofSession },
  readAttendedTime: { ...ofEnrolment, answer: attendedTime },
}
