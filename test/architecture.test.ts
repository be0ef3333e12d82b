/** Who may import whom, read from the sources: the layout of the design is a fact, not a hope. */
import { globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize, relative } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')
const files = globSync('src/**/*.ts', { cwd: root }).sort()

/** Slices from the lowest to the highest: each may import those before it. */
const slices = [
  'organisation',
  'people',
  'catalogue',
  'planning',
  'enrolment',
  'attendance',
  'certification',
  'compliance',
  'web',
  'commands',
]
const under = ['documents', 'platform']

type Import = { from: string; to: string; isTypeOnly: boolean }

function importsOf(file: string): Import[] {
  const source = readFileSync(join(root, file), 'utf8')
  const pattern = /(?:import|export)\s+(type\s)?(?:[^'";]*?\sfrom\s+)?'([^']+)'|import\('([^']+)'\)/g
  return [...source.matchAll(pattern)].map(([, type, named, dynamic]) => {
    const target = named ?? dynamic ?? ''
    const to = target.startsWith('.') ? normalize(join(dirname(file), target)) : target
    return { from: file, to, isTypeOnly: type !== undefined }
  })
}

const imports = files.flatMap(importsOf)
const sliceOf = (file: string) => /^src\/(\w+)\//.exec(file)?.[1]
const show = (found: Import[]) => found.map(({ from, to }) => `${from} → ${to}`)

describe('the architecture', () => {
  it('has no folder that the design does not name', () => {
    const folders = [...new Set(files.map(sliceOf).filter((name) => name !== undefined))].sort()
    expect(folders).toEqual([...slices, ...under].sort())
  })

  it('keeps the platform free of slices, but for the Database type', () => {
    const wrong = imports.filter(
      ({ from, to, isTypeOnly }) =>
        sliceOf(from) === 'platform' &&
        to.startsWith('src/') &&
        sliceOf(to) !== 'platform' &&
        !(to === 'src/database.ts' && isTypeOnly),
    )
    expect(show(wrong)).toEqual([])
  })

  it('lets documents know the platform and nothing above', () => {
    const wrong = imports.filter(
      ({ from, to }) =>
        sliceOf(from) === 'documents' && to.startsWith('src/') && !under.includes(sliceOf(to) ?? ''),
    )
    expect(show(wrong)).toEqual([])
  })

  it('lets slices import one way only', () => {
    const wrong = imports.filter(({ from, to }) => {
      const [below, above] = [slices.indexOf(sliceOf(to) ?? ''), slices.indexOf(sliceOf(from) ?? '')]
      return below >= 0 && above >= 0 && below > above
    })
    expect(show(wrong)).toEqual([])
  })

  it('takes from another slice its service, rules, schema, permissions, problems and types, never routes', () => {
    const wrong = imports.filter(
      ({ from, to }) =>
        slices.includes(sliceOf(to) ?? '') &&
        sliceOf(from) !== sliceOf(to) &&
        /\.routes\.ts$/.test(to) &&
        from !== 'src/app.ts',
    )
    expect(show(wrong)).toEqual([])
  })

  it('lets a slice write only its own tables', () => {
    const owners = new Map<string, string>()
    for (const file of files.filter((name) => name.endsWith('.tables.ts'))) {
      const source = readFileSync(join(root, file), 'utf8')
      for (const [, name = ''] of source.matchAll(/export type (\w+)Table =/g)) {
        owners.set(name.charAt(0).toLowerCase() + name.slice(1), sliceOf(file) ?? '')
      }
    }
    const writes = files.flatMap((file) =>
      [
        ...readFileSync(join(root, file), 'utf8').matchAll(
          /\.(?:insertInto|updateTable|deleteFrom)\('(\w+)'\)/g,
        ),
      ].map(([, table = '']) => ({ file, table })),
    )
    const wrong = writes.filter(({ file, table }) => owners.get(table) !== sliceOf(file))
    expect(writes.length).toBeGreaterThan(10)
    expect(wrong.map(({ file, table }) => `${file} writes ${table}`)).toEqual([])
  })

  it('keeps single doors: lucia, pg, pdfkit and the environment each have one', () => {
    const doors: [RegExp, (file: string) => boolean][] = [
      [/^lucia$/, (file) => file === 'src/people/sign-in/login-session.ts'],
      [/^pg$/, (file) => file.startsWith('src/platform/db/')],
      [/^(pdfkit|fontkit)$/, (file) => file.startsWith('src/documents/')],
    ]
    for (const [what, isDoor] of doors) {
      expect(show(imports.filter(({ from, to }) => what.test(to) && !isDoor(from)))).toEqual([])
    }
    const readers = files.filter((file) => /process\.env\b/.test(readFileSync(join(root, file), 'utf8')))
    expect(readers).toEqual(['src/config.ts'])
  })

  it('keeps every file under 400 lines', () => {
    const long = files.filter((file) => readFileSync(join(root, file), 'utf8').split('\n').length > 400)
    expect(long).toEqual([])
  })

  it('names no path of any machine and leaves nothing marked to do', () => {
    const marked = globSync('{src,test,migrations,templates}/**/*', { cwd: root, withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map((entry) => relative(root, join(entry.parentPath, entry.name)))
      .filter((file) => file !== 'test/architecture.test.ts')
      .filter((file) =>
        /\b(TODO|FIXME|XXX)\b|\/home\/\w+\/|\/Users\/\w+\//.test(readFileSync(join(root, file), 'utf8')),
      )
    expect(marked).toEqual([])
  })
})
