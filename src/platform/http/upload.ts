/** Files as the body of a request: how large each route takes them, and how they are read. */
import type { Context, Handler } from 'hono'
import { matchedRoutes } from 'hono/route'
import { type Actor, accountIdOf } from '../access.ts'
import { invalidField, unsupportedFile } from '../problems.ts'
import { createTurns } from '../turns.ts'
import { readBytes } from './body.ts'
import type { UploadLimits } from './route-definition.ts'

export const mebibyte = 1_048_576

/** What was sent, by the media type that its sender gave it: not looked into yet. */
export type Upload = { bytes: Uint8Array<ArrayBuffer>; mediaType: string }

const limits = new WeakMap<object, number>()

/** Lets a route take more than others do. */
export function allowUpload(handler: Handler, mostBytes: number): void {
  limits.set(handler, mostBytes)
}

/** How large a file the route of this request takes; undefined where it takes none. */
export function mostUploaded(c: Context): number | undefined {
  const handler = matchedRoutes(c).findLast((route) => limits.has(route.handler))?.handler
  return handler && limits.get(handler)
}

const inTurn = createTurns(2)

/** Each file is held in memory whole: one sender has two under way in a process, and their others wait unread. */
export async function inUploadTurn<T>(actor: Actor, work: () => Promise<T>): Promise<T> {
  return inTurn(accountIdOf(actor) ?? '', work)
}

/** Throws 415 on another media type, 413 above the limit, 422 without any content, 400 on what broke off. */
export async function readUpload(c: Context, { mediaTypes, mostBytes }: UploadLimits): Promise<Upload> {
  const mediaType = (c.req.header('content-type') ?? '').split(';')[0]?.trim().toLowerCase() ?? ''
  if (!mediaTypes.includes(mediaType)) throw unsupportedFile({ detail: `Send ${mediaTypes.join(' or ')}.` })
  const bytes = await readBytes(c, mostBytes)
  if (bytes.byteLength === 0) throw invalidField('', 'empty', 'is empty')
  return { bytes, mediaType }
}
