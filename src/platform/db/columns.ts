/** The column types that every slice's row types are written with. */
import type { ColumnType, Generated } from 'kysely'

/** jsonb: read as a value, written as `JSON.stringify(value)` (a bare array would be taken for a PostgreSQL array). */
export type Json<T> = ColumnType<T, string, string>

/** A civil date, `YYYY-MM-DD`. */
export type CivilDate = string

/** The columns of every entity that the API shows and that `If-Match` guards. */
export type Entity = {
  id: string
  version: Generated<number>
  createdAt: Temporal.Instant
  updatedAt: Temporal.Instant
}
