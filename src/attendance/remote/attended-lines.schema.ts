import { z } from '@hono/zod-openapi'
import { idAnswer } from '../../platform/http/entity.ts'

/** How AGEFICE asks for attended time: on site alone with the trainer or not, remote together or in one's own time. */
export const attendedLines = ['onsiteIndividual', 'onsiteGroup', 'synchronous', 'asynchronous'] as const
export type AttendedLine = (typeof attendedLines)[number]

const minutes = (what: string) => z.int().describe(what)

/** The four lines, which add up to the attended minutes. */
export const attendedLinesAnswer = z
  .object({
    onsiteIndividualMinutes: minutes('On site, the only learner in the half-day («présentiel individuel»).'),
    onsiteGroupMinutes: minutes('On site with others («présentiel collectif»).'),
    synchronousMinutes: minutes('Remote, with the trainer in real time («distanciel synchrone»).'),
    asynchronousMinutes: minutes('Remote, in one’s own time («distanciel asynchrone»): activities done.'),
  })
  .openapi('AttendedLines')
export type AttendedLines = z.output<typeof attendedLinesAnswer>

export const attendedTimeAnswer = z
  .object({
    enrolmentId: idAnswer(),
    ...attendedLinesAnswer.shape,
    attendedMinutes: minutes('Their sum, as sheet, certificate and BPF have it.'),
  })
  .openapi('AttendedTime')
