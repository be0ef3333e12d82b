import { z } from '@hono/zod-openapi'
import { recognisedTypes } from '../../platform/files/file-content.ts'
import { idAnswer } from '../../platform/http/entity.ts'
import { mebibyte } from '../../platform/http/upload.ts'
import { idsParameter, instant, text } from '../../platform/text.ts'

const justificationStatuses = ['waiting', 'accepted', 'refused'] as const
export type JustificationStatus = (typeof justificationStatuses)[number]

export const refusalInput = z.strictObject({ reason: text(500).describe('Told to the learner.') })

export const justificationQuery = z.strictObject({
  slotIds: idsParameter().describe('The half-days whose absence it proves, parted by commas.'),
})

/** A photograph or a certificate of one page or a few. */
export const justificationFile = { mediaTypes: recognisedTypes, mostBytes: 10 * mebibyte }

export const justificationAnswer = z
  .object({
    id: idAnswer(),
    enrolmentId: idAnswer(),
    slotIds: z.array(idAnswer()).describe('The half-days whose absence it proves, in time.'),
    status: z.enum(justificationStatuses).describe('`waiting`: no admin has looked at it yet.'),
    mediaType: z.enum(recognisedTypes).describe('By what is in the file.'),
    size: z.int().describe('In bytes.'),
    uploadedAt: instant(),
    decidedAt: instant().nullable(),
    refusalReason: z.string().nullable().describe('Why it was refused.'),
  })
  .openapi('Justification')

export const justificationsAnswer = z
  .object({ justifications: z.array(justificationAnswer).describe('The newest first.') })
  .openapi('Justifications')
