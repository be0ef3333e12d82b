/** Reads a body: its size, and of JSON its media type, its size, its UTF-8, its grammar, each with its own status. */
import type { Context } from 'hono'
import { Problem } from '../problem.ts'
import { malformed, tooLarge, unsupportedMediaType } from '../problems.ts'

/** One mebibyte: an attendance call for 500 learners with notes is a tenth of it. */
export const maxBodyBytes = 1_048_576

/** Our deepest body, an enrolment's funding lines, has four; a thousand would exhaust the stack of who walks them. */
const deepestNesting = 32

/** Throws 413 above the limit, 415 on another media type, 400 on what is not JSON in UTF-8 or nests too deep. */
export async function readBody(c: Context, emptyIsObject: boolean): Promise<unknown> {
  const bytes = await readBytes(c, maxBodyBytes)
  if (bytes.byteLength === 0 && emptyIsObject) return {}
  const mediaType = (c.req.header('content-type') ?? '').split(';')[0]?.trim().toLowerCase()
  if (mediaType !== 'application/json' && mediaType !== 'application/merge-patch+json') {
    throw unsupportedMediaType()
  }
  return parse(bytes)
}

function parse(bytes: Uint8Array): unknown {
  let text: string
  let value: unknown
  try {
    text = new TextDecoder('utf-8', { fatal: true }).decode(bytes)
    value = JSON.parse(text)
  } catch {
    throw malformed({ detail: 'The body is not JSON in UTF-8.' })
  }
  if (nestsDeeper(text)) throw malformed({ detail: `The body nests more than ${deepestNesting} deep.` })
  return value
}

/** Whether brackets and braces are more than `deepestNesting` deep, in a text that is JSON. */
function nestsDeeper(json: string): boolean {
  let depth = 0
  for (const [token] of json.matchAll(/"(?:[^"\\]|\\.)*"|[[{\]}]/g)) {
    if (token === '[' || token === '{') depth++
    else if (token === ']' || token === '}') depth--
    if (depth > deepestNesting) return true
  }
  return false
}

/** Stops reading at the limit, and throws 413. A body that breaks off is the client's doing, and 400. */
export async function readBytes(c: Context, mostBytes: number): Promise<Uint8Array<ArrayBuffer>> {
  const announced = c.req.header('content-length')
  if (Number(announced ?? 0) > mostBytes) throw tooLarge()
  try {
    // Node reads no more than was announced.
    return announced === undefined
      ? await readStream(c.req.raw.body, mostBytes)
      : new Uint8Array(await c.req.raw.arrayBuffer())
  } catch (error) {
    throw error instanceof Problem ? error : malformed({ detail: 'The body broke off.' })
  }
}

async function readStream(
  stream: ReadableStream<Uint8Array> | null,
  mostBytes: number,
): Promise<Uint8Array<ArrayBuffer>> {
  if (!stream) return new Uint8Array()
  const chunks: Uint8Array[] = []
  let size = 0
  for await (const chunk of stream) {
    size += chunk.byteLength
    if (size > mostBytes) throw tooLarge()
    chunks.push(chunk)
  }
  return Buffer.concat(chunks)
}
