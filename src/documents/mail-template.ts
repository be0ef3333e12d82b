/** Mails in the organisation's words: `templates/emails`, filled in. */
import { readFileSync } from 'node:fs'
import { createSandbox } from './liquid.ts'

export type FilledMail = { subject: string; text: string }

let sharedSandbox: ReturnType<typeof createSandbox> | undefined

/**
 * Fills in the template of this name and lays it out with `layout.txt.liquid`. Subject and text are cut apart before
 * any value comes in, so that no value can reach a header; the subject is one line whatever the values are.
 * @throws an error naming the file and the line when the template asks for what there is not.
 */
export function fillMail(name: string, values: object): FilledMail {
  const template = read(name)
  const [, subject, body] = /^---\nsubject: *(.+)\n---\n([\s\S]*)$/.exec(template) ?? []
  if (subject === undefined || body === undefined)
    throw new Error(`${name}.txt.liquid: does not begin with a subject, line:1`)
  return {
    subject: fill(name, subject, values)
      .replaceAll(/[\p{Cc}\u2028\u2029 ]+/gu, ' ')
      .trim(),
    text: fill('layout', layout(), { ...values, content: tidy(fill(name, body, values)) }),
  }
}

function fill(name: string, source: string, values: object): string {
  sharedSandbox ??= createSandbox(asText)
  try {
    return sharedSandbox(source, values)
  } catch (cause) {
    throw new Error(`${name}.txt.liquid: ${cause instanceof Error ? cause.message : cause}`, { cause })
  }
}

/** A value as plain text: line breaks stay, other control characters become spaces. Null prints nothing. */
function asText(value: unknown): string {
  if (value === null || value === undefined) return ''
  return String(value)
    .toWellFormed()
    .replaceAll(/\r\n?/g, '\n')
    .replaceAll(/(?!\n)[\p{Cc}\u2028\u2029]/gu, ' ')
}

/** Conditions that did not hold leave empty lines behind: one is enough. */
function tidy(text: string): string {
  return text
    .replaceAll(/[ \t]+$/gm, '')
    .replaceAll(/\n{3,}/g, '\n\n')
    .trim()
}

/** The line `--` that begins the signature ends in a space (RFC 3676 §4.3), which editors like to remove. */
function layout(): string {
  return read('layout').replace(/^--$/m, '-- ')
}

function read(name: string): string {
  const file = new URL(`../../templates/emails/${name}.txt.liquid`, import.meta.url)
  return readFileSync(file, 'utf8').replaceAll('\r\n', '\n')
}
