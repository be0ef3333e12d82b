/** A calendar as an answer; also for the feed of a person, which another slice answers with. */
import type { Context } from 'hono'
import { entityTag, isKnown } from '../platform/http/etag.ts'

export const calendarMediaType = 'text/calendar'

/** 304 to who has it already: programs ask every hour. */
export function answerCalendar(c: Context, text: string, fileName: string): Response {
  const tag = entityTag(text)
  c.header('ETag', tag)
  if (isKnown(c, tag)) return c.body(null, 304)
  return c.body(text, 200, {
    'Content-Type': `${calendarMediaType}; charset=utf-8`,
    'Content-Disposition': `attachment; filename="${fileName}"`,
  })
}
