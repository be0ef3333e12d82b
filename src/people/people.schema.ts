import { z } from '@hono/zod-openapi'
import { entityFields, idAnswer } from '../platform/http/entity.ts'
import { pageQuery } from '../platform/http/pagination.ts'
import { email, instant, phone, secret, text, uuid } from '../platform/text.ts'

export const roles = ['member', 'trainer', 'ambassador', 'admin'] as const
export type Role = (typeof roles)[number]

const help = {
  birthName: '«Nom de naissance», where it differs from the last name.',
  chapterId: 'The chapter («antenne») that the person belongs to.',
  employerClientId: 'The client that employs the person.',
  email: 'What one signs in with; no two accounts have the same, whatever its case.',
  roleGrants: 'What the account may do: an ambassador in one chapter each, the others everywhere.',
  mandate: 'Of an ambassador, who must have one, and of nobody else.',
}

const personFields = {
  firstName: text(100),
  lastName: text(100),
  birthName: text(100).nullish().describe(help.birthName),
  email: email().nullish(),
  phone: phone().nullish(),
  chapterId: uuid().nullish().describe(help.chapterId),
  employerClientId: uuid().nullish().describe(help.employerClientId),
}

export const personInput = z.strictObject(personFields)
export type PersonInput = z.output<typeof personInput>
export const personPatch = personInput.partial()
export type PersonPatch = z.output<typeof personPatch>

/** What a person may change of their own record: how to reach them. */
export const ownFields = ['email', 'phone'] as const satisfies (keyof PersonInput)[]

export const personAnswer = z
  .object({
    ...entityFields,
    firstName: z.string(),
    lastName: z.string(),
    birthName: z.string().nullable().describe(help.birthName),
    email: z.string().nullable(),
    phone: z.string().nullable(),
    chapterId: idAnswer().nullable().describe(help.chapterId),
    employerClientId: idAnswer().nullable().describe(help.employerClientId),
  })
  .openapi('Person')

export const peopleQuery = z.strictObject({
  ...pageQuery,
  q: text(200)
    .optional()
    .describe(
      'What was typed so far of names or address, in any order. Where nobody is called so, who is called nearly so.',
    ),
  chapterId: uuid().optional().describe('People of this chapter.'),
})
export type PeopleQuery = z.output<typeof peopleQuery>

/** Only an ambassador carries a chapter, and must. */
export const roleGrant = z
  .strictObject({ role: z.enum(roles), chapterId: uuid().nullish().describe(help.mandate) })
  .refine((grant) => (grant.role === 'ambassador') === (grant.chapterId != null), {
    path: ['chapterId'],
    message: 'an ambassador has a chapter, and nobody else',
  })
const roleGrants = z
  .array(roleGrant)
  .min(1)
  .max(30)
  .refine(
    (grants) =>
      new Set(grants.map((grant) => `${grant.role}:${grant.chapterId ?? ''}`)).size === grants.length,
    {
      message: 'must not name a grant twice',
    },
  )

/**
 * Eight characters at least (NIST SP 800-63B, OWASP ASVS 6.2.1), and no more than a person would type. Whether it can be
 * guessed is asked where it is set (`password-strength.ts`).
 */
export const password = () => secret(200, 8)

export const accountInput = z
  .strictObject({
    ...z.object(personFields).partial().shape,
    email: email().describe(help.email),
    personId: uuid().optional().describe('Somebody who is there already; else the names make a new person.'),
    roleGrants: roleGrants.describe(help.roleGrants),
    password: password().optional().describe('8 to 200 characters that nobody guesses.'),
    invite: z
      .boolean()
      .optional()
      .describe('Without a password, the person is invited by mail to choose one, unless this is false.'),
  })
  .superRefine((account, context) => {
    if (account.invite && account.password !== undefined)
      context.addIssue({ code: 'custom', path: ['invite'], message: 'is not for who has a password already' })
    const ofPerson = Object.keys(personFields).filter(
      (field) => field !== 'email',
    ) as (keyof typeof personFields)[]
    if (account.personId !== undefined) {
      for (const field of ofPerson.filter((field) => account[field] != null)) {
        context.addIssue({ code: 'custom', path: [field], message: 'is not given together with personId' })
      }
      return
    }
    for (const field of ['firstName', 'lastName'] as const) {
      if (account[field] == null)
        context.addIssue({ code: 'custom', path: [field], message: 'is needed without personId' })
    }
  })
export type AccountInput = z.output<typeof accountInput>

export const accountPatch = z.strictObject({
  email: email().optional().describe(help.email),
  roleGrants: roleGrants.optional().describe(`${help.roleGrants} Replaces them all.`),
  password: password().optional().describe('8 to 200 characters that nobody guesses.'),
})
export type AccountPatch = z.output<typeof accountPatch>

export const roleGrantAnswer = z.object({
  role: z.enum(roles),
  chapterId: idAnswer().nullable().describe('Of an ambassador.'),
})

export const accountStatuses = ['new', 'invited', 'active'] as const
export type AccountStatus = (typeof accountStatuses)[number]
export const accountStatus =
  '`active`: a password has been chosen; `invited` by mail to choose one, or `new`: until then only by mailed links.'

export const accountAnswer = z
  .object({
    ...entityFields,
    personId: idAnswer(),
    email: z.string().describe(help.email),
    roleGrants: z.array(roleGrantAnswer).describe(help.roleGrants),
    status: z.enum(accountStatuses).describe(accountStatus),
    invitedAt: instant()
      .nullable()
      .describe('When the person was last invited by mail to choose a password.'),
  })
  .openapi('Account')

export const accountsQuery = z.strictObject({
  ...pageQuery,
  q: text(200).optional().describe('A part of the address, whatever its case and accents.'),
})
export type AccountsQuery = z.output<typeof accountsQuery>
