import { emptyInput } from '../platform/http/entity.ts'
import { pageOf } from '../platform/http/pagination.ts'
import { type Router, route } from '../platform/http/router.ts'
import { calendarRoutes } from './calendar.routes.ts'
import { planningExamples as examples } from './planning.examples.ts'
import { planningPermissions as may } from './planning.permissions.ts'
import {
  noSuchChapter,
  noSuchClient,
  noSuchLocalTime,
  noSuchTrainer,
  noSuchTraining,
  notReady,
  referenceTaken,
  slotHasMarks,
  slotsOverlap,
  trainerDoubleBooked,
  wrongStatus,
} from './planning.problems.ts'
import {
  newSlot,
  sessionAnswer,
  sessionInput,
  sessionItemAnswer,
  sessionsQuery,
  slotAnswer,
} from './planning.schema.ts'
import * as sessions from './session.service.ts'
import * as views from './session-view.ts'
import * as slots from './slot.service.ts'

export function planningRoutes(router: Router): void {
  route(
    router,
    {
      method: 'post',
      path: '/api/sessions',
      idempotent: true,
      tag: 'Sessions',
      summary: 'A session («session de formation») of a published training, as a draft',
      access: may['session.create'],
      body: sessionInput,
      status: 201,
      location: '/api/sessions/{id}',
      answer: sessionAnswer,
      problems: [
        referenceTaken,
        trainerDoubleBooked,
        slotsOverlap,
        noSuchLocalTime,
        noSuchTraining,
        noSuchChapter,
        noSuchClient,
        noSuchTrainer,
      ],
      example: examples.createSession,
    },
    ({ ctx, body }) => sessions.createSession(ctx, body),
  )

  route(
    router,
    {
      method: 'get',
      path: '/api/sessions',
      tag: 'Sessions',
      summary: 'Sessions by first slot, as far as one may see them; those without a slot come last',
      access: may['session.list'],
      query: sessionsQuery,
      answer: pageOf(sessionItemAnswer),
      example: examples.listSessions,
    },
    ({ ctx, query }) => views.listSessions(ctx, query),
  )

  route(
    router,
    {
      method: 'get',
      path: '/api/sessions/{id}',
      tag: 'Sessions',
      summary: 'One session with its trainers and slots',
      access: may['session.read'],
      answer: sessionAnswer,
      example: examples.readSession,
    },
    ({ ctx, params }) => views.readSession(ctx, params.id),
  )

  route(
    router,
    {
      method: 'post',
      path: '/api/sessions/{id}/open',
      idempotent: true,
      tag: 'Sessions',
      summary: 'Opens a draft for enrolment; it has a slot, and a trainer unless it is given out',
      access: may['session.open'],
      body: emptyInput,
      bodyOptional: true,
      answer: sessionAnswer,
      problems: [wrongStatus, notReady],
      example: examples.openSession,
    },
    ({ ctx, params }) => sessions.openSession(ctx, params.id),
  )

  slotRoutes(router)
  calendarRoutes(router)
}

function slotRoutes(router: Router): void {
  route(
    router,
    {
      method: 'post',
      path: '/api/sessions/{id}/slots',
      idempotent: true,
      tag: 'Sessions',
      summary: 'Adds a half-day slot («demi-journée») in the session’s time zone',
      access: may['session.change'],
      body: newSlot,
      status: 201,
      location: '/api/slots/{id}',
      answer: slotAnswer,
      problems: [wrongStatus, trainerDoubleBooked, slotsOverlap, noSuchLocalTime],
      example: examples.createSlot,
    },
    ({ ctx, params, body }) => slots.createSlot(ctx, params.id, body),
  )

  route(
    router,
    {
      method: 'get',
      path: '/api/slots/{id}',
      tag: 'Sessions',
      summary: 'One slot, with the ETag that a change of it wants',
      access: may['session.read'],
      answer: slotAnswer,
      example: examples.readSlot,
    },
    ({ ctx, params }) => views.readSlot(ctx, params.id),
  )

  route(
    router,
    {
      method: 'delete',
      path: '/api/slots/{id}',
      tag: 'Sessions',
      summary: 'Takes a slot away in which nobody has been marked',
      access: may['session.change'],
      problems: [wrongStatus, slotHasMarks, notReady],
      example: examples.deleteSlot,
    },
    async ({ ctx, params, c }) => {
      await slots.deleteSlot(ctx, params.id)
      return c.body(null, 204)
    },
  )
}
