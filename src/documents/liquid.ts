/** Liquid in a sandbox, for the wording of an organisation: strict, bounded, and with French spaces put in. */
import { Liquid, type Template } from 'liquidjs'
import {
  clockTime,
  declarationNumberInGroups,
  frenchDate,
  hoursAndMinutes,
  ofRegion,
  siretInGroups,
  typeset,
  weekday,
} from './typography.ts'

/** What one template may cost, so that a slip in its wording cannot hold up the process. */
const limits = { parseLimit: 100_000, renderLimit: 1000, memoryLimit: 1_000_000 }

const mostParsed = 50

/**
 * Makes a function that fills in a template. `escapeValue` turns every value into the text that may stand there.
 * @throws (the function) an error that names the line: unknown variable, filter or tag, bad syntax, limits passed.
 */
export function createSandbox(
  escapeValue: (value: unknown) => string,
): (source: string, values: object) => string {
  const liquid = createEngine(escapeValue)
  const parsed = new Map<string, Template[]>()

  function parse(source: string): Template[] {
    const known = parsed.get(source)
    if (known) return known
    if (parsed.size >= mostParsed) parsed.clear()
    const template = liquid.parse(typesetWording(source.replaceAll('\r\n', '\n')))
    parsed.set(source, template)
    return template
  }

  return (source, values) => String(liquid.renderSync(parse(source), values))
}

function createEngine(escapeValue: (value: unknown) => string): Liquid {
  const liquid = new Liquid({
    ...limits,
    strictVariables: true,
    strictFilters: true,
    ownPropertyOnly: true,
    outputEscape: escapeValue,
  })
  // A template is one file: what is stored with a document must be enough to draw it again.
  for (const tag of ['include', 'render', 'layout', 'block']) delete liquid.tags[tag]
  // `raw` would let a value through unescaped.
  delete liquid.filters.raw
  liquid.registerFilter('hours', hoursAndMinutes)
  liquid.registerFilter('longDate', frenchDate)
  liquid.registerFilter('weekday', weekday)
  liquid.registerFilter('clock', clockTime)
  liquid.registerFilter('siret', siretInGroups)
  liquid.registerFilter('declarationNumber', declarationNumberInGroups)
  liquid.registerFilter('ofRegion', ofRegion)
  return liquid
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
