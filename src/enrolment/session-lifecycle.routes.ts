/** The routes on a session that also move its enrolments, and so are mounted above planning. */

import { planningExamples as examples } from '../planning/planning.examples.ts'
import { planningPermissions as may } from '../planning/planning.permissions.ts'
import {
  capacityBelowSeats,
  noSuchChapter,
  noSuchClient,
  noSuchTrainer,
  notReady,
  referenceTaken,
  trainerDoubleBooked,
  trainerIsLearner,
  wrongStatus,
} from '../planning/planning.problems.ts'
import { sessionAnswer, sessionPatch } from '../planning/planning.schema.ts'
import { emptyInput } from '../platform/http/entity.ts'
import { type Router, route } from '../platform/http/router.ts'
import { cannotClose, certificateStands } from './enrolment.problems.ts'
import { reasonInput, reopenInput } from './enrolment.schema.ts'
import * as lifecycle from './session-lifecycle.service.ts'

const tag = 'Sessions'

export function sessionLifecycleRoutes(router: Router): void {
  route(
    router,
    {
      method: 'patch',
      path: '/api/sessions/{id}',
      tag,
      summary: 'Changes a session; seats that this adds go to the first in waiting',
      access: may['session.change'],
      body: sessionPatch,
      ifMatch: true,
      answer: sessionAnswer,
      problems: [
        wrongStatus,
        notReady,
        capacityBelowSeats,
        referenceTaken,
        trainerDoubleBooked,
        trainerIsLearner,
        noSuchChapter,
        noSuchClient,
        noSuchTrainer,
      ],
      example: examples.changeSession,
    },
    ({ ctx, params, body, ifMatch }) => lifecycle.changeSessionAndSeats(ctx, params.id, body, ifMatch),
  )

  route(
    router,
    {
      method: 'post',
      path: '/api/sessions/{id}/close',
      idempotent: true,
      tag,
      summary: 'Closes a session that was held («clore»): its confirmed learners have completed it',
      access: may['session.close'],
      body: emptyInput,
      bodyOptional: true,
      answer: sessionAnswer,
      problems: [wrongStatus, cannotClose],
      example: examples.closeSession,
    },
    ({ ctx, params }) => lifecycle.closeSession(ctx, params.id),
  )

  route(
    router,
    {
      method: 'post',
      path: '/api/sessions/{id}/cancel',
      idempotent: true,
      tag,
      summary: 'Cancels a session and the enrolments still to come («annuler»)',
      access: may['session.cancel'],
      body: reasonInput,
      bodyOptional: true,
      answer: sessionAnswer,
      problems: [wrongStatus],
      example: examples.cancelSession,
    },
    ({ ctx, params, body }) => lifecycle.cancelSession(ctx, params.id, body.reason),
  )

  route(
    router,
    {
      method: 'post',
      path: '/api/sessions/{id}/reopen',
      idempotent: true,
      tag,
      summary: 'Opens a closed session again while no certificate stands («rouvrir»)',
      access: may['session.reopen'],
      body: reopenInput,
      bodyOptional: true,
      answer: sessionAnswer,
      problems: [wrongStatus, certificateStands],
      example: examples.reopenSession,
    },
    ({ ctx, params, body }) => lifecycle.reopenSession(ctx, params.id, body.reason),
  )
}
