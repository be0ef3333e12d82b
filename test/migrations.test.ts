/** Migrations are history: a released one never changes, and the row types are the database. */
import { createHash } from 'node:crypto'
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { migrateToLatest, schemaDifference } from '../src/platform/db/migrate.ts'
import { type TestApp, testApp } from './support/app.ts'

const root = join(import.meta.dirname, '..')
const files = globSync('migrations/*.sql', { cwd: root }).sort()

describe('the migrations', () => {
  it('are numbered without gaps', () => {
    expect(files.map((file) => Number(/(\d{4})_/.exec(file)?.[1]))).toEqual(
      files.map((_, index) => index + 1),
    )
  })

  it('are the ones whose checksums were written down: a change comes as a new file', () => {
    const written = readFileSync(join(root, 'migrations/checksums.txt'), 'utf8').trim().split('\n')
    const present = files.map((file) => {
      const hash = createHash('sha256')
        .update(readFileSync(join(root, file)))
        .digest('hex')
      return `${hash}  ${file.replace('migrations/', '')}`
    })
    expect(present).toEqual(written)
  })
})

describe('a migrated database', () => {
  let app: TestApp
  beforeAll(async () => {
    app = await testApp()
  })
  afterAll(() => app.close())

  it('has nothing left to apply, and applying again changes nothing', async () => {
    expect(await schemaDifference(app.deps.db)).toEqual({ missing: [], unknown: [] })
    expect(await migrateToLatest(app.deps.db)).toEqual([])
  })

  it('has exactly the tables, columns and nullability of the row types', async () => {
    const { rows } = await sql<{
      tableName: string
      columnName: string
      isNullable: string
      isView: boolean
    }>`
      select c.table_name, c.column_name, c.is_nullable, t.table_type = 'VIEW' as is_view
      from information_schema.columns c
      join information_schema.tables t using (table_schema, table_name)
      where c.table_schema = 'public' and c.table_name not like 'schema_migration%'
      order by 1, 2`.execute(app.deps.db)
    const inDatabase = rows.map(
      (row) => `${row.tableName}.${row.columnName}${row.isNullable === 'YES' && !row.isView ? ' null' : ''}`,
    )
    expect(rowTypeColumns().sort()).toEqual(inDatabase.sort())
  })

  it('has a named constraint or index behind every name that the code translates', async () => {
    const named = globSync('src/**/*.ts', { cwd: root }).flatMap((file) =>
      [
        ...readFileSync(join(root, file), 'utf8').matchAll(
          /^\s{2,}([a-z]+(?:_[a-z]+)+): [a-z]\w*(?:\(.*\))?,?$/gm,
        ),
      ].map(([, name]) => name ?? ''),
    )
    const { rows } = await sql<{ name: string }>`
      select conname as name from pg_constraint union select indexname from pg_indexes where schemaname = 'public'`.execute(
      app.deps.db,
    )
    const known = new Set(rows.map((row) => row.name))
    expect(named.length).toBeGreaterThan(5)
    expect(named.filter((name) => !known.has(name))).toEqual([])
  })
})

const entityColumns = ['id', 'version', 'created_at', 'updated_at']

/** `table.column` and ` null`, read from the `*.tables.ts` files, whose fields stand on a line each. */
function rowTypeColumns(): string[] {
  return globSync('src/**/*.tables.ts', { cwd: root }).flatMap((file) => {
    const source = readFileSync(join(root, file), 'utf8')
    return [...source.matchAll(/export type (\w+?)(Table|View) =( Entity &)? \{\n([\s\S]*?)\n\}/g)].flatMap(
      ([, name = '', kind, entity, body = '']) => {
        const fields = [...body.matchAll(/^ {2}(\w+): (.+)$/gm)].map(
          // PostgreSQL does not say it of a view's.
          ([, field = '', type = '']) =>
            `${snake(field)}${kind === 'Table' && /\| null>?$/.test(type) ? ' null' : ''}`,
        )
        return [...(entity ? entityColumns : []), ...fields].map((column) => `${snake(name)}.${column}`)
      },
    )
  })
}

function snake(name: string): string {
  return name.replaceAll(/(?<!^)([A-Z])/g, '_$1').toLowerCase()
}
