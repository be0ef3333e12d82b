/** What signing in takes and answers: passwords, single-use links, login sessions, API tokens. */
import { z } from '@hono/zod-openapi'
import { pageQuery } from '../platform/http/pagination.ts'
import { civilDate, email, instant, secret, text } from '../platform/text.ts'
import { accountStatuses, password, personAnswer, roleGrantAnswer } from './people.schema.ts'

/** Links that work once: the first admin's, and those that are mailed. */
export const linkKinds = ['setup', 'invitation', 'passwordReset', 'signInLink'] as const
export type LinkKind = (typeof linkKinds)[number]
export type MailedLinkKind = Exclude<LinkKind, 'setup'>

// The address is not checked for its shape here: a wrong one is a wrong one, and the answer must not differ.
const typedEmail = text(254)

export const credentials = z.strictObject({ email: typedEmail, password: secret(1_000) })
export type Credentials = z.output<typeof credentials>

export const linkRequest = z.strictObject({ email: typedEmail })
export type LinkRequest = z.output<typeof linkRequest>

export const linkToken = z.strictObject({ token: secret(200) })
export const linkTokenAndPassword = z.strictObject({ token: secret(200), password: password() })
export type LinkTokenAndPassword = z.output<typeof linkTokenAndPassword>

export const ownPassword = z.strictObject({ currentPassword: secret(1_000), newPassword: password() })
export type OwnPassword = z.output<typeof ownPassword>

export const meAnswer = z
  .object({
    account: z.object({ id: z.string(), email: z.string(), status: z.enum(accountStatuses) }),
    person: personAnswer,
    roleGrants: z.array(roleGrantAnswer),
  })
  .openapi('Me')

export const setupInput = z.strictObject({
  token: secret(200),
  email: email(),
  password: password(),
  firstName: text(100),
  lastName: text(100),
})
export type SetupInput = z.output<typeof setupInput>

export const loginSessionsQuery = z.strictObject(pageQuery)
export const endLoginSessionsQuery = z.strictObject({
  /** Everywhere else, but not here. */
  keep: z.enum(['current']).optional(),
})

export const loginSessionAnswer = z
  .object({
    id: z.string(),
    createdAt: instant(),
    /** To the hour. */
    lastSeenAt: instant(),
    expiresAt: instant(),
    /** `Firefox · Linux`, as far as the browser says. */
    device: z.string().nullable(),
    /** The one that asks. */
    isCurrent: z.boolean(),
  })
  .openapi('LoginSession')

const tokenScopes = ['read', 'full'] as const

export const tokenInput = z.strictObject({
  name: text(100),
  /** The last day on which it works, in UTC. */
  expiresOn: civilDate().nullish(),
  /** `read` may only look (GET and HEAD). */
  scope: z.enum(tokenScopes).default('full'),
})
export type TokenInput = z.input<typeof tokenInput>

const tokenFields = {
  id: z.string(),
  name: z.string(),
  scope: z.enum(tokenScopes),
  expiresOn: z.string().nullable(),
  createdAt: instant(),
}

export const newTokenAnswer = z
  .object({
    ...tokenFields,
    /** Shown this once. */
    token: z.string(),
  })
  .openapi('NewApiToken')

export const tokensQuery = z.strictObject(pageQuery)
export const tokenAnswer = z
  .object({
    ...tokenFields,
    /** The last day on which it was used, in UTC; null: never. */
    lastUsedOn: z.string().nullable(),
  })
  .openapi('ApiToken')
