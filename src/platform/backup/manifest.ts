/** What stands in a backup besides the tables: `manifest.json`, its last entry. */
import { z } from 'zod'

export const manifestName = 'manifest.json'

const name = z.string().regex(/^[a-z_][a-z0-9_]*$/)
const count = z.int().min(0)

const table = z.strictObject({
  name,
  /** In the order in which they stand in a line. */
  columns: z.array(name).min(1),
  rows: count,
  /** Of the entry, unpacked. */
  bytes: count,
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
})

export const manifest = z.strictObject({
  format: z.literal('preau-backup'),
  formatVersion: z.literal(1),
  /** The version of Préau that wrote it. */
  preau: z.string(),
  createdAt: z.iso.datetime(),
  /** The PostgreSQL that it comes from, for people: any that Préau runs on can take it. */
  server: z.string(),
  /** Whose data these are. */
  organisation: z.strictObject({ id: z.string(), isDemonstration: z.boolean() }).nullable(),
  /** Those applied, in order: the schema that the tables have. */
  migrations: z.array(z.string()).min(1),
  tables: z.array(table).min(1),
  sequences: z.array(z.strictObject({ name, lastValue: count, isCalled: z.boolean() })),
  /** Tables left out, each with the reason. */
  leftOut: z.record(name, z.string()),
})

export type Manifest = z.output<typeof manifest>
export type BackedUpTable = Manifest['tables'][number]

/** The entry that holds a table, as `copy … to stdout` writes it: a row a line, columns between tabs. */
export function entryName(table: string): string {
  return `tables/${table}.copy`
}
