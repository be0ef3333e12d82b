/** Templates: Markdown with front matter, filled in with Liquid. Values are always text, never markup. */
import { createSandbox } from './liquid.ts'

/** A filled-in template: Markdown in which every value is escaped. */
export type FilledTemplate = { title: string; header: string; footer: string; body: string }

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

let sharedSandbox: ReturnType<typeof createSandbox> | undefined

/**
 * Fills in a template. The front matter gives `title`, `header` and `footer`, each on its line or, after `|`, in the
 * indented lines that follow.
 * @throws an error that names the line: unknown variable, filter or tag, bad syntax, limits passed.
 */
export function fillTemplate(source: string, values: object): FilledTemplate {
  sharedSandbox ??= createSandbox(escapeMarkdown)
  const filled = sharedSandbox(source, values)
  const [, frontMatter, body] = /^---\n([\s\S]*?)\n---\n([\s\S]*)$/.exec(filled) ?? []
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
