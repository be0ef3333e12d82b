/** Lists by keyset: `?limit=50&cursor=…` → `{ items, nextCursor }`. */
import { z } from '@hono/zod-openapi'
import { type RawBuilder, sql } from 'kysely'
import { isUuid } from '../ids.ts'
import type { Problem } from '../problem.ts'
import { invalidField } from '../problems.ts'

export const pageQuery = {
  limit: z.coerce.number().int().min(1).max(200).default(50).describe('How many at most, 1 to 200.'),
  cursor: z
    .string()
    .max(2_000)
    .optional()
    .describe('The `nextCursor` of the page before; absent for the first page.'),
}

export type PageQuery = { limit: number; cursor?: string | undefined }
export type Page<Item> = { items: Item[]; nextCursor: string | null }

/** The schema of a page of such items. */
export function pageOf<Item extends z.ZodType>(item: Item) {
  return z.object({
    items: z.array(item),
    nextCursor: z.string().nullable().describe('For `cursor`; null on the last page.'),
  })
}

/** Where the page before ended: the values of the ordering columns as strings, the id last. */
export type Position = string[]

/** Opaque to clients: they send back what they got. */
export function encodeCursor(position: Position): string {
  return Buffer.from(JSON.stringify(position)).toString('base64url')
}

/** Throws 422 on a cursor that is not ours: `columns` values, of which the last is an id. */
export function decodeCursor(cursor: string | undefined, columns: number): Position | undefined {
  if (cursor === undefined) return undefined
  const position = parseArray(Buffer.from(cursor, 'base64url').toString('utf8'))
  const isOurs =
    position?.length === columns &&
    position.every((part) => typeof part === 'string' && part.isWellFormed() && !part.includes('\0')) &&
    isUuid(String(position.at(-1)))
  if (!isOurs) throw invalidCursor()
  return position.map(String)
}

/** An instant in a cursor as our lists write it. Throws 422 on any other. */
export function cursorInstant(value: string | undefined): Temporal.Instant {
  const instant = /^\d{4}-\d\d-\d\dT[\d:.]+Z$/.test(value ?? '') ? parseInstant(value ?? '') : undefined
  if (!instant) throw invalidCursor()
  return instant
}

/** What follows the cursor in a list by an instant and the id, the newest first; without a cursor, all. Throws 422. */
export function olderThan(cursor: string | undefined, instant = sql`created_at`): RawBuilder<boolean> {
  const after = decodeCursor(cursor, 2)
  if (!after) return sql<boolean>`true`
  return sql<boolean>`(${instant}, id) < (${cursorInstant(after[0])}, ${after[1]}::uuid)`
}

/** 422 on a cursor that is not the one of the page before. */
export function invalidCursor(): Problem {
  return invalidField('/cursor', 'invalid-cursor', 'must be the nextCursor of the page before')
}

function parseInstant(value: string): Temporal.Instant | undefined {
  try {
    return Temporal.Instant.from(value)
  } catch {
    return undefined
  }
}

function parseArray(text: string): unknown[] | undefined {
  try {
    const value: unknown = JSON.parse(text)
    return Array.isArray(value) ? value : undefined
  } catch {
    return undefined
  }
}

/** No cursor of ours has it otherwise. */
const nearMark = '~'

/**
 * The page of what matches a search as typed; where nothing does, the page of what comes near. The cursor remembers
 * which it was, so that all pages of a list are of one kind.
 */
export async function nearestPage<Item>(
  { limit, cursor }: PageQuery,
  read: Record<'exact' | 'near', (page: PageQuery) => Promise<Page<Item>>>,
): Promise<Page<Item>> {
  if (!cursor?.startsWith(nearMark)) {
    const exact = await read.exact({ limit, cursor })
    if (exact.items.length > 0 || cursor !== undefined) return exact
  }
  const { items, nextCursor } = await read.near({ limit, cursor: cursor?.slice(nearMark.length) })
  return { items, nextCursor: nextCursor && `${nearMark}${nextCursor}` }
}

/** From `limit + 1` rows to a page: the surplus row only tells that there is more. */
export function toPage<Row>(rows: Row[], limit: number, positionOf: (row: Row) => Position): Page<Row> {
  const items = rows.slice(0, limit)
  const last = items.at(-1)
  return { items, nextCursor: rows.length > limit && last ? encodeCursor(positionOf(last)) : null }
}
