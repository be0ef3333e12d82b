/** Examples of the routes on sessions, also of those that move enrolments: two days of a training in Lyon. */
import type { z } from '@hono/zod-openapi'
import { exampleIds as catalogueIds, exampleCode } from '../catalogue/catalogue.examples.ts'
import { exampleIds as organisationIds } from '../organisation/organisation.examples.ts'
import { exampleIds as peopleIds } from '../people/people.examples.ts'
import type { sessionAnswer, sessionItemAnswer, slotAnswer } from './planning.schema.ts'

export const exampleIds = {
  session: catalogueIds.session,
  /** The morning and the afternoon of the first day. */
  morning: '0197f3a5-2d30-7fb6-a697-71d39ebc2d32',
  afternoon: '0197f3a5-3e40-70c7-b7a8-82e4afcd3e33',
  trainingVersion: '0197f3a5-4f50-71d8-88b9-93f5b0de4f34',
} as const

const created = { version: 1, createdAt: '2026-02-02T10:00:00Z', updatedAt: '2026-02-02T10:00:00Z' }

const morning: z.output<typeof slotAnswer> = {
  id: exampleIds.morning,
  ...created,
  sessionId: exampleIds.session,
  date: '2026-04-13',
  halfDay: 'morning',
  startTime: '09:00',
  endTime: '12:30',
  startsAt: '2026-04-13T07:00:00Z',
  endsAt: '2026-04-13T10:30:00Z',
  durationMinutes: 210,
  topic: 'Mesurer l’empreinte d’une page',
  modality: null,
  place: null,
  cancelledAt: null,
  trainerPersonIds: [peopleIds.trainer],
}

const afternoon: z.output<typeof slotAnswer> = {
  ...morning,
  id: exampleIds.afternoon,
  halfDay: 'afternoon',
  startTime: '13:30',
  endTime: '17:00',
  startsAt: '2026-04-13T11:30:00Z',
  endsAt: '2026-04-13T15:00:00Z',
  topic: 'Choisir ses corrections',
}

const listed: z.output<typeof sessionItemAnswer> = {
  id: exampleIds.session,
  version: 2,
  createdAt: created.createdAt,
  updatedAt: '2026-02-03T09:30:00Z',
  reference: 'ECO-WEB-2026-04',
  trainingId: catalogueIds.training,
  title: 'Éco-concevoir un site web',
  status: 'open',
  timeZone: 'Europe/Paris',
  modality: 'onsite',
  visibility: 'public',
  chapterId: organisationIds.chapter,
  place: 'La Fabrique, 7 rue des Marronniers, Lyon',
  startsOn: '2026-04-13',
  endsOn: '2026-04-13',
  firstSlotStartsAt: morning.startsAt,
  lastSlotEndsAt: afternoon.endsAt,
  capacity: 12,
  seatsLeft: 4,
}

const open: z.output<typeof sessionAnswer> = {
  ...listed,
  trainingCode: exampleCode,
  trainingVersionId: exampleIds.trainingVersion,
  statusReason: null,
  remoteUrl: null,
  minimumLearners: 5,
  waitlisted: 0,
  approval: 'automatic',
  privateClientId: null,
  subcontracting: 'none',
  subcontractClientId: null,
  bpfScope: 'included',
  bpfScopeReason: null,
  nsfCode: '326',
  objective: 'other',
  certificationLevel: null,
  trainers: [
    { personId: peopleIds.trainer, engagement: 'external', firstName: 'Yann', lastName: 'Kerdoncuff' },
  ],
  slots: [morning, afternoon],
}

const draft = { ...open, ...created, status: 'draft' as const, seatsLeft: 12 }

const params = { id: exampleIds.session }
const slotParams = { id: exampleIds.morning }
const later = { version: 3, updatedAt: '2026-04-15T08:00:00Z' }

export const planningExamples = {
  createSession: {
    body: {
      trainingId: catalogueIds.training,
      reference: listed.reference,
      modality: 'onsite' as const,
      chapterId: organisationIds.chapter,
      place: listed.place,
      capacity: 12,
      minimumLearners: 5,
      trainers: [{ personId: peopleIds.trainer, engagement: 'external' as const }],
      slots: [
        { date: morning.date, startTime: '09:00', endTime: '12:30', topic: morning.topic },
        { date: afternoon.date, startTime: '13:30', endTime: '17:00', topic: afternoon.topic },
      ],
    },
    answer: draft,
  },
  listSessions: {
    query: {
      from: '2026-04-01',
      to: '2026-04-30',
      status: 'open' as const,
      chapterId: organisationIds.chapter,
      trainerPersonId: peopleIds.trainer,
      limit: 20,
    },
    answer: { items: [listed], nextCursor: null },
  },
  readSession: { params, answer: open },
  readSessionCalendar: { params, text: 'BEGIN:VCALENDAR\r\nVERSION:2.0\r\n' },
  openSession: { params, body: {}, answer: open },
  changeSession: {
    params,
    body: { capacity: 14 },
    answer: { ...open, ...later, capacity: 14, seatsLeft: 6 },
  },
  closeSession: { params, body: {}, answer: { ...open, ...later, status: 'closed' as const } },
  cancelSession: {
    params,
    body: { reason: 'Formateur malade, aucune date de report' },
    answer: {
      ...open,
      ...later,
      status: 'cancelled' as const,
      statusReason: 'Formateur malade, aucune date de report',
      seatsLeft: 12,
    },
  },
  reopenSession: {
    params,
    body: { reason: 'Une feuille d’émargement avait été oubliée' },
    answer: { ...open, ...later, statusReason: 'Une feuille d’émargement avait été oubliée' },
  },
  createSlot: {
    params,
    body: { date: '2026-04-14', startTime: '09:00', endTime: '12:30', topic: 'Mesurer de nouveau' },
    answer: {
      ...morning,
      id: '0197f3a5-5a60-72e9-99ca-a4a6c1ef5a35',
      date: '2026-04-14',
      startsAt: '2026-04-14T07:00:00Z',
      endsAt: '2026-04-14T10:30:00Z',
      topic: 'Mesurer de nouveau',
    },
  },
  readSlot: { params: slotParams, answer: morning },
  changeSlot: {
    params: slotParams,
    body: { startTime: '09:30', endTime: '12:30', place: 'Salle du premier étage' },
    answer: {
      ...morning,
      version: 2,
      updatedAt: '2026-03-20T16:10:00Z',
      startTime: '09:30',
      startsAt: '2026-04-13T07:30:00Z',
      durationMinutes: 180,
      place: 'Salle du premier étage',
    },
  },
  cancelSlot: {
    params: { id: exampleIds.afternoon },
    body: { reason: 'Coupure d’électricité dans le quartier' },
    answer: {
      ...afternoon,
      version: 2,
      cancelledAt: '2026-04-13T11:40:00Z',
      updatedAt: '2026-04-13T11:40:00Z',
    },
  },
  deleteSlot: { params: { id: exampleIds.afternoon } },
}
