/** What the pages of attendance say of refusals and conflicts, in French. */
import { globSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it } from 'vitest'
import { conflictKinds } from '../../src/attendance/sheet/sheet.rules.ts'

const root = join(import.meta.dirname, '../../src')
type Words = {
  conflictText(kind: string): string
  problemText(problem: { code: string; missing?: object }): string
}
const words: Words = await import(join(root, 'web/client/problem-text.js'))
const sources = globSync('{attendance,planning,people,platform}/**/*.ts', { cwd: root })
  .map((file) => readFileSync(join(root, file), 'utf8'))
  .join('\n')

it('says of every conflict what to look at', () => {
  const texts = conflictKinds.map((kind) => words.conflictText(kind))
  expect(texts.every((text) => /^[A-ZÉ].*\.$/.test(text))).toBe(true)
  expect(new Set(texts).size).toBe(conflictKinds.length)
})

it.for(['problem-text.js', 'sign.js', 'scan.js'])('%s explains only what can be refused', (module) => {
  const text = readFileSync(join(root, 'web/client', module), 'utf8')
  const codes = [...text.matchAll(/^ {2}'([a-z-]+(?:\/[a-z-]+)?)':/gm)].map(([, code = '']) => code)
  expect(codes.length).toBeGreaterThan(4)
  expect(codes.filter((code) => !sources.includes(`'${code}'`))).toEqual([])
})

it('names who is missing before a half-day is sealed', () => {
  const missing = {
    learners: [{ name: 'Zoé Nguyễn', what: 'signature' }],
    trainers: [{ name: 'Awa Ba' }],
  }
  const text = words.problemText({ code: 'attendance/not-ready-to-seal', missing })
  expect(text).toBe('Il manque\u00a0: Zoé Nguyễn (signature), Awa Ba (contreseing).')
})
