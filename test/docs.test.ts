/** What the documentation names exists: files, settings, metrics, commands, codes. */
import { existsSync, globSync, readFileSync } from 'node:fs'
import { dirname, join, normalize } from 'node:path'
import { describe, expect, it } from 'vitest'

const root = join(import.meta.dirname, '..')
const read = (file: string) => readFileSync(join(root, file), 'utf8')
const pages = [
  'README.md',
  'SECURITY.md',
  'CONTRIBUTING.md',
  'CHANGELOG.md',
  ...globSync('docs/*.md', { cwd: root }),
]
const sources = globSync('src/**/*.ts', { cwd: root }).map(read).join('\n')
const matches = (text: string, pattern: RegExp) => [...text.matchAll(pattern)].map(([, found = '']) => found)

describe('the documentation', () => {
  it.for(pages)('%s links and points to files that exist', (page) => {
    const text = read(page)
    const links = matches(text, /\]\((?!https?:)([^)#]+)(?:#[^)]*)?\)/g).map((link) =>
      normalize(join(dirname(page), link)),
    )
    const paths = matches(
      text,
      /`((?:src|test|docs|deploy|migrations|templates|scripts|demo|bench)\/[\w./-]*)`/g,
    )
    expect([...links, ...paths].filter((path) => !existsSync(join(root, path)))).toEqual([])
  })

  it('lists every setting in the README, and no other anywhere', () => {
    const settings = new Set(matches(read('src/config.ts'), /^ {2}([A-Z_]+): /gm))
    expect([...settings].filter((name) => !read('README.md').includes(`\`${name}\``))).toEqual([])
    const named = [...pages, ...globSync('deploy/*', { cwd: root })].flatMap((file) =>
      matches(read(file), /\b(PREAU_[A-Z_]+?)(?:_FILE)?\b/g),
    )
    expect(named.filter((name) => !settings.has(name))).toEqual([])
  })

  it('names metrics, codes and commands that there are', () => {
    const text = read('docs/operations.md') + read('docs/upgrading.md')
    const metrics = matches(text, /`(preau_\w+)`/g)
    const codes = matches(text, /`((?:platform|people|planning|enrolment)\/[a-z-]+)`/g)
    expect(metrics.length).toBeGreaterThan(8)
    expect([...metrics, ...codes].filter((name) => !sources.includes(`'${name}'`))).toEqual([])
    const commands = matches(text, /npm run preau -- (\w+)/g)
    expect(commands.filter((name) => !read('src/main.ts').includes(`.command('${name}')`))).toEqual([])
  })

  it.for(pages)('%s names only routes that there are', (page) => {
    const { paths } = JSON.parse(read('openapi.json'))
    const routes = matches(read(page), /[^\w.](\/api\/[\w/{}.-]*[\w}])/g).filter((route) =>
      route.includes('{'),
    )
    expect(routes.filter((route) => !(route in paths))).toEqual([])
  })

  it('gives every metric of ours a line for who watches', () => {
    const ours = matches(read('src/platform/http/metrics.ts'), /name: '(preau_\w+)'/g)
    expect(ours.filter((name) => !read('docs/operations.md').includes(`\`${name}\``))).toEqual([])
  })

  it('says in the README what each package is for, each in one exact version', () => {
    const manifest = JSON.parse(read('package.json'))
    const packages = Object.entries({
      ...manifest.dependencies,
      ...manifest.devDependencies,
      ...manifest.optionalDependencies,
    })
    expect(packages.filter(([, version]) => !/^\d/.test(String(version)))).toEqual([])
    const rows = matches(read('README.md'), /^\| (`[^|]+) \|/gm).flatMap((names) =>
      matches(names, /`([^`]+)`/g),
    )
    const isListed = (name: string) =>
      rows.some((row) => (row.endsWith('*') ? name.startsWith(row.slice(0, -1)) : row === name))
    expect(
      packages.map(([name]) => name).filter((name) => !isListed(name) && !name.startsWith('@types/')),
    ).toEqual([])
  })
})
