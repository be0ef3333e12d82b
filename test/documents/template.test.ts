import fc from 'fast-check'
import type { RootContent } from 'mdast'
import { fromMarkdown } from 'mdast-util-from-markdown'
import { describe, expect, test } from 'vitest'
import { escapeMarkdown, fillTemplate } from '../../src/documents/template.ts'

const frontMatter = '---\ntitle: Papier\nheader: |\n  **Préau**\n\n  Paris\nfooter: pied\n---\n'

function fill(body: string, values: object): string {
  return fillTemplate(frontMatter + body, values).body.trim()
}

/** What a value comes to on paper: one line, its spaces folded. */
function onPaper(value: string): string {
  return value
    .toWellFormed()
    .replace(/[\p{Cc}\u2028\u2029 ]+/gu, ' ')
    .trim()
}

/** The text of a node, which must hold nothing but text. */
function onlyText(node: RootContent | undefined): string {
  if (node === undefined) return ''
  if (node.type === 'text') return node.value
  if (!('children' in node)) throw new Error(`a value became ${node.type}`)
  const [child, ...others] = node.children
  expect(others).toEqual([])
  return onlyText(child)
}

describe('values', () => {
  const anyValue = fc.oneof(
    fc.string({ unit: 'binary' }),
    fc.string({ unit: fc.constantFrom(...'*_`[](){}#|\\<>!&;~+-=.:/"\'\n\r\t 1aé') }),
    fc.constantFrom(
      '1. un',
      '    code',
      '&amp;',
      '[x] fait',
      '> cité',
      '===',
      '---',
      '\\',
      'a\n\nb',
      '<b>',
      '{{ x }}',
    ),
  )

  test.each([
    ['a paragraph', (text: string) => text],
    ['a heading', (text: string) => `# ${text}`],
    ['a list', (text: string) => `- ${text}`],
    ['small print', (text: string) => `> ${text}`],
  ])('any string at the start of %s is printed as exactly that text', (_where, place) => {
    fc.assert(
      fc.property(anyValue, (value) => {
        fc.pre(onPaper(value) !== '')
        const { children } = fromMarkdown(place(escapeMarkdown(value)))
        expect(children).toHaveLength(1)
        expect(onlyText(children[0])).toBe(onPaper(value))
      }),
      { numRuns: 300 },
    )
  })

  test('any string in bold and in an address stays there', () => {
    fc.assert(
      fc.property(anyValue, (value) => {
        fc.pre(onPaper(value) !== '')
        const escaped = escapeMarkdown(value)
        const [bold] = fromMarkdown(`avant **${escaped}** après`).children
        expect(bold?.type === 'paragraph' && bold.children.map((node) => node.type)).toEqual([
          'text',
          'strong',
          'text',
        ])
        const [image] = fromMarkdown(`![code](<qr:${escaped}>)`).children
        const [picture] = image?.type === 'paragraph' ? image.children : []
        expect(picture?.type === 'image' && picture.url).toBe(`qr:${onPaper(value)}`)
      }),
    )
  })

  test('nothing known prints nothing', () => {
    expect(fill('avant{{ x }}après', { x: null })).toBe('avantaprès')
  })

  test('a value cannot give orders to the template', () => {
    expect(fill('{{ x }}', { x: '{{ secret }}', secret: 'non' })).not.toContain('non')
  })
})

describe('the wording of a template', () => {
  test('gets French spaces, its values and its brackets stay as they are', () => {
    expect(fill('« {{ x }} » : oui ?{% if x == "a :" %} non !{% endif %}', { x: 'a :' })).toBe(
      '«\u202fa \\:\u202f»\u00a0: oui\u202f? non\u202f!',
    )
  })

  test('may come from Windows', () => {
    const source = `${frontMatter}# Titre\n\ntexte`.replaceAll('\n', '\r\n')
    expect(fillTemplate(source, {}).title).toBe('Papier')
  })

  test('front matter gives the title, the header and the footer', () => {
    const { title, header, footer } = fillTemplate(`${frontMatter}texte`, {})
    expect([title, header.trim(), footer]).toEqual(['Papier', '**Préau**\n\nParis', 'pied'])
  })

  test('the lines of the body keep their numbers', () => {
    const { body } = fillTemplate(`${frontMatter}texte`, {})
    expect(body.split('\n').indexOf('texte')).toBe(8)
  })
})

describe('mistakes in a template', () => {
  test.each([
    ['a variable the model has not', 'un\n\n{{ learner.nickname }}', /undefined variable.*line:11/],
    ['a condition on such a variable', '\n{% if nickname %}x{% endif %}', /undefined variable.*line:10/],
    ['a filter nobody knows', '{{ learner | shout }}', /undefined filter.*line:9/],
    ['the filter that would let markup through', '{{ learner | raw }}', /undefined filter.*raw.*line:9/],
    ['another file', "{% include 'secret' %}", /tag "include" not found.*line:9/],
    ['another template', "{% render 'x' %}", /tag "render" not found/],
    ['a layout', "{% layout 'x' %}", /tag "layout" not found/],
    ['a block', '{% block x %}{% endblock %}', /tag "block" not found/],
    ['what an object inherits', '{{ learner.constructor }}', /undefined variable/],
  ])('%s is refused, naming the line', (_what, body, message) => {
    expect(() => fill(body, { learner: { name: 'Amina' } })).toThrow(message)
  })

  test.each([
    ['a range of a hundred million', '{% for i in (1..100000000) %}x{% endfor %}'],
    [
      'loops in loops',
      '{% for i in (1..9999) %}{% for j in (1..9999) %}{% for k in (1..9999) %}x{% endfor %}{% endfor %}{% endfor %}',
    ],
    ['a wall of text', 'x'.repeat(100_001)],
  ])('%s is stopped', (_what, body) => {
    expect(() => fill(body, {})).toThrow(/limit exceeded/)
  })

  test.each([
    ['no front matter', 'texte', /no front matter, line:1/],
    ['no footer', '---\ntitle: a\nheader: b\n---\ntexte', /lacks "footer"/],
    ['a line of front matter that says nothing', '---\ntitle: a\nun deux\n---\n', /neither/],
  ])('%s is refused', (_what, source, message) => {
    expect(() => fillTemplate(source, {})).toThrow(message)
  })
})
