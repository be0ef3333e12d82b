import { siretTaken } from '../organisation/organisation.problems.ts'
import { noSuchChapter, noSuchEmployer } from '../people/people.problems.ts'
import { emptyInput } from '../platform/http/entity.ts'
import { pageOf } from '../platform/http/pagination.ts'
import { type Router, route } from '../platform/http/router.ts'
import { calendarFeedRoutes } from './calendar-feed.routes.ts'
import { enrol } from './enrol.service.ts'
import { enrolmentExamples as examples } from './enrolment.examples.ts'
import { enrolmentPermissions as may } from './enrolment.permissions.ts'
import {
  alreadyEnrolled,
  hasAttended,
  isTrainer,
  noSeatLeft,
  noSuchClient,
  noSuchPerson,
  sessionNotOpen,
  sessionStarted,
  wrongStatus,
} from './enrolment.problems.ts'
import type { OwnEnrolment } from './enrolment.queries.ts'
import {
  abandonInput,
  cancelInput,
  enrolmentAnswer,
  enrolmentInput,
  enrolmentPatch,
  enrolmentsQuery,
  listedEnrolmentAnswer,
  needsAnswer,
  ownEnrolmentAnswer,
  ownEnrolmentsQuery,
  reasonInput,
} from './enrolment.schema.ts'
import * as enrolment from './enrolment.service.ts'
import { funderNoticeRoutes } from './funder-notice.routes.ts'
import { fundingRoutes } from './funding.routes.ts'
import { sessionLifecycleRoutes } from './session-lifecycle.routes.ts'

const tag = 'Enrolments'

export function enrolmentRoutes(router: Router): void {
  enrolRoutes(router)
  readRoutes(router)
  moveRoutes(router)
  calendarFeedRoutes(router)
  fundingRoutes(router)
  funderNoticeRoutes(router)
  sessionLifecycleRoutes(router)
}

function enrolRoutes(router: Router): void {
  route(
    router,
    {
      method: 'post',
      path: '/api/sessions/{id}/enrolments',
      idempotent: true,
      tag,
      summary:
        'Enrols («inscription») oneself, or whom an ambassador or admin names: a seat, a request or a place in waiting',
      access: may['enrolment.create'],
      body: enrolmentInput,
      status: 201,
      location: '/api/enrolments/{id}',
      answer: enrolmentAnswer,
      problems: [
        alreadyEnrolled,
        isTrainer,
        sessionNotOpen,
        sessionStarted,
        siretTaken,
        noSuchPerson,
        noSuchClient,
        noSuchChapter,
        noSuchEmployer,
      ],
      example: examples.enrol,
    },
    ({ ctx, params, body }) => enrol(ctx, params.id, body),
  )

  route(
    router,
    {
      method: 'get',
      path: '/api/sessions/{id}/enrolments',
      tag,
      summary: 'Enrolments of a session, in the order in which they were asked for',
      access: may['enrolment.list'],
      query: enrolmentsQuery,
      answer: pageOf(listedEnrolmentAnswer),
      example: examples.listEnrolments,
    },
    ({ ctx, params, query }) => enrolment.listEnrolments(ctx, params.id, query),
  )
}

function readRoutes(router: Router): void {
  route(
    router,
    {
      method: 'get',
      path: '/api/enrolments/{id}',
      tag,
      summary: 'One enrolment',
      access: may['enrolment.read'],
      answer: enrolmentAnswer,
      example: examples.readEnrolment,
    },
    ({ ctx, params }) => enrolment.readEnrolment(ctx, params.id),
  )

  route(
    router,
    {
      method: 'patch',
      path: '/api/enrolments/{id}',
      tag,
      summary: 'Corrects trainee type («type de stagiaire»), employer and dates',
      access: may['enrolment.change'],
      body: enrolmentPatch,
      ifMatch: true,
      answer: enrolmentAnswer,
      problems: [noSuchClient],
      example: examples.changeEnrolment,
    },
    ({ ctx, params, body, ifMatch }) => enrolment.changeEnrolment(ctx, params.id, body, ifMatch),
  )

  route(
    router,
    {
      method: 'get',
      path: '/api/enrolments/{id}/needs',
      tag,
      summary:
        'The accommodation need («besoin d’aménagement»), for the learner and the «référent handicap» alone; audited',
      access: may['enrolment.readNeeds'],
      answer: needsAnswer,
      example: examples.readNeeds,
    },
    ({ ctx, params }) => enrolment.readNeeds(ctx, params.id),
  )

  route(
    router,
    {
      method: 'get',
      path: '/api/me/enrolments',
      tag,
      summary: 'One’s own enrolments with their sessions, the newest first',
      access: may['enrolment.listOwn'],
      query: ownEnrolmentsQuery,
      answer: pageOf(ownEnrolmentAnswer),
      example: examples.listOwnEnrolments,
    },
    async ({ ctx, query }) => {
      const page = await enrolment.listOwnEnrolments(ctx, query)
      return { ...page, items: page.items.map(withSession) }
    },
  )
}

function withSession(row: OwnEnrolment) {
  const { reference, title, sessionStatus, timeZone, firstSlotStartsAt, lastSlotEndsAt, ...own } = row
  const span = { startsAt: firstSlotStartsAt, endsAt: lastSlotEndsAt }
  return { ...own, session: { reference, title, status: sessionStatus, timeZone, ...span } }
}

function moveRoutes(router: Router): void {
  route(
    router,
    {
      method: 'post',
      path: '/api/enrolments/{id}/cancel',
      idempotent: true,
      tag,
      summary: 'Gives the seat or place back; until the first slot starts, the first in waiting is seated',
      access: may['enrolment.cancel'],
      body: cancelInput,
      bodyOptional: true,
      answer: enrolmentAnswer,
      problems: [wrongStatus, hasAttended],
      example: examples.cancelEnrolment,
    },
    ({ ctx, params, body }) => enrolment.cancelEnrolment(ctx, params.id, body.reason ?? null),
  )

  route(
    router,
    {
      method: 'post',
      path: '/api/enrolments/{id}/confirm',
      idempotent: true,
      tag,
      summary: 'Accepts a request, or seats by hand somebody who waits',
      access: may['enrolment.confirm'],
      body: emptyInput,
      bodyOptional: true,
      answer: enrolmentAnswer,
      problems: [wrongStatus, noSeatLeft],
      example: examples.confirmEnrolment,
    },
    ({ ctx, params }) => enrolment.confirmEnrolment(ctx, params.id),
  )

  route(
    router,
    {
      method: 'post',
      path: '/api/enrolments/{id}/refuse',
      idempotent: true,
      tag,
      summary: 'Refuses a request or somebody who waits',
      access: may['enrolment.refuse'],
      body: reasonInput,
      bodyOptional: true,
      answer: enrolmentAnswer,
      problems: [wrongStatus],
      example: examples.refuseEnrolment,
    },
    ({ ctx, params, body }) => enrolment.refuseEnrolment(ctx, params.id, body.reason),
  )

  route(
    router,
    {
      method: 'post',
      path: '/api/enrolments/{id}/abandon',
      idempotent: true,
      tag,
      summary: 'The learner stopped on the way («abandon»); the seat stays taken, the minutes stay attended',
      access: may['enrolment.abandon'],
      body: abandonInput,
      bodyOptional: true,
      answer: enrolmentAnswer,
      problems: [wrongStatus],
      example: examples.abandonEnrolment,
    },
    ({ ctx, params, body }) => enrolment.abandonEnrolment(ctx, params.id, body),
  )
}
