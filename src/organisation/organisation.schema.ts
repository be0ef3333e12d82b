import { z } from '@hono/zod-openapi'
import { entityFields, idAnswer } from '../platform/http/entity.ts'
import { pageQuery } from '../platform/http/pagination.ts'
import { civilDate, email, phone, text, timeZone, uuid } from '../platform/text.ts'

/** The zone of an organisation that has not said another. */
export const defaultTimeZone = 'Europe/Paris'

const clientKinds = ['company', 'fundBody', 'publicBody', 'trainingOrganisation', 'individual'] as const
export type ClientKind = (typeof clientKinds)[number]

/** 14 digits, spaces allowed on input. Only the shape is checked: an inspector wants what the paper says. */
export const siret = () =>
  text(20)
    .overwrite((value) => value.replaceAll(/\s/g, ''))
    .regex(/^\d{14}$/, 'must have 14 digits')
    .describe('SIRET: 14 digits; spaces are taken away.')

/** The declaration of activity (NDA): 11 digits or a Corsican department, printed in groups, stored without spaces. */
export const declarationNumber = () =>
  text(20)
    .overwrite((value) => value.replaceAll(/\s/g, ''))
    .regex(/^\d{2}(\d{2}|2[AB])\d{5}(\d{2}|2[AB])$/, 'must have 11 characters, as 11 75 12345 75')
    .describe('Number of the declaration of activity («NDA»): 11 characters; spaces are taken away.')

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
  title: text(120).describe('Office held, as printed: «présidente».'),
})
export type Representative = z.output<typeof representativeSchema>

const qualiopiSchema = z.strictObject({
  certificateNumber: text(60),
  categories: z
    .array(z.enum(['training', 'skillsAssessment', 'vae', 'apprenticeship']))
    .min(1)
    .max(4)
    .describe('The kinds of action that the certificate covers.'),
  validUntil: civilDate().describe('Last day of validity.'),
})
export type Qualiopi = z.output<typeof qualiopiSchema>

const tradeName = 'What people call it («nom commercial»); else its legal name is shown.'
const declarationRegion = 'Region whose prefect registered the declaration, as printed: «Île-de-France».'
const nafCode = 'Activity code («code APE/NAF») such as `8559A`.'
const legalForm = '«Association loi 1901», «SAS»…'
const timeZoneHelp = 'IANA time zone of new sessions that name none.'
const vatExempt = 'Exempt from VAT for continuing training (article 261-4-4° a of the CGI).'
const disabilityContact = 'Person who receives accommodation needs («référent handicap»).'

const followUp = {
  remindsLearners: 'Whether learners get mails about the half-days that they are to sign.',
  unsealedAfterDays: 'After how many days a half-day that is not sealed is brought to the admins.',
  funderNoticeDays: 'Within how many days a funder is told of a start, an interruption or an end (L6353-10).',
  cpfNoticeWorkingDays: 'The same in working days («jours ouvrés»), where the CPF pays (EDOF).',
}
const certificatesNeedSeals =
  'Whether a learner’s certificate waits until every half-day that they are marked in is sealed.'
const staysAsItIs = 'Left out: stays as it is.'
const days = () => z.int().min(1).max(60)

export const organisationInput = z.strictObject({
  legalName: text(200).describe('«Dénomination sociale», as registered.'),
  tradeName: text(200).nullish().describe(tradeName),
  siret: siret(),
  declarationNumber: declarationNumber(),
  declarationRegion: text(100).describe(declarationRegion),
  nafCode: text(6).nullish().describe(nafCode),
  legalForm: text(100).nullish().describe(legalForm),
  timeZone: timeZone().default(defaultTimeZone).describe(timeZoneHelp),
  address: addressSchema,
  email: email(),
  phone: phone().nullish(),
  representative: representativeSchema.describe('Who signs for the organisation.'),
  qualiopi: qualiopiSchema.nullish().describe('The quality certificate («Qualiopi»), where there is one.'),
  vatExempt: z.boolean().describe(vatExempt),
  disabilityContactPersonId: uuid().nullish().describe(disabilityContact),
  remindsLearners: z.boolean().optional().describe(`${followUp.remindsLearners} ${staysAsItIs}`),
  unsealedAfterDays: days().optional().describe(`${followUp.unsealedAfterDays} ${staysAsItIs}`),
  funderNoticeDays: days().optional().describe(`${followUp.funderNoticeDays} ${staysAsItIs}`),
  cpfNoticeWorkingDays: days().optional().describe(`${followUp.cpfNoticeWorkingDays} ${staysAsItIs}`),
  certificatesNeedSeals: z.boolean().optional().describe(`${certificatesNeedSeals} ${staysAsItIs}`),
})
export type OrganisationInput = z.output<typeof organisationInput>

export const organisationAnswer = z
  .object({
    ...entityFields,
    legalName: z.string().describe('«Dénomination sociale», as registered.'),
    tradeName: z.string().nullable().describe(tradeName),
    siret: z.string(),
    declarationNumber: z.string().describe('Number of the declaration of activity («NDA»), without spaces.'),
    declarationRegion: z.string().describe(declarationRegion),
    nafCode: z.string().nullable().describe(nafCode),
    legalForm: z.string().nullable().describe(legalForm),
    timeZone: z.string().describe(timeZoneHelp),
    address: addressSchema,
    email: z.string(),
    phone: z.string().nullable(),
    representative: representativeSchema.describe('Who signs for the organisation.'),
    qualiopi: qualiopiSchema.nullable().describe('The quality certificate («Qualiopi»), where there is one.'),
    vatExempt: z.boolean().describe(vatExempt),
    disabilityContactPersonId: idAnswer().nullable().describe(disabilityContact),
    remindsLearners: z.boolean().describe(followUp.remindsLearners),
    unsealedAfterDays: z.int().describe(followUp.unsealedAfterDays),
    funderNoticeDays: z.int().describe(followUp.funderNoticeDays),
    cpfNoticeWorkingDays: z.int().describe(followUp.cpfNoticeWorkingDays),
    certificatesNeedSeals: z.boolean().describe(certificatesNeedSeals),
  })
  .openapi('Organisation')

const regionCode = 'INSEE code of the region: 11, 53, 84, 93, 04, 2A…'

export const chapterInput = z.strictObject({
  name: text(120),
  city: text(120),
  regionCode: text(3)
    .regex(/^(\d{2}|2A|2B)$/, 'must be an INSEE region code of two characters')
    .describe(regionCode),
})
export type ChapterInput = z.output<typeof chapterInput>

export const chapterAnswer = z
  .object({
    ...entityFields,
    name: z.string(),
    city: z.string(),
    regionCode: z.string().describe(regionCode),
  })
  .openapi('Chapter')

const clientKind =
  'company; fund body («OPCO», «FAF», CDC); public body; other training organisation; individual.'

export const clientInput = z.strictObject({
  kind: z.enum(clientKinds).describe(clientKind),
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
    ...entityFields,
    kind: z.enum(clientKinds).describe(clientKind),
    name: z.string(),
    siret: z.string().nullable(),
    declarationNumber: z.string().nullable().describe('Of another training organisation («NDA»).'),
    address: addressSchema.nullable(),
    email: z.string().nullable(),
  })
  .openapi('Client')

export const clientsQuery = z.strictObject({
  ...pageQuery,
  q: text(200).optional().describe('A part of the name, whatever its case and accents.'),
})
