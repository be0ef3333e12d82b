import { z } from '@hono/zod-openapi'
import { idAnswer } from '../../platform/http/entity.ts'
import { instant, paragraphs, uuid } from '../../platform/text.ts'
import { marksInput } from '../attendance.schema.ts'
import { waiverReasons } from '../ledger/ledger-event.ts'
import { strokesInput } from '../signing/strokes.ts'

const help = {
  reasonCode: 'Not able to hold a pen; refused; a screen or link that failed; another reason, in the note.',
  sequence: 'Place of the seal in the ledger of the session.',
  hash: 'Of the seal and, through it, of all that came before in the ledger (SHA-256).',
  signature: 'Ed25519 over the hash, in base64url.',
  keyId: 'The key that it is signed with.',
  trainerPersonId: 'The trainer who sealed; null where an admin did, of a half-day signed on paper.',
}

export const countersignatureInput = z.strictObject({ strokes: strokesInput })
export type CountersignatureInput = z.output<typeof countersignatureInput>

export const countersignatureAnswer = z
  .object({ slotId: idAnswer(), personId: idAnswer(), signedAt: instant() })
  .openapi('Countersignature')

export const waiverInput = z
  .strictObject({
    enrolmentId: uuid(),
    reasonCode: z.enum(waiverReasons).describe(help.reasonCode),
    note: paragraphs(1_000).nullish().describe('In words; needed with `other`. Kept apart from the ledger.'),
  })
  .superRefine(({ reasonCode, note }, context) => {
    if (reasonCode === 'other' && note == null)
      context.addIssue({ code: 'custom', path: ['note'], message: 'is needed with other' })
  })
export type WaiverInput = z.output<typeof waiverInput>

export const waiverFields = {
  reasonCode: z.enum(waiverReasons).describe(help.reasonCode),
  note: z.string().nullable(),
}

export const waiverAnswer = z
  .object({ slotId: idAnswer(), enrolmentId: idAnswer(), ...waiverFields })
  .openapi('SignatureWaiver')

export const sealFields = {
  sealedAt: instant(),
  trainerPersonId: idAnswer().nullable().describe(help.trainerPersonId),
  sequence: z.int().describe(help.sequence),
  hash: z.string().describe(help.hash),
  signature: z.string().nullable().describe(help.signature),
  keyId: z.string().nullable().describe(help.keyId),
}

export const sealAnswer = z.object({ slotId: idAnswer(), ...sealFields }).openapi('Seal')

export const addendumInput = z.strictObject({
  reason: paragraphs(1_000).describe('Why what was sealed is corrected; it is shown on the sheet.'),
  marks: marksInput,
})
export type AddendumInput = z.output<typeof addendumInput>
