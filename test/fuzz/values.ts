/** Values that a schema of the API document takes, with ids left open until the call is made. */
import fc from 'fast-check'
import { apiDocument, type Schema } from '../support/api-document.ts'
import { type Kind, kindOfField, kinds } from './kinds.ts'

/** An id of this kind among those that the calls before have learnt; `at` says which, from 0 to 1. */
export type IdChoice = { idOf: Kind; at: number }

export function isIdChoice(value: unknown): value is IdChoice {
  return typeof value === 'object' && value !== null && 'idOf' in value && 'at' in value
}

/** What an answer before has shown, or the world knows: a cursor, a code, an address, the token of a mailed link. */
export type Learnt = { learnt: 'cursor' | 'code' | 'email' | 'link'; at: number }

export function isLearnt(value: unknown): value is Learnt {
  return typeof value === 'object' && value !== null && 'learnt' in value && 'at' in value
}

/** From 0 to 1, everywhere alike: doubles as fast-check draws them are nearly all next to 0. */
export const share = fc.noBias(fc.nat(9_999)).map((n) => n / 10_000)

export const learnt = (what: Learnt['learnt']) => fc.record({ learnt: fc.constant(what), at: share })

/** Mostly of this kind, now and then of another. */
export function idOf(kind: Kind): fc.Arbitrary<unknown> {
  return fc.oneof(
    { weight: 30, arbitrary: fc.record({ idOf: fc.constant(kind), at: share }) },
    { weight: 2, arbitrary: fc.record({ idOf: fc.constantFrom(...kinds), at: share }) },
    { weight: 1, arbitrary: fc.uuid() },
  )
}

const words = [
  'Éco-concevoir un site web',
  'L’accessibilité des services numériques',
  'Mesurer l’empreinte d’une page',
  'Maëlle',
  'Nguyễn',
  'Œuvré & fils',
  'O’Connor-Lefèvre',
  'Île-de-France',
  '12 rue des Ateliers',
  'François',
  'ÅÄÖ',
  '日本語',
  'Ωmega',
  'شبكة',
]

const number = fc.nat(99_999)
const digits = (length: number) =>
  fc.array(fc.nat(9), { minLength: length, maxLength: length }).map((all) => all.join(''))

/** Fields whose values a pattern describes too loosely to hit what is meant. */
const ofField: Record<string, fc.Arbitrary<string>> = {
  email: fc
    .tuple(fc.constantFrom('ana', 'bo', 'cleo', 'Dan'), number)
    .map(([name, n]) => `${name}${n}@courriel.example`),
  phone: digits(8).map((number) => `06${number}`),
  siret: digits(14),
  payerSiret: digits(14),
  declarationNumber: digits(11),
  nsfCode: fc.constantFrom('326', '326t', '100', '999z'),
  timeZone: fc.constantFrom('Europe/Paris', 'Indian/Reunion', 'America/Martinique', 'UTC'),
  remoteUrl: fc.constantFrom('https://visio.example/salle', 'http://visio.example'),
  startTime: fc.constantFrom('08:30', '09:00', '13:30', '18:00', '02:30', '00:00'),
  endTime: fc.constantFrom('12:30', '17:00', '21:00', '23:59', '03:30'),
  regionCode: fc.constantFrom('11', '53', '84', '2A'),
  // Mostly a period.
  from: fc.constantFrom('2025-01-01', '2026-01-01', '2026-03-01', '2026-03-10', '2027-01-01'),
  to: fc.constantFrom('2026-12-31', '2026-06-30', '2026-03-31', '2027-06-30', '2025-06-30'),
}

const dates = fc.oneof(
  { weight: 6, arbitrary: fc.integer({ min: -60, max: 120 }).map((days) => day(days)) },
  {
    weight: 1,
    arbitrary: fc.constantFrom('1900-01-01', '2199-12-31', '2024-02-29', '2026-03-29', '2026-10-25'),
  },
)

/** So many days after the day on which the world stands. */
function day(days: number): string {
  return Temporal.PlainDate.from('2026-03-10').add({ days }).toString()
}

const known = new WeakMap<Schema, Map<string, fc.Arbitrary<unknown>>>()

/** A value of the schema, as it stands in this field. */
export function valid(schema: Schema, field = ''): fc.Arbitrary<unknown> {
  const ofSchema = known.get(schema) ?? new Map<string, fc.Arbitrary<unknown>>()
  known.set(schema, ofSchema)
  const made = ofSchema.get(field) ?? build(schema, field)
  ofSchema.set(field, made)
  return made
}

