import { z } from '@hono/zod-openapi'
import { civilDate, email, instant, phone, text, timeZone, uuid } from '../platform/text.ts'

/** The zone of an organisation that has not said another. */
export const defaultTimeZone = 'Europe/Paris'

const clientKinds = ['company', 'fundBody', 'publicBody', 'trainingOrganisation', 'individual'] as const
export type ClientKind = (typeof clientKinds)[number]

/** 14 digits, spaces allowed on input. Only the shape is checked: an inspector wants what the paper says. */
export const siret = () =>
  text(20)
    .transform((value) => value.replaceAll(/\s/g, ''))
    .pipe(z.string().regex(/^\d{14}$/, 'must have 14 digits'))
    .openapi({ type: 'string', example: '73282932000074' })

/** The declaration of activity (NDA): 11 digits or a Corsican department, printed in groups, stored without spaces. */
export const declarationNumber = () =>
  text(20)
    .transform((value) => value.replaceAll(/\s/g, ''))
    .pipe(
      z
        .string()
        .regex(/^\d{2}(\d{2}|2[AB])\d{5}(\d{2}|2[AB])$/, 'must have 11 characters, as 11 75 12345 75'),
    )
    .openapi({ type: 'string', example: '11756123475' })

const addressSchema = z.strictObject({
  street: text(300),
  postalCode: text(20),
  city: text(120),
  country: text(80).default('France'),
})
export type Address = z.output<typeof addressSchema>

const representativeSchema = z.strictObject({
  firstName: text(100),
  lastName: text(100),
  title: text(120),
})
export type Representative = z.output<typeof representativeSchema>

const qualiopiSchema = z.strictObject({
  certificateNumber: text(60),
  categories: z
    .array(z.enum(['training', 'skillsAssessment', 'vae', 'apprenticeship']))
    .min(1)
    .max(4),
  validUntil: civilDate(),
})
export type Qualiopi = z.output<typeof qualiopiSchema>

export const organisationInput = z.strictObject({
  legalName: text(200),
  tradeName: text(200).nullish(),
  siret: siret(),
  declarationNumber: declarationNumber(),
  declarationRegion: text(100),
  nafCode: text(6).nullish(),
  legalForm: text(100).nullish(),
  timeZone: timeZone().default(defaultTimeZone),
  address: addressSchema,
  email: email(),
  phone: phone().nullish(),
  representative: representativeSchema,
  qualiopi: qualiopiSchema.nullish(),
  vatExempt: z.boolean(),
  disabilityContactPersonId: uuid().nullish(),
})
export type OrganisationInput = z.output<typeof organisationInput>

const entity = { id: z.string(), version: z.int(), createdAt: instant(), updatedAt: instant() }

export const organisationAnswer = z
  .object({
    ...entity,
    legalName: z.string(),
    tradeName: z.string().nullable(),
    siret: z.string(),
    declarationNumber: z.string(),
    declarationRegion: z.string(),
    nafCode: z.string().nullable(),
    legalForm: z.string().nullable(),
    timeZone: z.string(),
    address: addressSchema,
    email: z.string(),
    phone: z.string().nullable(),
    representative: representativeSchema,
    qualiopi: qualiopiSchema.nullable(),
    vatExempt: z.boolean(),
    disabilityContactPersonId: z.string().nullable(),
  })
  .openapi('Organisation')

export const chapterInput = z.strictObject({
  name: text(120),
  city: text(120),
  /** INSEE code of the region: 11, 53, 84, 93, 04… */
  regionCode: text(3).regex(/^(\d{2}|2A|2B)$/, 'must be an INSEE region code of two characters'),
})
export type ChapterInput = z.output<typeof chapterInput>

export const chapterAnswer = z
  .object({ ...entity, name: z.string(), city: z.string(), regionCode: z.string() })
  .openapi('Chapter')

export const clientInput = z.strictObject({
  kind: z.enum(clientKinds),
  name: text(200),
  siret: siret().nullish(),
  declarationNumber: declarationNumber().nullish(),
  address: addressSchema.nullish(),
  email: email().nullish(),
})
export type ClientInput = z.output<typeof clientInput>
export const clientPatch = clientInput.partial()
export type ClientPatch = z.output<typeof clientPatch>

export const clientAnswer = z
  .object({
    ...entity,
    kind: z.enum(clientKinds),
    name: z.string(),
    siret: z.string().nullable(),
    declarationNumber: z.string().nullable(),
    address: addressSchema.nullable(),
    email: z.string().nullable(),
  })
  .openapi('Client')
