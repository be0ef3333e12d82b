/** The OpenAPI document that is committed is the one that the code makes. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { Ajv2020 } from 'ajv/dist/2020.js'
import { describe, expect, it } from 'vitest'
import { openApiJson } from '../src/commands/openapi.ts'
import { apiDocument, contradiction, operations as documented, type Schema } from './support/api-document.ts'

type Operation = {
  summary?: string
  description?: string
  tags?: string[]
  security: object[]
  responses: Record<string, { content?: Record<string, unknown> }>
}

const made = openApiJson()
const document = JSON.parse(made)
const operations = Object.entries<Record<string, Operation>>(document.paths).flatMap(([path, methods]) =>
  Object.entries(methods).map(([method, operation]) => ({
    name: `${method.toUpperCase()} ${path}`,
    path,
    operation,
  })),
)

describe('the OpenAPI document', () => {
  it('is committed as the code makes it; after a change run `npm run openapi`', () => {
    expect(readFileSync(join(import.meta.dirname, '../openapi.json'), 'utf8')).toBe(made)
  })

  it('is version 3.1 and says of every route what it does, who may, and what comes back', () => {
    expect(document.openapi).toMatch(/^3\.1/)
    for (const { name, operation } of operations) {
      expect(operation.summary, name).toBeTruthy()
      expect(operation.description, name).toMatch(/^Who may: /)
      expect(operation.tags, name).toHaveLength(1)
      expect(
        Object.keys(operation.responses).some((status) => status.startsWith('2')),
        name,
      ).toBe(true)
    }
  })

  it('gives every refusal as a problem, with an example of it', () => {
    for (const { name, responses } of documented.values()) {
      for (const [status, { content = {} }] of Object.entries(responses)) {
        if (Number(status) < 400) continue
        expect(Object.keys(content), `${name} ${status}`).toEqual(['application/problem+json'])
        const example = content['application/problem+json']?.example
        expect(example, `${name} ${status}`).toMatchObject({ status: Number(status) })
        expect(contradiction(['components', 'schemas', 'Problem'], example)).toBeUndefined()
      }
    }
  })

  it('sorts every route under a heading that says what it is about', () => {
    const headings = apiDocument.tags.map(({ name }) => name)
    const used = new Set(operations.flatMap(({ operation }) => operation.tags ?? []))
    expect([...used].sort()).toEqual([...headings].sort())
    for (const { description } of apiDocument.tags) expect(description).toMatch(/\.$/)
  })

  it('says that an instant which may be absent may be null', () => {
    const { Certificate, Session } = document.components.schemas
    expect(Certificate.properties.revokedAt.type).toEqual(['string', 'null'])
    expect(Session.properties.firstSlotStartsAt.type).toEqual(['string', 'null'])
    expect(Certificate.properties.issuedAt.type).toBe('string')
  })

  it('has a 401 for every route that is not public', () => {
    for (const { name, operation } of operations) {
      const isPublic = operation.description?.includes('anyone')
      if (!isPublic) expect(Object.keys(operation.responses), name).toContain('401')
    }
  })

  it('says of every parameter what it is for, and within what limits', () => {
    for (const { name, parameters } of documented.values()) {
      for (const parameter of parameters) {
        const what = `${name} ${parameter.name}`
        expect(parameter.description, what).toBeTruthy()
        if (parameter.in === 'query') expect(hasLimits(parameter.schema), what).toBe(true)
      }
    }
  })

  it('says of every field what it is, unless its name does', () => {
    const schemas = [
      ...Object.entries(apiDocument.components.schemas),
      ...[...documented.values()].flatMap(({ name, body }) => (body ? [[name, body.schema] as const] : [])),
    ]
    const silent = schemas.flatMap(([name, schema]) => silentFields(schema, name))
    expect(silent).toEqual([])
  })

  it('holds only what OpenAPI 3.1 knows: references that lead somewhere, patterns and schemas that can be used', () => {
    for (const [, reference = ''] of made.matchAll(/"\$ref": "([^"]+)"/g)) {
      const found = reference
        .slice(2)
        .split('/')
        .reduce((at, part) => at?.[part], document)
      expect(found, reference).toBeDefined()
    }
    for (const [, pattern = ''] of made.matchAll(/"pattern": ("(?:[^"\\]|\\.)*")/g)) {
      expect(() => new RegExp(JSON.parse(pattern), 'u')).not.toThrow()
      expect(JSON.parse(pattern), 'a pattern has no flags').not.toMatch(/\/[a-z]+$/)
    }
    const ajv = new Ajv2020({
      strict: true,
      strictRequired: false,
      allowUnionTypes: true,
      validateFormats: false,
    })
    ajv.addKeyword('example')
    for (const [name, schema] of Object.entries(apiDocument.components.schemas)) {
      ajv.addSchema({ ...schema, $defs: undefined }, `#/components/schemas/${name}`)
    }
    for (const { name, body } of documented.values()) {
      if (body) expect(() => ajv.compile(body.schema), name).not.toThrow()
    }
  })

  it('names every parameter of a path, and no other', () => {
    for (const { name, path, parameters } of documented.values()) {
      const inPath = parameters
        .filter((parameter) => parameter.in === 'path')
        .map((parameter) => parameter.name)
      expect(inPath, name).toEqual([...path.matchAll(/\{(\w+)\}/g)].map(([, parameter]) => parameter))
      expect(new Set(parameters.map((parameter) => `${parameter.in} ${parameter.name}`)).size).toBe(
        parameters.length,
      )
    }
  })

  it('says how one signs in, and where', () => {
    expect(Object.keys(document.components.securitySchemes)).toEqual(['cookie', 'token'])
    for (const { name, operation } of operations) {
      const isPublic = operation.description?.includes('anyone')
      expect(operation.security.length === 0, name).toBe(isPublic)
    }
  })
})

/** A text or a number has limits of some kind; an enumeration names what it takes. */
function hasLimits({ enum: values, format, pattern, maxLength, minimum, maximum, type }: Schema): boolean {
  if (values !== undefined || type === 'boolean') return true
  if (type === 'integer') return minimum !== undefined && maximum !== undefined
  return format !== undefined || pattern !== undefined || maxLength !== undefined
}

/** Fields that say in their names what they are: ids, moments, names, addresses, the letters of the form. */
const plain =
  /^(id|\w+Id|\w+(At|On)|\w*[nN]ame|title|label|email|phone|address|street|postalCode|city|country|place|password|currentPassword|note|name|device|minutes|cents|durationMinutes|marks|rows|items|errors|period|status|role|siret|trainingCode|sessionReference|certificateNumber|invoiceNumber|code|reasonCode|errorCode|ok|[A-G]\d?|[a-h](\.\w+(-\d)?)?|\d+|total|other|internal|external|trainersPay|purchases)$/

function silentFields(schema: Schema, at: string): string[] {
  const own = Object.entries(schema.properties ?? {}).flatMap(([field, property]) => [
    ...(property.description || property.$ref || property.properties || property.items || plain.test(field)
      ? []
      : [`${at}/${field}`]),
    ...silentFields(property, `${at}/${field}`),
  ])
  return schema.items ? [...own, ...silentFields(schema.items, `${at}[]`)] : own
}
