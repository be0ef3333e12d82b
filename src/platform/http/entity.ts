/** Parts that many requests and answers have. */
import { z } from '@hono/zod-openapi'
import { instant } from '../text.ts'

/** Of a verb that needs no more than its address. */
export const emptyInput = z.strictObject({})

/** An id in an answer. */
export const idAnswer = () => z.string().openapi({ format: 'uuid' })

/** A civil date in an answer. */
export const dateAnswer = () => z.string().openapi({ format: 'date' })

/** What every entity answers with. */
export const entityFields = {
  id: idAnswer(),
  version: z.int().describe('Goes up with every change; the `ETag` begins with it.'),
  createdAt: instant(),
  updatedAt: instant(),
}
