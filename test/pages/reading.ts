/** Questions to a page as it is drawn. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Page } from 'playwright-core'

// Not TypeScript, so that the rest of the code does not learn of a browser's globals.
const script = readFileSync(join(import.meta.dirname, 'reading.browser.js'), 'utf8')

async function ask<Answer>(page: Page, question: string): Promise<Answer> {
  return page.evaluate<Answer>(`${script}\nreading.${question}`)
}

export async function scrollsSideways(page: Page): Promise<boolean> {
  return ask(page, 'scrollsSideways()')
}

/** Fields that a screen reader would announce without a name. */
export async function unlabelledFields(page: Page): Promise<string[]> {
  return ask(page, 'unlabelledFields()')
}

/** Texts with less contrast to what is behind them than 4.5 : 1 (WCAG 2.2, 1.4.3), with the ratio. */
export async function faintTexts(page: Page): Promise<string[]> {
  return ask(page, 'faintTexts()')
}

/** A computed style, such as `color`, of the first element that the selector finds. */
export async function styleOf(page: Page, selector: string, property: string): Promise<string> {
  return ask(page, `style(${JSON.stringify(selector)}, ${JSON.stringify(property)})`)
}
