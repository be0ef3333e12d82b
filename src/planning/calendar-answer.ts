/** A calendar as an answer; also for the feed of a person, which another slice answers with. */
import type { Context } from 'hono'
import { entityTag } from '../platform/http/etag.ts'
import { answerFile } from '../platform/http/file-answer.ts'

export const calendarMediaType = 'text/calendar'

/** 304 to who has it already matters here: programs ask every hour. */
export function answerCalendar(c: Context, text: string, name: string): Promise<Response> {
  const mediaType = `${calendarMediaType}; charset=utf-8`
  return answerFile(c, { tag: entityTag(text), mediaType, disposition: 'attachment', name }, () => text)
}
