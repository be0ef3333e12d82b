import { z } from '@hono/zod-openapi'
import { entityFields, idAnswer } from '../platform/http/entity.ts'
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

const help = {
  modality: 'On site («présentiel»), remote («à distance»), or both.',
  objective: 'General aim of the action, as BPF frame F-3 counts it; `rncp` and `rs` want a certification.',
  actionKind: 'Kind of action (article L6313-1 of the Code du travail).',
  durationMinutes: 'Duration of the programme in minutes.',
  priceCents: 'Price for one person, in euro cents before VAT.',
  domain: 'Subject under which the catalogue shows it, in the words of the organisation.',
  register: 'Register of France compétences: RNCP («diplômes et titres») or RS («répertoire spécifique»).',
  level: 'Level of qualification («niveau»), 2 to 8, or `cqp`.',
  certification: 'The certification that the training leads to, as France compétences registers it.',
  prerequisites: '«Prérequis»; that there are none is said too.',
  audience: '«Public visé».',
  content: '«Contenu», in the order in which it is taught.',
  methods: '«Moyens et méthodes pédagogiques».',
  assessmentMethods: '«Modalités d’évaluation».',
  accessibility: 'For people with disabilities («accessibilité PSH», Qualiopi 1).',
  accessDelay: '«Délais et modalités d’accès».',
  nsfCode: 'Speciality («NSF»): three digits, and the letter of function that the RNCP adds.',
  objectives: 'What learners can do afterwards («objectifs pédagogiques»), one by one.',
  activities: 'What is done alone at a distance («activités à distance», D6313-3-1), in order.',
  estimatedMinutes: 'The average time it takes; what it is worth once done.',
  instructions: 'What is to be done and handed in, in words for the learner.',
}

/** The OF's own code of a training; it stands in addresses and file names. */
const trainingCode = () =>
  text(50)
    .regex(/^[\p{L}\p{N}]/u, 'must begin with a letter or a digit')
    // Written out, since the flag would become a part of it.
    .openapi({ pattern: '^[\\p{L}\\p{N}]' })
    .describe('The organisation’s own code, unique whatever its case; the catalogue’s address has it.')

/** Speciality (*NSF*): three digits, and the letter of function that the RNCP adds (`326t`). */
export const nsfCode = () =>
  text(4)
    .toLowerCase()
    .regex(/^\d{3}[a-z]?$/, 'must have three digits and at most one letter')

/** The certification that a training leads to, as France compétences registers it: RNCP or RS, with or without prefix. */
const certificationInput = z
  .strictObject({
    register: z.enum(registers).describe(help.register),
    code: text(12)
      .toUpperCase()
      .regex(/^(RNCP|RS)?\d{1,6}$/, 'must be a number, as RNCP37121 or RS5890')
      .describe('Number in the register, with or without its prefix: `RNCP37121`.'),
    title: text(500),
    certifier: text(300).describe('Who awards it («certificateur»).'),
    level: z.enum(certificationLevels).nullish().describe(help.level),
  })
  .refine(({ code, register }) => /^\d/.test(code) || code.startsWith(register), {
    path: ['code'],
    message: 'must be of the register',
  })

/** Work at a distance in one's own time, with the time it takes on average (D6313-3-1, 2°). */
const activityInput = z.strictObject({
  id: uuid()
    .optional()
    .describe('Of one that stands already. Absent: the one of this title, else a new one.'),
  title: text(300),
  estimatedMinutes: z.int().min(1).max(10_000).describe(help.estimatedMinutes),
  instructions: paragraphs(5_000).nullish().describe(help.instructions),
})
export type ActivityInput = z.output<typeof activityInput>

const activityList = z
  .array(activityInput)
  .max(100)
  .superRefine((activities, context) => {
    for (const field of ['id', 'title'] as const) {
      const values = activities.map((activity) => activity[field])
      for (const [index, value] of values.entries())
        if (value !== undefined && values.indexOf(value) < index)
          context.addIssue({ code: 'custom', path: [index, field], message: 'must be there once' })
    }
  })

const programmeInput = {
  title: text(300),
  objectives: z.array(text(1_000)).max(50).optional().describe(help.objectives),
  prerequisites: paragraphs().nullish().describe(help.prerequisites),
  audience: paragraphs().nullish().describe(help.audience),
  content: paragraphs().nullish().describe(help.content),
  methods: paragraphs().nullish().describe(help.methods),
  assessmentMethods: paragraphs().nullish().describe(help.assessmentMethods),
  accessibility: paragraphs().nullish().describe(help.accessibility),
  accessDelay: paragraphs(2_000).nullish().describe(help.accessDelay),
  durationMinutes: minutes().nullish().describe(help.durationMinutes),
  priceCents: z.int().min(0).max(1_000_000_000).nullish().describe(help.priceCents),
  modality: modality.nullish().describe(help.modality),
  nsfCode: nsfCode().nullish().describe(help.nsfCode),
  objective: z.enum(objectives).nullish().describe(help.objective),
  certification: certificationInput.nullish().describe(help.certification),
  activities: activityList.optional().describe(`${help.activities} All of them; what is not there goes.`),
  domain: text(100).nullish().describe(help.domain),
  // No default here: in a patch it would overwrite what stands.
  actionKind: z.enum(actionKinds).optional().describe(`${help.actionKind} Absent at first: \`training\`.`),
}

