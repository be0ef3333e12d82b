import { slotCancelled } from '../../planning/planning.problems.ts'
import { emptyInput } from '../../platform/http/entity.ts'
import { type Router, route } from '../../platform/http/router.ts'
import { alreadySigned, sessionNotHeld, sheetSealed, slotNotStarted } from '../attendance.problems.ts'
import { slotAttendanceAnswer } from '../attendance.schema.ts'
import { addAddendum } from './addendum.ts'
import { countersign } from './countersigning.ts'
import { sealingExamples as examples } from './sealing.examples.ts'
import { sealingPermissions as may } from './sealing.permissions.ts'
import {
  alreadyWaived,
  notOnPaper,
  notPresent,
  notReadyToSeal,
  notSealed,
  slotNotEnded,
} from './sealing.problems.ts'
import {
  addendumInput,
  countersignatureAnswer,
  countersignatureInput,
  sealAnswer,
  waiverAnswer,
  waiverInput,
} from './sealing.schema.ts'
import { sealSlot } from './sealing.service.ts'
import { waiveSignature } from './waiving.ts'

const notHeld = [slotNotStarted, slotCancelled, sessionNotHeld]

export function sealingRoutes(router: Router): void {
  route(
    router,
    {
      method: 'post',
      path: '/api/slots/{id}/countersignature',
      tag: 'Attendance',
      summary: 'Signs for a half-day as its trainer («contre-émargement»)',
      access: may['attendance.countersign'],
      body: countersignatureInput,
      answer: countersignatureAnswer,
      problems: [...notHeld, alreadySigned, sheetSealed],
      example: examples.countersign,
    },
    ({ ctx, params, body }) => countersign(ctx, params.id, body),
  )

  route(
    router,
    {
      method: 'post',
      path: '/api/slots/{id}/waivers',
      tag: 'Attendance',
      summary: 'Says why a learner who was present did not sign',
      access: may['attendance.waive'],
      body: waiverInput,
      answer: waiverAnswer,
      problems: [...notHeld, notPresent, alreadySigned, alreadyWaived, sheetSealed],
      example: examples.waiveSignature,
    },
    ({ ctx, params, body }) => waiveSignature(ctx, params.id, body),
  )

  closingRoutes(router)
}

function closingRoutes(router: Router): void {
  route(
    router,
    {
      method: 'post',
      path: '/api/slots/{id}/seal',
      tag: 'Attendance',
      summary: 'Seals a half-day: from then on nothing in it changes («scellement»)',
      access: may['attendance.seal'],
      body: emptyInput,
      bodyOptional: true,
      answer: sealAnswer,
      problems: [...notHeld, slotNotEnded, notOnPaper, notReadyToSeal],
      example: examples.sealSlot,
    },
    ({ ctx, params }) => sealSlot(ctx, params.id),
  )

  route(
    router,
    {
      method: 'post',
      path: '/api/slots/{id}/addenda',
      idempotent: true,
      tag: 'Attendance',
      summary: 'Corrects a sealed half-day, with a reason that the sheet shows («avenant»)',
      access: may['attendance.correct'],
      body: addendumInput,
      answer: slotAttendanceAnswer,
      problems: [notSealed, slotCancelled],
      example: examples.addAddendum,
    },
    async ({ ctx, params, body }) => ({ marks: await addAddendum(ctx, params.id, body) }),
  )
}
