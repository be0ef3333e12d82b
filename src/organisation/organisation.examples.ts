/** Examples of the routes of this slice: an association of freelancers with its chapter in Lyon. */
import type { z } from '@hono/zod-openapi'
import type { chapterAnswer, clientAnswer, organisationAnswer } from './organisation.schema.ts'

export const exampleIds = {
  organisation: '0197f3a2-5c10-7a44-8e21-9b6f0d2c4a01',
  chapter: '0197f3a2-6d20-7b51-9c32-1f7a3e5d6b02',
  client: '0197f3a2-7e30-7c62-a143-2e8b4f6c7d03',
  /** *Référent handicap*; people are of the slice above, which takes this id from here. */
  disabilityContact: '0197f3a2-8f40-7d73-b254-3d9c5a7e8f04',
} as const

const created = { version: 1, createdAt: '2026-01-05T08:30:00Z', updatedAt: '2026-01-05T08:30:00Z' }

const organisationFields = {
  legalName: 'Les Communs du Numérique',
  tradeName: 'Préau des indépendants',
  siret: '73282932000074',
  declarationNumber: '11756123475',
  declarationRegion: 'Île-de-France',
  nafCode: '8559A',
  legalForm: 'Association loi 1901',
  timeZone: 'Europe/Paris',
  address: { street: '12 rue des Ateliers', postalCode: '75011', city: 'Paris', country: 'France' },
  email: 'formation@communs.example',
  phone: '01 99 00 12 34',
  representative: { firstName: 'Camille', lastName: 'Le Goff', title: 'présidente' },
  qualiopi: {
    certificateNumber: 'QUA-2024-0815',
    categories: ['training' as const],
    validUntil: '2027-11-30',
  },
  vatExempt: true,
  disabilityContactPersonId: exampleIds.disabilityContact,
  remindsLearners: true,
  unsealedAfterDays: 2,
  funderNoticeDays: 3,
  cpfNoticeWorkingDays: 3,
  certificatesNeedSeals: false,
}

const organisation: z.output<typeof organisationAnswer> = {
  id: exampleIds.organisation,
  ...created,
  ...organisationFields,
}

const chapterFields = { name: 'Lyon', city: 'Lyon', regionCode: '84' }

const chapter: z.output<typeof chapterAnswer> = { id: exampleIds.chapter, ...created, ...chapterFields }

const client: z.output<typeof clientAnswer> = {
  id: exampleIds.client,
  ...created,
  kind: 'fundBody',
  name: 'FAF des indépendants du numérique',
  siret: '80914267300021',
  declarationNumber: null,
  address: { street: '4 place Bellecour', postalCode: '69002', city: 'Lyon', country: 'France' },
  email: 'prises-en-charge@faf.example',
}

const { kind, name, siret, address, email } = client
const page = { items: [client], nextCursor: null }
const clientParams = { id: exampleIds.client }

export const organisationExamples = {
  readOrganisation: { answer: organisation },
  writeOrganisation: { body: organisationFields, answer: organisation },
  createChapter: { body: chapterFields, answer: chapter },
  listChapters: { answer: { items: [chapter], nextCursor: null } },
  createClient: { body: { kind, name, siret, address, email }, answer: client },
  listClients: { query: { q: 'indépendants', limit: 20 }, answer: page },
  readClient: { params: clientParams, answer: client },
  changeClient: {
    params: clientParams,
    body: { email: 'factures@faf.example' },
    answer: { ...client, version: 2, updatedAt: '2026-03-02T14:05:00Z', email: 'factures@faf.example' },
  },
}
