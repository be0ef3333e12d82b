/** Examples of the routes on people and accounts: a member of the chapter in Lyon and a trainer. */
import type { z } from '@hono/zod-openapi'
import { exampleIds as organisationIds } from '../organisation/organisation.examples.ts'
import type { accountAnswer, personAnswer } from './people.schema.ts'

export const exampleIds = {
  /** Maëlle, who learns. */
  member: '0197f3a3-1a40-7e84-8365-4ea06b8f9a11',
  memberAccount: '0197f3a3-1b50-7f95-9476-5fb17c90ab12',
  /** Yann, who trains. */
  trainer: '0197f3a3-2c60-70a6-a587-60c28da1bc13',
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

export const person: z.output<typeof personAnswer> = { id: exampleIds.member, ...created, ...personFields }

export const account: z.output<typeof accountAnswer> = {
  id: exampleIds.memberAccount,
  ...created,
  personId: exampleIds.member,
  email: 'maelle.lebihan@courriel.example',
  roleGrants: [{ role: 'member', chapterId: null }],
  status: 'active',
  invitedAt: '2026-01-12T09:15:00Z',
}

const personParams = { id: exampleIds.member }
const accountParams = { id: exampleIds.memberAccount }
const later = { version: 2, updatedAt: '2026-02-20T17:40:00Z' }

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
    answer: { ...person, ...later, phone: '06 39 98 56 78' },
  },
  createAccount: {
    body: {
      email: 'yann.kerdoncuff@courriel.example',
      firstName: 'Yann',
      lastName: 'Kerdoncuff',
      roleGrants: [
        { role: 'ambassador' as const, chapterId: organisationIds.chapter },
        { role: 'trainer' as const },
      ],
    },
    answer: {
      ...account,
      personId: exampleIds.trainer,
      email: 'yann.kerdoncuff@courriel.example',
      roleGrants: [
        { role: 'ambassador' as const, chapterId: organisationIds.chapter },
        { role: 'trainer' as const, chapterId: null },
      ],
      status: 'invited' as const,
    },
  },
  listAccounts: {
    query: { q: 'lebihan', limit: 20 },
    answer: { items: [account], nextCursor: null },
  },
  readAccount: { params: accountParams, answer: account },
  changeAccount: {
    params: accountParams,
    body: { email: 'maelle@courriel.example' },
    answer: { ...account, ...later, email: 'maelle@courriel.example' },
  },
  inviteAgain: {
    params: accountParams,
    answer: { ...account, ...later, status: 'invited' as const, invitedAt: '2026-02-20T17:40:00Z' },
  },
  endLoginSessionsOf: { params: accountParams },
}
