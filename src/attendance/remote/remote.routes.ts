/** Routes of learning at a distance: connection logs, work done alone, attended time by the lines that funders ask for. */
import { slotCancelled } from '../../planning/planning.problems.ts'
import { tagOfHash } from '../../platform/http/etag.ts'
import { answerFile } from '../../platform/http/file-answer.ts'
import { type Router, route } from '../../platform/http/router.ts'
import { mebibyte } from '../../platform/http/upload.ts'
import { sessionClosed, sessionNotHeld, slotNotStarted } from '../attendance.problems.ts'
import {
  activityInput,
  learnerActivitiesAnswer,
  learnerActivityAnswer,
  sessionActivitiesAnswer,
} from './activity.schema.ts'
import * as activities from './activity.service.ts'
import { attendedTimeAnswer } from './attended-lines.schema.ts'
import { connectionLogAnswer, connectionLogQuery, connectionMatchesInput } from './connection-log.schema.ts'
import * as logs from './connection-log.service.ts'
import { remoteExamples as examples } from './remote.examples.ts'
import { remotePermissions as may } from './remote.permissions.ts'
import { activityDecided, logOfAnotherTime, notTakingPart, unreadableLog } from './remote.problems.ts'

export function remoteRoutes(router: Router): void {
  connectionLogRoutes(router)
  activityRoutes(router)
}

function connectionLogRoutes(router: Router): void {
  route(
    router,
    {
      method: 'post',
      path: '/api/slots/{id}/connection-log',
      idempotent: true,
      tag: 'Remote learning',
      summary:
        'A connection log («relevé de connexion») of a half-day, as Zoom, Teams or BigBlueButton export it; evidence beside the signatures',
      access: may['connections.add'],
      query: connectionLogQuery,
      upload: {
        mediaTypes: ['text/csv', 'text/tab-separated-values', 'text/plain'],
        mostBytes: 2 * mebibyte,
      },
      answer: connectionLogAnswer,
      problems: [unreadableLog, logOfAnotherTime, slotNotStarted, slotCancelled, sessionNotHeld],
      example: examples.addConnectionLog,
    },
    ({ ctx, params, query, upload }) => logs.addConnectionLog(ctx, params.id, query, upload.bytes),
  )

  route(
    router,
    {
      method: 'get',
      path: '/api/slots/{id}/connection-log',
      tag: 'Remote learning',
      summary: 'The connection logs of a half-day, who in them is who, and who is unsure',
      access: may['connections.read'],
      answer: connectionLogAnswer,
      example: examples.readConnectionLogs,
    },
    ({ ctx, params }) => logs.readConnectionLogs(ctx, params.id),
  )

  route(
    router,
    {
      method: 'put',
      path: '/api/slots/{id}/connection-log/matches',
      tag: 'Remote learning',
      summary: 'Decides who in a connection log is which learner, or nobody of the session',
      access: may['connections.add'],
      body: connectionMatchesInput,
      answer: connectionLogAnswer,
      example: examples.decideMatches,
    },
    ({ ctx, params, body }) => logs.decideMatches(ctx, params.id, body),
  )

  route(
    router,
    {
      method: 'get',
      path: '/api/connection-logs/{id}/file',
      tag: 'Remote learning',
      summary: 'A connection log as it was uploaded, byte by byte',
      access: may['connections.read'],
      params: { id: 'Id of a connection log.' },
      produces: 'text/csv',
      isTagged: true,
      example: examples.readConnectionLogFile,
    },
    async ({ ctx, params, c }) => {
      const { bytes, sha256 } = await logs.readConnectionLogFile(ctx, params.id)
      const name = `connection-log-${params.id}.csv`
      const file = { tag: tagOfHash(sha256), mediaType: 'text/csv', disposition: 'attachment' as const, name }
      return answerFile(c, file, () => bytes)
    },
  )
}

function activityRoutes(router: Router): void {
  route(
    router,
    {
      method: 'put',
      path: '/api/enrolments/{id}/activities/{activityId}',
      tag: 'Remote learning',
      summary:
        'What became of an activity («activité à distance»): declared by the learner, or decided on evidence by a trainer or an admin',
      access: may['activity.record'],
      params: { activityId: 'Id of an activity of the session’s training.' },
      body: activityInput,
      answer: learnerActivityAnswer,
      problems: [activityDecided, notTakingPart, sessionNotHeld, sessionClosed],
      example: examples.recordActivity,
    },
    ({ ctx, params, body }) =>
      activities.recordActivity(ctx, { enrolmentId: params.id, activityId: params.activityId }, body),
  )

  route(
    router,
    {
      method: 'get',
      path: '/api/enrolments/{id}/activities',
      tag: 'Remote learning',
      summary: 'The activities of a learner and how they stand',
      access: may['activity.read'],
      answer: learnerActivitiesAnswer,
      example: examples.listLearnerActivities,
    },
    async ({ ctx, params }) => ({ activities: await activities.listLearnerActivities(ctx, params.id) }),
  )

  route(
    router,
    {
      method: 'get',
      path: '/api/sessions/{id}/activities',
      tag: 'Remote learning',
      summary: 'The activities of a session and how every learner stands',
      access: may['activity.readAll'],
      answer: sessionActivitiesAnswer,
      example: examples.listSessionActivities,
    },
    ({ ctx, params }) => activities.listSessionActivities(ctx, params.id),
  )

  route(
    router,
    {
      method: 'get',
      path: '/api/enrolments/{id}/attended-time',
      tag: 'Remote learning',
      summary: 'What a learner attended, by the four lines of AGEFICE',
      access: may['activity.read'],
      answer: attendedTimeAnswer,
      example: examples.readAttendedTime,
    },
    ({ ctx, params }) => activities.readAttendedTime(ctx, params.id),
  )
}
