/** The OpenAPI document that is committed is the one that the code makes. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { openApiJson } from '../src/commands/openapi.ts'

type Operation = {
  summary?: string
  description?: string
  tags?: string[]
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

  it('gives every refusal as a problem', () => {
    for (const { name, operation } of operations) {
      for (const [status, response] of Object.entries(operation.responses)) {
        if (Number(status) >= 400)
          expect(Object.keys(response.content ?? {}), `${name} ${status}`).toEqual([
            'application/problem+json',
          ])
      }
    }
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
})
