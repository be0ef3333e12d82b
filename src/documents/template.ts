/** Templates: Markdown with front matter, filled in with Liquid. Values are always text, never markup. */
import { Liquid, type Template } from 'liquidjs'
import {
  declarationNumberInGroups,
  frenchDate,
  hoursAndMinutes,
  ofRegion,
  siretInGroups,
  typeset,
} from './typography.ts'

/** A filled-in template: Markdown in which every value is escaped. */
export type FilledTemplate = { title: string; header: string; footer: string; body: string }

/** What one template may cost, so that a slip in its wording cannot hold up the process. */
const limits = { parseLimit: 100_000, renderLimit: 1000, memoryLimit: 1_000_000 }

let sharedEngine: Liquid | undefined

function engine(): Liquid {
  sharedEngine ??= createEngine()
  return sharedEngine
}

function createEngine(): Liquid {
  const liquid = new Liquid({
    ...limits,
    strictVariables: true,
    strictFilters: true,
    ownPropertyOnly: true,
    outputEscape: escapeMarkdown,
  })
  // A template is one file: what is stored with a document must be enough to draw it again.
  for (const tag of ['include', 'render', 'layout', 'block']) delete liquid.tags[tag]
  // `raw` would let a value through unescaped.
  delete liquid.filters.raw
  liquid.registerFilter('hours', hoursAndMinutes)
  liquid.registerFilter('longDate', frenchDate)
  liquid.registerFilter('siret', siretInGroups)
  liquid.registerFilter('declarationNumber', declarationNumberInGroups)
  liquid.registerFilter('ofRegion', ofRegion)
  return liquid
}

/**
 * A value as Markdown that shows exactly this text: every punctuation character of ASCII is escaped, line ends,
 * tabs, control characters and runs of spaces become one space. Null prints nothing.
 */
export function escapeMarkdown(value: unknown): string {
  if (value === null || value === undefined) return ''
  return String(value)
    .toWellFormed()
    .replace(/[\p{Cc}\u2028\u2029 ]+/gu, ' ')
    .trim()
    .replace(/[!-/:-@[-`{-~]/g, '\\$&')
}

const parsed = new Map<string, Template[]>()
const mostParsed = 50

function parse(source: string): Template[] {
  const known = parsed.get(source)
  if (known) return known
  if (parsed.size >= mostParsed) parsed.clear()
  const template = engine().parse(typesetWording(source.replaceAll('\r\n', '\n')))
  parsed.set(source, template)
  return template
}

/** French spaces for the template's own words; what stands in Liquid's brackets is left alone. */
function typesetWording(source: string): string {
  const held: string[] = []
  const hold = (tag: string): string => {
    held.push(tag)
    return '\ue000'
  }
  const wording = source.replace(/\{\{[\s\S]*?\}\}|\{%[\s\S]*?%\}/g, hold)
  return typeset(wording).replace(/\ue000/g, () => held.shift() ?? '')
}

/**
 * Fills in a template. The front matter gives `title`, `header` and `footer`, each on its line or, after `|`, in the
 * indented lines that follow.
 * @throws an error that names the line: unknown variable, filter or tag, bad syntax, limits passed.
 */
export function fillTemplate(source: string, values: object): FilledTemplate {
  const filled: unknown = engine().renderSync(parse(source), values)
  const [, frontMatter, body] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(String(filled)) ?? []
  if (frontMatter === undefined || body === undefined) throw new Error('no front matter, line:1')
  // Empty lines in place of the front matter keep the lines of the body where the template has them.
  const linesBefore = '\n'.repeat(frontMatter.split('\n').length + 2)
  const fields = readFrontMatter(frontMatter)
  const field = (key: string): string => {
    const value = fields.get(key)
    if (value === undefined) throw new Error(`the front matter lacks "${key}"`)
    return value
  }
  return { title: field('title'), header: field('header'), footer: field('footer'), body: linesBefore + body }
}

function readFrontMatter(frontMatter: string): Map<string, string> {
  const fields = new Map<string, string>()
  let key = ''
  for (const line of frontMatter.split('\n')) {
    const [, newKey, value] = /^(\w+):\s*(.*)$/.exec(line) ?? []
    if (newKey !== undefined) {
      key = newKey
      fields.set(key, value === '|' ? '' : (value ?? ''))
    } else if (line.trim() === '' || line.startsWith('  ')) {
      fields.set(key, `${fields.get(key) ?? ''}\n${line.slice(2)}`)
    } else {
      throw new Error(`the front matter has a line that is neither "key: value" nor indented: ${line}`)
    }
  }
  return fields
}
