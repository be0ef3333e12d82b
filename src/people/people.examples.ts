/** Examples of the routes of this slice: a member of the chapter in Lyon. */
import type { z } from '@hono/zod-openapi'
import { exampleIds as organisationIds } from '../organisation/organisation.examples.ts'
import type { personAnswer } from './people.schema.ts'

export const exampleIds = {
  /** Maëlle, who learns. */
  member: '0197f3a3-1a40-7e84-8365-4ea06b8f9a11',
  memberAccount: '0197f3a3-1b50-7f95-9476-5fb17c90ab12',
  /** Yann, who trains. */
  trainer: '0197f3a3-2c60-70a6-a587-60c28da1bc13',
  token: '0197f3a3-3d70-71b7-b698-71d39eb2cd14',
} as const

const created = { version: 1, createdAt: '2026-01-12T09:15:00Z', updatedAt: '2026-01-12T09:15:00Z' }

const personFields = {
  firstName: 'Maëlle',
  lastName: 'Le Bihan',
  birthName: 'Quéméneur',
  email: 'maelle.lebihan@courriel.example',
  phone: '06 39 98 12 34',
  chapterId: organisationIds.chapter,
  employerClientId: null,
}

const person: z.output<typeof personAnswer> = { id: exampleIds.member, ...created, ...personFields }

const personParams = { id: exampleIds.member }

export const peopleExamples = {
  createPerson: { body: personFields, answer: person },
  listPeople: {
    query: { q: 'bihan', chapterId: organisationIds.chapter, limit: 20 },
    answer: { items: [person], nextCursor: null },
  },
  readPerson: { params: personParams, answer: person },
  changePerson: {
    params: personParams,
    body: { phone: '06 39 98 56 78' },
    answer: { ...person, version: 2, updatedAt: '2026-02-20T17:40:00Z', phone: '06 39 98 56 78' },
  },
}