export const trainingInput = z.strictObject({ code: trainingCode(), ...programmeInput })
export type TrainingInput = z.output<typeof trainingInput>
export const trainingPatch = trainingInput.partial()
export type TrainingPatch = z.output<typeof trainingPatch>

/** What is known of a training of the past: a code and a title, rarely more. */
export type ArchivedTraining = Pick<TrainingInput, 'code' | 'title'> &
  Partial<Pick<TrainingInput, 'durationMinutes' | 'modality' | 'nsfCode' | 'objective' | 'domain'>>

const certificationAnswer = z.object({
  register: z.enum(registers).describe(help.register),
  code: z.string().describe('Number in the register: `RNCP37121`.'),
  title: z.string(),
  certifier: z.string().describe('Who awards it («certificateur»).'),
  level: z.enum(certificationLevels).nullable().describe(help.level),
})
export type Certification = z.output<typeof certificationAnswer>

const activityAnswer = z
  .object({
    id: idAnswer(),
    title: z.string(),
    estimatedMinutes: z.int().describe(help.estimatedMinutes),
    instructions: z.string().nullable().describe(help.instructions),
  })
  .openapi('Activity')
export type Activity = z.output<typeof activityAnswer>

const summary = {
  title: z.string(),
  durationMinutes: z.int().nullable().describe(help.durationMinutes),
  priceCents: z.int().nullable().describe(help.priceCents),
  modality: modality.nullable().describe(help.modality),
  objective: z.enum(objectives).nullable().describe(help.objective),
  domain: z.string().nullable().describe(help.domain),
  actionKind: z.enum(actionKinds).describe(help.actionKind),
  certification: certificationAnswer.nullable().describe(help.certification),
}

const programme = {
  ...summary,
  objectives: z.array(z.string()).describe(help.objectives),
  prerequisites: z.string().nullable().describe(help.prerequisites),
  audience: z.string().nullable().describe(help.audience),
  content: z.string().nullable().describe(help.content),
  methods: z.string().nullable().describe(help.methods),
  assessmentMethods: z.string().nullable().describe(help.assessmentMethods),
  accessibility: z.string().nullable().describe(help.accessibility),
  accessDelay: z.string().nullable().describe(help.accessDelay),
  nsfCode: z.string().nullable().describe(help.nsfCode),
  activities: z.array(activityAnswer).describe(help.activities),
}

/** The fields are those of the draft of the next version where there is one, else of the published version. */
export const trainingAnswer = z
  .object({
    ...entityFields,
    code: z.string(),
    status: z
      .enum(trainingStatuses)
      .describe('`draft`: never published; `archived`: of the past, used by history and never shown.'),
    publishedVersion: z.int().nullable().describe('Number of the version that the catalogue shows.'),
    hasDraft: z.boolean().describe('The fields are those of the next version, not of the published one.'),
    ...programme,
  })
  .openapi('Training')

function searched() {
  return text(200)
    .optional()
    .describe(
      'Words of the programme or the code, in any form and order or as far as typed, a "phrase", and -words that must not be there. Where nothing has them, what has nearly these words.',
    )
}

export const trainingsQuery = z.strictObject({
  ...pageQuery,
  q: searched(),
  status: z
    .enum(['draft', 'published'])
    .optional()
    .describe('Never published yet, or published, also with a draft of the next version.'),
})
export type TrainingsQuery = z.output<typeof trainingsQuery>

export const catalogueQuery = z.strictObject({
  ...pageQuery,
  q: searched(),
  domain: text(100).optional().describe('Exactly this subject, whatever its case.'),
  chapterId: uuid()
    .optional()
    .describe('Trainings with a session to come in this chapter, and those sessions.'),
  modality: modality.optional().describe('Trainings held in this way.'),
})
export type CatalogueQuery = z.output<typeof catalogueQuery>

/** A session that anyone may see before it starts; where to connect is for its people only. */
const nextSession = z
  .object({
    id: idAnswer(),
    reference: z.string().describe('What people call the session.'),
    startsAt: instant().describe('Beginning of the first half-day.'),
    endsAt: instant().describe('End of the last half-day.'),
    timeZone: z.string().describe('IANA time zone of the place.'),
    modality: modality.describe(help.modality),
    chapterId: idAnswer().nullable(),
    place: z.string().nullable(),
    capacity: z.int().describe('Seats in all.'),
    seatsLeft: z.int().describe('Seats neither taken nor asked for.'),
  })
  .openapi('NextSession')

const catalogueEntry = {
  id: idAnswer(),
  code: z.string(),
  publishedVersion: z.int().describe('Number of the version shown; a published version never changes.'),
  publishedAt: instant(),
  sessions: z.array(nextSession).describe('Open public sessions to come, the next first.'),
}

export const catalogueItem = z.object({ ...catalogueEntry, ...summary }).openapi('CatalogueItem')
export const catalogueProgramme = z.object({ ...catalogueEntry, ...programme }).openapi('CatalogueProgramme')
