import { describe, expect, test } from 'vitest'
import { drawPdf } from '../../src/documents/layout.ts'
import { readPdf, type Tag } from './read-pdf.ts'

async function print(body: string, parts: { header?: string; footer?: string } = {}) {
  const template = { title: 'Papier', header: '**Préau**', footer: 'pied de page', ...parts, body }
  return await readPdf(await drawPdf(template, new Date('2026-03-20T09:30:00Z')))
}

const paragraph =
  'Une phrase assez longue pour remplir une ligne entière de la page, et même un peu plus que cela.'

describe('pages', () => {
  test('a text of several pages carries its footer and "x / y" on each', async () => {
    const { pages, lines } = await print(Array(60).fill(paragraph).join('\n\n'))
    expect(pages).toBeGreaterThan(2)
    for (let page = 1; page <= pages; page++) {
      const texts = lines.filter((line) => line.page === page).map((line) => line.text.replace(/\s/g, ' '))
      expect(texts).toContain('pied de page')
      expect(texts).toContain(`${page} / ${pages}`)
    }
  })

  test('nothing of the body runs into the footer', async () => {
    const { lines } = await print(Array(60).fill(paragraph).join('\n\n'))
    const footer = Math.max(...lines.filter((line) => line.text === 'pied de page').map((line) => line.y))
    const body = lines.filter((line) => line.text.startsWith('Une phrase'))
    expect(Math.min(...body.map((line) => line.y))).toBeGreaterThan(footer + 12)
  })

  test('a heading and a paragraph that announces stand on the page of what follows', async () => {
    for (const announcement of ['## Titre', 'Voici\u00a0:']) {
      for (let before = 20; before < 40; before++) {
        const body = [...Array(before).fill(paragraph), announcement, 'SUITE', ...Array(30).fill(paragraph)]
        const { lines } = await print(body.join('\n\n'))
        const pageOf = (start: string) => lines.find((line) => line.text.startsWith(start))?.page
        expect(pageOf('SUITE')).toBe(pageOf(announcement === '## Titre' ? 'Titre' : 'Voici'))
      }
    }
  })

  test('a paragraph longer than a page goes on over the next one', async () => {
    const { pages, text } = await print(Array(90).fill(paragraph).join(' '))
    expect(pages).toBe(2)
    expect(text.match(/Une phrase/g)).toHaveLength(90)
  })

  test('a text a little too long for a page is tightened onto it', async () => {
    const short = await print(Array(10).fill(paragraph).join('\n\n'))
    const full = await print(Array(32).fill(paragraph).join('\n\n'))
    const tooLong = await print(Array(60).fill(paragraph).join('\n\n'))
    const step = ({ lines }: typeof short) => {
      const [first, second] = lines.filter((line) => line.text.startsWith('Une phrase'))
      return (first?.y ?? 0) - (second?.y ?? 0)
    }
    expect([short.pages, full.pages]).toEqual([1, 1])
    expect(step(full)).toBeLessThan(step(tooLong))
    expect(step(tooLong)).toBeLessThan(step(short))
  })
})

describe('Markdown', () => {
  test('lists are numbered, dotted or ticked, and one may stand in another', async () => {
    const { text, tags } = await print(
      '3. trois\n4. quatre\n\n- point\n  - dedans\n- [x] fait\n- [ ] à faire',
    )
    expect(text).toContain('3. trois 4. quatre • point • dedans ☑ fait ☐ à faire')
    expect(rolesOf(tags).filter((role) => role === 'L')).toHaveLength(3)
  })

  test('an item whose text starts with escaped brackets has no box', async () => {
    const { text } = await print('- \\[x\\] fait')
    expect(text).toContain('• [x] fait')
  })

  test('headings, bold, italic, line breaks and rules are drawn', async () => {
    const { text, tags } = await print(
      '# Un\n\n### Trois\n\n**gras**, *italique*, ***les deux***\\\nsuite\n\n---\n\nfin',
    )
    expect(text).toContain('Un Trois gras , italique , les deux suite fin')
    expect(rolesOf(tags)).toEqual(expect.arrayContaining(['H1', 'H3', 'P']))
  })

  test.each([
    ['HTML', 'un\n\n<b>gras</b>', /"html" cannot be printed, line:3/],
    ['code', '`code`', /"inlineCode" cannot be printed, line:1/],
    ['a picture from the web', '![](https://preau.example/a.png)', /no such picture: .*, line:1/],
  ])('%s is refused, naming the line', async (_what, body, message) => {
    await expect(print(body)).rejects.toThrow(message)
  })
})

function rolesOf(tag: Tag): string[] {
  return [tag.role, ...tag.children.flatMap(rolesOf)]
}