function build(schema: Schema, field: string): fc.Arbitrary<unknown> {
  if (schema.$ref) return valid(resolved(schema.$ref), field)
  if (schema.enum) return fc.constantFrom(...schema.enum)
  const choices = schema.anyOf ?? schema.oneOf
  if (choices) return fc.oneof(...choices.map((choice) => valid(choice, field)))
  const types = [schema.type ?? []].flat()
  if (types.includes('null')) {
    const rest = valid({ ...schema, type: types.filter((type) => type !== 'null') }, field)
    return fc.oneof({ weight: 6, arbitrary: rest }, { weight: 1, arbitrary: fc.constant(null) })
  }
  switch (types[0]) {
    case 'string':
      return text(schema, field)
    case 'integer':
      return integer(schema)
    case 'number':
      return fc.double({ noNaN: true, noDefaultInfinity: true })
    case 'boolean':
      return fc.boolean()
    case 'array':
      return list(schema, field)
    default:
      return object(schema)
  }
}

function resolved(reference: string): Schema {
  const schema = apiDocument.components.schemas[reference.split('/').at(-1) ?? '']
  if (!schema) throw new Error(`no schema ${reference}`)
  return schema
}

function text(schema: Schema, field: string): fc.Arbitrary<unknown> {
  if (schema.format === 'uuid') return idOf(kindOfField(field))
  const ofThisField = ofField[field]
  if (ofThisField) return ofThisField
  if (schema.format === 'date') return dates
  const { minLength = 0, maxLength = 200 } = schema
  if (schema.pattern) {
    return fc.stringMatching(new RegExp(schema.pattern, 'u')).filter(({ length }) => length <= maxLength)
  }
  const fits = words.filter(({ length }) => length >= minLength && length <= maxLength)
  const phrase = fc.tuple(fc.constantFrom(...fits, 'a'.repeat(Math.max(1, minLength))), number)
  const numbered = phrase.map(([word, n]) => (word.length + 6 <= maxLength ? `${word} ${n}` : word))
  return fc.oneof(
    { weight: 8, arbitrary: numbered },
    { weight: 1, arbitrary: fc.constant('é'.repeat(Math.min(maxLength, 2_000))) },
    {
      weight: 2,
      arbitrary: fc.string({
        unit: 'grapheme',
        minLength: Math.max(1, minLength),
        maxLength: Math.min(maxLength, 40),
      }),
    },
  )
}

function integer({ minimum = -1_000, maximum = 1_000_000 }: Schema): fc.Arbitrary<number> {
  return fc.oneof(
    { weight: 5, arbitrary: fc.integer({ min: minimum, max: Math.min(maximum, Math.max(minimum, 0) + 50) }) },
    { weight: 2, arbitrary: fc.integer({ min: minimum, max: maximum }) },
    { weight: 1, arbitrary: fc.constantFrom(minimum, maximum) },
  )
}

function list({ items = {}, minItems = 0, maxItems = 5 }: Schema, field: string): fc.Arbitrary<unknown[]> {
  return fc.array(valid(items, field), { minLength: minItems, maxLength: Math.min(maxItems, minItems + 3) })
}

function object(schema: Schema): fc.Arbitrary<Record<string, unknown>> {
  const { properties = {}, required = [], additionalProperties } = schema
  const model = Object.fromEntries(
    Object.entries(properties).map(([name, inner]) => [name, valid(inner, name)]),
  )
  const optional = Object.keys(model).filter((name) => !required.includes(name))
  const fields = fc
    .tuple(fc.record(model), fc.array(fc.nat(2), { minLength: optional.length, maxLength: optional.length }))
    .map(([all, given]) =>
      without(
        all,
        optional.filter((_, index) => given[index] !== 0),
      ),
    )
  if (typeof additionalProperties !== 'object') return fields
  const key = fc.constantFrom(...words)
  return fc
    .tuple(fields, fc.dictionary(key, valid(additionalProperties), { maxKeys: 3 }))
    .map(([own, others]) => ({ ...others, ...own }))
}

function without(all: Record<string, unknown>, names: readonly string[]): Record<string, unknown> {
  return Object.fromEntries(Object.entries(all).filter(([name]) => !names.includes(name)))
}
