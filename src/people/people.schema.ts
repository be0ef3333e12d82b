import { z } from '@hono/zod-openapi'
import { pageQuery } from '../platform/http/pagination.ts'
import { email, instant, phone, secret, text, uuid } from '../platform/text.ts'

export const roles = ['member', 'trainer', 'ambassador', 'admin'] as const
export type Role = (typeof roles)[number]

const entity = { id: z.string(), version: z.int(), createdAt: instant(), updatedAt: instant() }

const personFields = {
  firstName: text(100),
  lastName: text(100),
  /** *Nom de naissance*, where it differs. */
  birthName: text(100).nullish(),
  email: email().nullish(),
  phone: phone().nullish(),
  chapterId: uuid().nullish(),
  employerClientId: uuid().nullish(),
}

export const personInput = z.strictObject(personFields)
export type PersonInput = z.output<typeof personInput>
export const personPatch = personInput.partial()
export type PersonPatch = z.output<typeof personPatch>

/** What a person may change of their own record: how to reach them. */
export const ownFields = ['email', 'phone'] as const satisfies (keyof PersonInput)[]

export const personAnswer = z
  .object({
    ...entity,
    firstName: z.string(),
    lastName: z.string(),
    birthName: z.string().nullable(),
    email: z.string().nullable(),
    phone: z.string().nullable(),
    chapterId: z.string().nullable(),
    employerClientId: z.string().nullable(),
  })
  .openapi('Person')

export const peopleQuery = z.strictObject({
  ...pageQuery,
  q: text(200).optional(),
  chapterId: uuid().optional(),
})
export type PeopleQuery = z.output<typeof peopleQuery>

/** Only an ambassador carries a chapter, and must. */
export const roleGrant = z
  .strictObject({ role: z.enum(roles), chapterId: uuid().nullish() })
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
    email: email(),
    personId: uuid().optional(),
    roleGrants,
    password: password().optional(),
    /** Without a password, the person is invited by mail to choose one, unless this is false. */
    invite: z.boolean().optional(),
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
  email: email().optional(),
  roleGrants: roleGrants.optional(),
  password: password().optional(),
})
export type AccountPatch = z.output<typeof accountPatch>

export const roleGrantAnswer = z.object({ role: z.enum(roles), chapterId: z.string().nullable() })

export const accountStatuses = ['new', 'invited', 'active'] as const
export type AccountStatus = (typeof accountStatuses)[number]

export const accountAnswer = z
  .object({
    ...entity,
    personId: z.string(),
    email: z.string(),
    roleGrants: z.array(roleGrantAnswer),
    /** `active`: a password has been chosen; `invited` by mail to choose one, or `new`: until then only by mailed links. */
    status: z.enum(accountStatuses),
    /** When the person was last invited by mail to choose a password. */
    invitedAt: instant().nullable(),
  })
  .openapi('Account')

export const accountsQuery = z.strictObject({ ...pageQuery, q: text(200).optional() })
export type AccountsQuery = z.output<typeof accountsQuery>
