import { type Router, route } from '../platform/http/router.ts'
import { auditAnswer, auditFilter, auditQuery } from './audit-log.schema.ts'
import { exportAudit, listAudit } from './audit-log.service.ts'
import { complianceExamples as examples } from './compliance.examples.ts'
import { compliancePermissions as may } from './compliance.permissions.ts'
import { csvAnswer } from './csv-answer.ts'

export function auditLogRoutes(router: Router): void {
  route(
    router,
    {
      method: 'get',
      path: '/api/audit',
      tag: 'Audit',
      summary: 'Who changed what, newest first («journal d’audit»)',
      access: may['audit.read'],
      query: auditQuery,
      answer: auditAnswer,
      alternates: [{ path: '/api/audit.csv', type: 'text/csv' }],
      example: examples.audit,
    },
    ({ ctx, query }) => listAudit(ctx, query),
  )

  route(
    router,
    {
      method: 'get',
      path: '/api/audit.csv',
      tag: 'Audit',
      summary: 'The whole audit, or what fits the filters, as CSV; taking it out is itself audited',
      access: may['audit.export'],
      query: auditFilter,
      produces: 'text/csv',
      example: examples.auditCsv,
    },
    async ({ ctx, query }) => {
      const { file, name } = await exportAudit(ctx, query)
      return csvAnswer(file, name)
    },
  )
}
