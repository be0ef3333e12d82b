import { z } from '@hono/zod-openapi'
import { pageQuery } from '../platform/http/pagination.ts'
import { instant, minutes, paragraphs, text, uuid } from '../platform/text.ts'

export const modalities = ['onsite', 'remote', 'hybrid'] as const
export type Modality = (typeof modalities)[number]

/** BPF frame F-3: the general aim of the action (*objectif général des prestations*). */
export const objectives = ['rncp', 'rs', 'cqp', 'other', 'skillsAssessment', 'vae'] as const
export type Objective = (typeof objectives)[number]

/** Article L6313-1 of the Code du travail. */
export const actionKinds = ['training', 'skillsAssessment', 'vae', 'apprenticeship'] as const
export type ActionKind = (typeof actionKinds)[number]

export const registers = ['RNCP', 'RS'] as const
export type Register = (typeof registers)[number]

export const certificationLevels = ['2', '3', '4', '5', '6', '7', '8', 'cqp'] as const
export type CertificationLevel = (typeof certificationLevels)[number]

const trainingStatuses = ['draft', 'published', 'archived'] as const
export type TrainingStatus = (typeof trainingStatuses)[number]

export const modality = z.enum(modalities)

/** The OF's own code of a training; it stands in addresses and file names. */
const trainingCode = () => text(50).regex(/^[\p{L}\p{N}]/u, 'must begin with a letter or a digit')

/** Speciality (*NSF*): three digits, and the letter of function that the RNCP adds (`326t`). */
export const nsfCode = () =>
  text(4)
    .toLowerCase()
    .regex(/^\d{3}[a-z]?$/, 'must have three digits and at most one letter')

/** The certification that a training leads to, as France compétences registers it: RNCP or RS, with or without prefix. */
const certificationInput = z
  .strictObject({
    register: z.enum(registers),
    code: text(12)
      .toUpperCase()
      .regex(/^(RNCP|RS)?\d{1,6}$/, 'must be a number, as RNCP37121 or RS5890'),
    title: text(500),
    certifier: text(300),
    level: z.enum(certificationLevels).nullish(),
  })
  .refine(({ code, register }) => /^\d/.test(code) || code.startsWith(register), {
    path: ['code'],
    message: 'must be of the register',
  })

const programmeInput = {
  title: text(300),
  objectives: z.array(text(1_000)).max(50).optional(),
  /** *Prérequis*; `aucun` is said too. */
  prerequisites: paragraphs().nullish(),
  audience: paragraphs().nullish(),
  content: paragraphs().nullish(),
  methods: paragraphs().nullish(),
  assessmentMethods: paragraphs().nullish(),
  /** For people with disabilities (*accessibilité PSH*, Qualiopi 1). */
  accessibility: paragraphs().nullish(),
  /** *Délai et modalités d'accès*. */
  accessDelay: paragraphs(2_000).nullish(),
  durationMinutes: minutes().nullish(),
  priceCents: z.int().min(0).max(1_000_000_000).nullish(),
  modality: modality.nullish(),
  nsfCode: nsfCode().nullish(),
  objective: z.enum(objectives).nullish(),
  certification: certificationInput.nullish(),
  domain: text(100).nullish(),
  // No default here: in a patch it would overwrite what stands.
  actionKind: z.enum(actionKinds).optional(),
}

export const trainingInput = z.strictObject({ code: trainingCode(), ...programmeInput })
export type TrainingInput = z.output<typeof trainingInput>
export const trainingPatch = trainingInput.partial()
export type TrainingPatch = z.output<typeof trainingPatch>

/** What is known of a training of the past: a code and a title, rarely more. */
export type ArchivedTraining = Pick<TrainingInput, 'code' | 'title'> &
  Partial<Pick<TrainingInput, 'durationMinutes' | 'modality' | 'nsfCode' | 'objective' | 'domain'>>

const certificationAnswer = z.object({
  register: z.enum(registers),
  code: z.string(),
  title: z.string(),
  certifier: z.string(),
  level: z.enum(certificationLevels).nullable(),
})
export type Certification = z.output<typeof certificationAnswer>

const summary = {
  title: z.string(),
  durationMinutes: z.int().nullable(),
  priceCents: z.int().nullable(),
  modality: modality.nullable(),
  objective: z.enum(objectives).nullable(),
  domain: z.string().nullable(),
  actionKind: z.enum(actionKinds),
  certification: certificationAnswer.nullable(),
}

const programme = {
  ...summary,
  objectives: z.array(z.string()),
  prerequisites: z.string().nullable(),
  audience: z.string().nullable(),
  content: z.string().nullable(),
  methods: z.string().nullable(),
  assessmentMethods: z.string().nullable(),
  accessibility: z.string().nullable(),
  accessDelay: z.string().nullable(),
  nsfCode: z.string().nullable(),
}

/** The fields are those of the draft of the next version where there is one, else of the published version. */
export const trainingAnswer = z
  .object({
    id: z.string(),
    version: z.int(),
    createdAt: instant(),
    updatedAt: instant(),
    code: z.string(),
    status: z.enum(trainingStatuses),
    publishedVersion: z.int().nullable(),
    hasDraft: z.boolean(),
    ...programme,
  })
  .openapi('Training')

export const trainingsQuery = z.strictObject({
  ...pageQuery,
  q: text(200).optional(),
  status: z.enum(['draft', 'published']).optional(),
})
export type TrainingsQuery = z.output<typeof trainingsQuery>

export const catalogueQuery = z.strictObject({
  ...pageQuery,
  q: text(200).optional(),
  domain: text(100).optional(),
  chapterId: uuid().optional(),
  modality: modality.optional(),
})
export type CatalogueQuery = z.output<typeof catalogueQuery>

/** A session that anyone may see before it starts; where to connect is for its people only. */
const nextSession = z
  .object({
    id: z.string(),
    reference: z.string(),
    startsAt: instant(),
    endsAt: instant(),
    timeZone: z.string(),
    modality,
    chapterId: z.string().nullable(),
    place: z.string().nullable(),
    capacity: z.int(),
    seatsLeft: z.int(),
  })
  .openapi('NextSession')

const catalogueEntry = {
  id: z.string(),
  code: z.string(),
  publishedVersion: z.int(),
  publishedAt: instant(),
  sessions: z.array(nextSession),
}

export const catalogueItem = z.object({ ...catalogueEntry, ...summary }).openapi('CatalogueItem')
export const catalogueProgramme = z.object({ ...catalogueEntry, ...programme }).openapi('CatalogueProgramme')
