import { siretTaken } from '../organisation/organisation.problems.ts'
import { type Router, route } from '../platform/http/router.ts'
import { fundingExamples as examples } from './enrolment.examples.ts'
import { enrolmentPermissions as may } from './enrolment.permissions.ts'
import { noSuchClient } from './enrolment.problems.ts'
import { fundingAnswer, fundingInput } from './enrolment.schema.ts'
import * as funding from './funding.service.ts'

const tag = 'Funding'

export function fundingRoutes(router: Router): void {
  route(
    router,
    {
      method: 'get',
      path: '/api/enrolments/{id}/funding-lines',
      tag,
      summary: 'Who is invoiced for an enrolment («financements»)',
      access: may['funding.read'],
      answer: fundingAnswer,
      example: examples.readEnrolmentFunding,
    },
    ({ ctx, params }) => funding.readEnrolmentFunding(ctx, params.id),
  )

  route(
    router,
    {
      method: 'put',
      path: '/api/enrolments/{id}/funding-lines',
      tag,
      summary: 'Replaces all funding lines of an enrolment; a payer by name becomes a client',
      access: may['funding.write'],
      body: fundingInput,
      answer: fundingAnswer,
      problems: [noSuchClient, siretTaken],
      example: examples.writeEnrolmentFunding,
    },
    ({ ctx, params, body }) => funding.writeEnrolmentFunding(ctx, params.id, body.fundingLines),
  )

  route(
    router,
    {
      method: 'get',
      path: '/api/sessions/{id}/funding-lines',
      tag,
      summary: 'Who is invoiced for the session itself: a day rate, a flat price for a group',
      access: may['funding.read'],
      answer: fundingAnswer,
      example: examples.readSessionFunding,
    },
    ({ ctx, params }) => funding.readSessionFunding(ctx, params.id),
  )

  route(
    router,
    {
      method: 'put',
      path: '/api/sessions/{id}/funding-lines',
      tag,
      summary: 'Replaces the funding lines of a session that belong to no enrolment',
      access: may['funding.write'],
      body: fundingInput,
      answer: fundingAnswer,
      problems: [noSuchClient, siretTaken],
      example: examples.writeSessionFunding,
    },
    ({ ctx, params, body }) => funding.writeSessionFunding(ctx, params.id, body.fundingLines),
  )
}
