import { type Router, route } from '../platform/http/router.ts'
import { periodQuery } from './bpf.schema.ts'
import { registerAnswer, registerQuery } from './certificate-register.schema.ts'
import { certificateRegister, certificateRegisterCsv } from './certificate-register.service.ts'
import { complianceExamples as examples } from './compliance.examples.ts'
import { compliancePermissions as may } from './compliance.permissions.ts'
import { csvAnswer } from './csv-answer.ts'

export function certificateRegisterRoutes(router: Router): void {
  route(
    router,
    {
      method: 'get',
      path: '/api/reports/certificates',
      tag: 'Reports',
      summary: 'The certificates issued in a period, revoked ones too, in the order of issue',
      access: may['register.read'],
      query: registerQuery,
      answer: registerAnswer,
      alternates: [{ path: '/api/reports/certificates.csv', type: 'text/csv' }],
      example: examples.certificateRegister,
    },
    ({ ctx, query }) => certificateRegister(ctx, query),
  )

  route(
    router,
    {
      method: 'get',
      path: '/api/reports/certificates.csv',
      tag: 'Reports',
      summary: 'The whole register of a period as CSV',
      access: may['register.read'],
      query: periodQuery,
      produces: 'text/csv',
      example: examples.certificateRegisterCsv,
    },
    async ({ ctx, query }) =>
      csvAnswer(await certificateRegisterCsv(ctx, query), `certificats-${query.from}-${query.to}.csv`),
  )
}
