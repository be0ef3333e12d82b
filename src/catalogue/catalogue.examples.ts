/** Examples of the routes of this slice: a training on the footprint of web sites. */
import type { z } from '@hono/zod-openapi'
import { exampleIds as organisationIds } from '../organisation/organisation.examples.ts'
import type { catalogueItem, catalogueProgramme, trainingAnswer } from './catalogue.schema.ts'

export const exampleIds = {
  training: '0197f3a4-1b30-7d94-8475-5fb17c9a0b21',
  /** The session to come that the catalogue shows; it is of the slice above. */
  session: '0197f3a5-1c20-7ea5-9586-60c28dab1c31',
  activity: '0197f3a4-2c40-7ea5-8586-6f0a1b2c3d41',
} as const

export const exampleCode = 'ECO-WEB'

const summary = {
  title: 'Éco-concevoir un site web',
  durationMinutes: 840,
  priceCents: 98_000,
  modality: 'onsite' as const,
  objective: 'other' as const,
  domain: 'Numérique responsable',
  actionKind: 'training' as const,
  certification: null,
}

const texts = {
  objectives: ['Mesurer l’empreinte d’une page', 'Choisir les corrections qui comptent'],
  prerequisites: 'Savoir lire du HTML et du CSS',
  audience: 'Développeuses, développeurs et chefs de projet indépendants',
  content: 'Jour 1 : mesurer. Jour 2 : corriger, puis mesurer de nouveau.',
  methods: 'Exercices sur ses propres pages, en petits groupes',
  assessmentMethods: 'Étude de cas notée par la formatrice',
  accessibility: 'Salle de plain-pied ; aménagements étudiés avec la référente handicap',
  accessDelay: 'Inscription jusqu’à sept jours avant la session',
  nsfCode: '326',
}

const activity = {
  title: 'Mesurer trois pages de son propre site',
  estimatedMinutes: 90,
  instructions: 'Rendre les trois mesures et ce que l’on en retient.',
}
const activities = [{ id: exampleIds.activity, ...activity }]

const draft: z.output<typeof trainingAnswer> = {
  id: exampleIds.training,
  version: 1,
  createdAt: '2026-01-15T10:00:00Z',
  updatedAt: '2026-01-15T10:00:00Z',
  code: exampleCode,
  status: 'draft',
  publishedVersion: null,
  hasDraft: true,
  ...summary,
  ...texts,
  activities,
}

const published: z.output<typeof trainingAnswer> = {
  ...draft,
  version: 2,
  updatedAt: '2026-01-16T08:20:00Z',
  status: 'published',
  publishedVersion: 1,
  hasDraft: false,
}

const entry: Pick<
  z.output<typeof catalogueItem>,
  'id' | 'code' | 'publishedVersion' | 'publishedAt' | 'sessions'
> = {
  id: exampleIds.training,
  code: exampleCode,
  publishedVersion: 1,
  publishedAt: '2026-01-16T08:20:00Z',
  sessions: [
    {
      id: exampleIds.session,
      reference: 'ECO-WEB-2026-04',
      startsAt: '2026-04-13T07:00:00Z',
      endsAt: '2026-04-14T15:00:00Z',
      timeZone: 'Europe/Paris',
      modality: 'onsite',
      chapterId: organisationIds.chapter,
      place: 'La Fabrique, 7 rue des Marronniers, Lyon',
      capacity: 12,
      seatsLeft: 4,
    },
  ],
}

const programme: z.output<typeof catalogueProgramme> = { ...entry, ...summary, ...texts, activities }

const params = { id: exampleIds.training }

export const catalogueExamples = {
  createTraining: {
    body: { code: exampleCode, ...summary, ...texts, activities: [activity] },
    answer: draft,
  },
  listTrainings: {
    query: { q: 'éco', status: 'published' as const, limit: 20 },
    answer: { items: [published], nextCursor: null },
  },
  readTraining: { params, answer: published },
  changeTraining: {
    params,
    body: { priceCents: 105_000 },
    answer: {
      ...published,
      version: 3,
      updatedAt: '2026-02-02T09:00:00Z',
      hasDraft: true,
      priceCents: 105_000,
    },
  },
  publishTraining: { params, answer: published },
  listCatalogue: {
    query: { q: 'site', chapterId: organisationIds.chapter, modality: 'onsite' as const, limit: 20 },
    answer: { items: [{ ...entry, ...summary }], nextCursor: null },
  },
  readCatalogueEntry: { params: { code: exampleCode }, answer: programme },
}
