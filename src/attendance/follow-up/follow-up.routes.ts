import { type Router, route } from '../../platform/http/router.ts'
import { findingGone } from './findings.problems.ts'
import { dismissalInput, findingAnswer, findingsAnswer } from './findings.schema.ts'
import * as findings from './findings.service.ts'
import { followUpExamples as examples } from './follow-up.examples.ts'
import { followUpPermissions as may } from './follow-up.permissions.ts'
import { tasksAnswer } from './tasks.schema.ts'
import { listTasks } from './tasks.service.ts'

export function followUpRoutes(router: Router): void {
  route(
    router,
    {
      method: 'get',
      path: '/api/sessions/{id}/findings',
      tag: 'Attendance',
      summary: 'What is missing or implausible in the attendance of a session («anomalies»)',
      access: may['finding.read'],
      answer: findingsAnswer,
      example: examples.listFindings,
    },
    async ({ ctx, params }) => ({ findings: await findings.listFindings(ctx, params.id) }),
  )

  route(
    router,
    {
      method: 'post',
      path: '/api/sessions/{id}/findings/dismiss',
      idempotent: true,
      tag: 'Attendance',
      summary: 'Says of a finding that it is as it should be, and why; once, and it stands',
      access: may['finding.dismiss'],
      body: dismissalInput,
      answer: findingAnswer,
      problems: [findingGone],
      example: examples.dismissFinding,
    },
    ({ ctx, params, body }) => findings.dismissFinding(ctx, params.id, body),
  )

  route(
    router,
    {
      method: 'get',
      path: '/api/me/tasks',
      tag: 'Attendance',
      summary: 'What there is to do, by all that one is: learner, trainer, ambassador, admin («à faire»)',
      access: may['task.list'],
      answer: tasksAnswer,
      example: examples.listTasks,
    },
    async ({ ctx }) => ({ tasks: await listTasks(ctx) }),
  )
}
