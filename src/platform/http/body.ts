/** Reads a JSON body: its media type, its size, its UTF-8, its grammar, each with its own status. */
import type { Context } from 'hono'
import { malformed, tooLarge, unsupportedMediaType } from '../problems.ts'

/** One mebibyte: an attendance call for 500 learners with notes is a tenth of it. */
const maxBodyBytes = 1_048_576

/** Throws 413 above the limit, 415 on another media type, 400 on what is not JSON in UTF-8. */
export async function readBody(c: Context, emptyIsObject: boolean): Promise<unknown> {
  if (Number(c.req.header('content-length') ?? 0) > maxBodyBytes) throw tooLarge()
  const bytes = await readBytes(c.req.raw.body)
  if (bytes.byteLength === 0 && emptyIsObject) return {}
  const mediaType = (c.req.header('content-type') ?? '').split(';')[0]?.trim().toLowerCase()
  if (mediaType !== 'application/json' && mediaType !== 'application/merge-patch+json') {
    throw unsupportedMediaType()
  }
  try {
    return JSON.parse(new TextDecoder('utf-8', { fatal: true }).decode(bytes))
  } catch {
    throw malformed({ detail: 'The body is not JSON in UTF-8.' })
  }
}

/** Stops reading at the limit, whatever `content-length` said. */
async function readBytes(stream: ReadableStream<Uint8Array> | null): Promise<Uint8Array> {
  if (!stream) return new Uint8Array()
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of stream) {
    size += chunk.byteLength
    if (size > maxBodyBytes) throw tooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
