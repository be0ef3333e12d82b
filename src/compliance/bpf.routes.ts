import { type Router, route } from '../platform/http/router.ts'
import { bpfCsv } from './bpf.csv.ts'
import {
  bpfInputsAnswer,
  bpfInputsBody,
  bpfReportAnswer,
  drillDownAnswer,
  periodQuery,
} from './bpf.schema.ts'
import * as bpf from './bpf.service.ts'
import { complianceExamples as examples } from './compliance.examples.ts'
import { compliancePermissions as may } from './compliance.permissions.ts'
import { csvAnswer } from './csv-answer.ts'

export function bpfRoutes(router: Router): void {
  route(
    router,
    {
      method: 'get',
      path: '/api/reports/bpf',
      tag: 'Reports',
      summary: 'The BPF («bilan pédagogique et financier») of any exercise',
      access: may['bpf.read'],
      query: periodQuery,
      answer: bpfReportAnswer,
      alternates: [{ path: '/api/reports/bpf.csv', type: 'text/csv' }],
      example: examples.bpfReport,
    },
    ({ ctx, query }) => bpf.bpfReport(ctx, query),
  )

  route(
    router,
    {
      method: 'get',
      path: '/api/reports/bpf.csv',
      tag: 'Reports',
      summary: 'The same as a sheet in the order of the form',
      access: may['bpf.read'],
      query: periodQuery,
      produces: 'text/csv',
      example: examples.bpfCsv,
    },
    async ({ ctx, query }) =>
      csvAnswer(bpfCsv(await bpf.bpfReport(ctx, query)), `bpf-${query.from}-${query.to}.csv`),
  )

  route(
    router,
    {
      method: 'get',
      path: '/api/reports/bpf/lines/{frame}/{line}',
      tag: 'Reports',
      summary: 'The rows behind a printed figure; they sum to its exact value',
      access: may['bpf.read'],
      params: {
        frame: 'Frame of the form: C, D, E, F1, F2, F3, F4 or G.',
        line: 'The key of the figure in the report’s frame: `g`, `total`, `a.n5`, `internal`, an NSF code.',
      },
      query: periodQuery,
      answer: drillDownAnswer,
      example: examples.bpfDrillDown,
    },
    ({ ctx, params, query }) => bpf.bpfDrillDown(ctx, query, params.frame, params.line),
  )

  route(
    router,
    {
      method: 'put',
      path: '/api/reports/bpf/inputs',
      tag: 'Reports',
      summary: 'Turnover and expenses of the exercise, which no other row knows',
      access: may['bpf.setInputs'],
      query: periodQuery,
      body: bpfInputsBody,
      answer: bpfInputsAnswer,
      example: examples.setBpfInputs,
    },
    ({ ctx, query, body }) => bpf.setBpfInputs(ctx, query, body),
  )
}
