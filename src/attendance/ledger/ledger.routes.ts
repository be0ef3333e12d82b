import { type Router, route } from '../../platform/http/router.ts'
import { ledgerExamples as examples } from './ledger.examples.ts'
import { ledgerPermissions as may } from './ledger.permissions.ts'
import { exportAnswer, exportQuery, keysAnswer, verdictAnswer } from './ledger.schema.ts'
import { exportLedger, readPublicKeys, verifySession } from './ledger-reading.ts'

export function ledgerRoutes(router: Router): void {
  route(
    router,
    {
      method: 'get',
      path: '/api/ledger/keys',
      tag: 'Attendance',
      summary: 'The public keys that attendance is signed with, each introduced by the one before',
      access: may['ledger.readKeys'],
      answer: keysAnswer,
      isShared: true,
      example: examples.readKeys,
    },
    ({ ctx }) => readPublicKeys(ctx),
  )

  route(
    router,
    {
      method: 'get',
      path: '/api/sessions/{id}/ledger',
      tag: 'Attendance',
      summary: 'Whether the attendance of a session is as it was recorded; names the first event that is not',
      access: may['ledger.verify'],
      answer: verdictAnswer,
      alternates: [{ path: '/api/sessions/{id}/ledger.json', type: 'application/json' }],
      example: examples.verifySession,
    },
    ({ ctx, params }) => verifySession(ctx, params.id),
  )

  route(
    router,
    {
      method: 'get',
      path: '/api/sessions/{id}/ledger.json',
      tag: 'Attendance',
      summary: 'The attendance ledger of a session with all that proves it, to be checked without Préau',
      access: may['ledger.export'],
      query: exportQuery,
      answer: exportAnswer,
      example: examples.exportLedger,
    },
    ({ ctx, params, query, c }) => {
      c.header('Content-Disposition', `attachment; filename="ledger-${params.id}.json"`)
      return exportLedger(ctx, params.id, { payloads: query.payloads === 'true' })
    },
  )
}
