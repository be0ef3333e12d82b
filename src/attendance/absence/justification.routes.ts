import { recognisedTypes } from '../../platform/files/file-content.ts'
import { emptyInput } from '../../platform/http/entity.ts'
import { tagOfHash } from '../../platform/http/etag.ts'
import { answerFile } from '../../platform/http/file-answer.ts'
import { type Router, route } from '../../platform/http/router.ts'
import { justificationExamples as examples } from './justification.examples.ts'
import { justificationPermissions as may } from './justification.permissions.ts'
import {
  justificationDecided,
  justificationExists,
  nothingToJustify,
  tooManyJustifications,
} from './justification.problems.ts'
import {
  justificationAnswer,
  justificationFile,
  justificationQuery,
  justificationsAnswer,
  refusalInput,
} from './justification.schema.ts'
import * as justifications from './justification.service.ts'

const tag = 'Attendance'

export function justificationRoutes(router: Router): void {
  route(
    router,
    {
      method: 'post',
      path: '/api/enrolments/{id}/justifications',
      tag,
      summary: 'Hands in a paper that proves an absence («justificatif»); it waits for an admin',
      access: may['justification.upload'],
      query: justificationQuery,
      upload: justificationFile,
      idempotent: true,
      status: 201,
      answer: justificationAnswer,
      problems: [justificationExists, tooManyJustifications],
      example: examples.upload,
    },
    ({ ctx, params, query, upload }) =>
      justifications.uploadJustification(ctx, params.id, query.slotIds, upload.bytes),
  )

  route(
    router,
    {
      method: 'get',
      path: '/api/enrolments/{id}/justifications',
      tag,
      summary: 'The papers handed in for an enrolment, and what became of them',
      access: may['justification.read'],
      answer: justificationsAnswer,
      example: examples.list,
    },
    async ({ ctx, params }) => ({ justifications: await justifications.listJustifications(ctx, params.id) }),
  )

  route(
    router,
    {
      method: 'get',
      path: '/api/justifications/{id}/file',
      tag,
      summary: 'A paper as it was handed in; each look of an admin is audited',
      access: may['justification.read'],
      produces: recognisedTypes,
      isTagged: true,
      example: examples.readFile,
    },
    async ({ ctx, params, c }) => {
      const { justification, bytes } = await justifications.readJustificationFile(ctx, params.id)
      const { mediaType, sha256 } = justification
      const name = `justificatif-${params.id}.${mediaType.split('/')[1]}`
      return answerFile(c, { tag: tagOfHash(sha256), mediaType, disposition: 'inline', name }, () => bytes)
    },
  )

  decisionRoutes(router)
}

function decisionRoutes(router: Router): void {
  route(
    router,
    {
      method: 'post',
      path: '/api/justifications/{id}/accept',
      idempotent: true,
      tag,
      summary: 'Accepts a paper: the absences that it proves are justified («absences justifiées»)',
      access: may['justification.decide'],
      body: emptyInput,
      bodyOptional: true,
      answer: justificationAnswer,
      problems: [justificationDecided, nothingToJustify],
      example: examples.accept,
    },
    ({ ctx, params }) => justifications.acceptJustification(ctx, params.id),
  )

  route(
    router,
    {
      method: 'post',
      path: '/api/justifications/{id}/refuse',
      idempotent: true,
      tag,
      summary: 'Refuses a paper, with a reason for the learner',
      access: may['justification.decide'],
      body: refusalInput,
      answer: justificationAnswer,
      problems: [justificationDecided],
      example: examples.refuse,
    },
    ({ ctx, params, body }) => justifications.refuseJustification(ctx, params.id, body.reason),
  )
}
