/** The routes on a slot that also write the ledger of attendance, and so are mounted above planning. */
import { planningExamples as examples } from '../planning/planning.examples.ts'
import { planningPermissions as may } from '../planning/planning.permissions.ts'
import {
  noSuchLocalTime,
  notReady,
  slotCancelled,
  slotsOverlap,
  trainerDoubleBooked,
  wrongStatus,
} from '../planning/planning.problems.ts'
import { slotAnswer, slotCancellation, slotPatch } from '../planning/planning.schema.ts'
import { type Router, route } from '../platform/http/router.ts'
import { sheetSealed, signedBefore } from './attendance.problems.ts'
import * as changes from './slot-changes.ts'

export function slotChangeRoutes(router: Router): void {
  route(
    router,
    {
      method: 'patch',
      path: '/api/slots/{id}',
      tag: 'Sessions',
      summary:
        'Moves a slot or changes what it says; attendance already marked keeps its minutes, and is marked again where it no longer fits',
      access: may['session.change'],
      body: slotPatch,
      ifMatch: true,
      answer: slotAnswer,
      problems: [
        wrongStatus,
        slotCancelled,
        sheetSealed,
        signedBefore,
        trainerDoubleBooked,
        slotsOverlap,
        noSuchLocalTime,
      ],
      example: examples.changeSlot,
    },
    ({ ctx, params, body, ifMatch }) => changes.changeSlot(ctx, params.id, body, ifMatch),
  )

  route(
    router,
    {
      method: 'post',
      path: '/api/slots/{id}/cancel',
      idempotent: true,
      tag: 'Sessions',
      summary:
        'Cancels a slot («annuler une demi-journée»): what was attended in it counts no more, and stays on record',
      access: may['session.change'],
      body: slotCancellation,
      answer: slotAnswer,
      problems: [wrongStatus, slotCancelled, sheetSealed, notReady],
      example: examples.cancelSlot,
    },
    ({ ctx, params, body }) => changes.cancelSlot(ctx, params.id, body.reason),
  )
}
