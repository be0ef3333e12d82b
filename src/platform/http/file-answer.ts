/** A file as an answer: tagged, named for who keeps it, 304 to who has it already. */
import type { Context } from 'hono'
import { isKnown } from './etag.ts'

type AnsweredFile = {
  /** Strong, with its quotation marks: another as soon as the bytes are. */
  tag: string
  mediaType: string
  /** `inline` is shown where the browser can, `attachment` is kept. */
  disposition: 'inline' | 'attachment'
  /** In ASCII, without quotation marks. */
  name: string
}

/** `content` is asked for only where it is sent: a sheet is not drawn for who has it. */
export async function answerFile(
  c: Context,
  { tag, mediaType, disposition, name }: AnsweredFile,
  content: () => string | Uint8Array | Promise<Uint8Array>,
): Promise<Response> {
  c.header('ETag', tag)
  if (isKnown(c, tag)) return c.body(null, 304)
  const made = await content()
  return c.body(typeof made === 'string' ? made : new Uint8Array(made), 200, {
    'Content-Type': mediaType,
    'Content-Disposition': `${disposition}; filename="${name}"`,
  })
}
