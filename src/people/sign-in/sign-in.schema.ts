/** What signing in takes and answers: passwords, single-use links, login sessions, API tokens. */
import { z } from '@hono/zod-openapi'
import { dateAnswer, idAnswer } from '../../platform/http/entity.ts'
import { pageQuery } from '../../platform/http/pagination.ts'
import { civilDate, email, instant, secret, text } from '../../platform/text.ts'
import { accountStatus, accountStatuses, password, personAnswer, roleGrantAnswer } from '../people.schema.ts'

/** Links that work once: the first admin's, and those that are mailed. */
const linkKinds = ['setup', 'invitation', 'passwordReset', 'signInLink'] as const
export type LinkKind = (typeof linkKinds)[number]
export type MailedLinkKind = Exclude<LinkKind, 'setup'>

// The address is not checked for its shape here: a wrong one is a wrong one, and the answer must not differ.
const typedEmail = text(254)

export const credentials = z.strictObject({ email: typedEmail, password: secret(1_000) })
export type Credentials = z.output<typeof credentials>

export const linkRequest = z.strictObject({ email: typedEmail })
export type LinkRequest = z.output<typeof linkRequest>

const mailedToken = () => secret(200).describe('What the address of the mailed link has behind `token=`.')
const newPassword = () => password().describe('8 to 200 characters that nobody guesses.')

export const linkToken = z.strictObject({ token: mailedToken() })
export const linkTokenAndPassword = z.strictObject({ token: mailedToken(), password: newPassword() })
export type LinkTokenAndPassword = z.output<typeof linkTokenAndPassword>

export const ownPassword = z.strictObject({
  currentPassword: secret(1_000),
  newPassword: newPassword(),
})
export type OwnPassword = z.output<typeof ownPassword>

export const meAnswer = z
  .object({
    account: z.object({
      id: idAnswer(),
      email: z.string(),
      status: z.enum(accountStatuses).describe(accountStatus),
    }),
    person: personAnswer,
    roleGrants: z.array(roleGrantAnswer),
  })
  .openapi('Me')

export const setupInput = z.strictObject({
  token: secret(200).describe('Of the link that the first start prints.'),
  email: email(),
  password: newPassword(),
  firstName: text(100),
  lastName: text(100),
})
export type SetupInput = z.output<typeof setupInput>

export const loginSessionsQuery = z.strictObject(pageQuery)
export const endLoginSessionsQuery = z.strictObject({
  keep: z.enum(['current']).optional().describe('Sign out everywhere else, and not here.'),
})

export const loginSessionAnswer = z
  .object({
    id: idAnswer(),
    createdAt: instant(),
    lastSeenAt: instant().describe('To the hour.'),
    expiresAt: instant(),
    device: z.string().nullable().describe('`Firefox · Linux`, as far as the browser says.'),
    isCurrent: z.boolean().describe('The one that asks.'),
  })
  .openapi('LoginSession')

const tokenScopes = ['read', 'full'] as const
const scope = '`read` may only look (GET and HEAD).'

export const tokenInput = z.strictObject({
  name: text(100).describe('What the token is for, to know it by.'),
  expiresOn: civilDate().nullish().describe('The last day on which it works, in UTC; absent: for ever.'),
  scope: z.enum(tokenScopes).default('full').describe(scope),
})
export type TokenInput = z.input<typeof tokenInput>

const tokenFields = {
  id: idAnswer(),
  name: z.string(),
  scope: z.enum(tokenScopes).describe(scope),
  expiresOn: dateAnswer().nullable().describe('The last day on which it works, in UTC; null: for ever.'),
  createdAt: instant(),
}

export const calendarFeedAnswer = z
  .object({
    url: z.string().describe('Where a calendar program reads it; whoever has the address reads it too.'),
  })
  .openapi('CalendarFeed')

export const newTokenAnswer = z
  .object({
    ...tokenFields,
    token: z.string().describe('Shown this once.'),
  })
  .openapi('NewApiToken')

export const tokensQuery = z.strictObject(pageQuery)
export const tokenAnswer = z
  .object({
    ...tokenFields,
    lastUsedOn: dateAnswer().nullable().describe('The last day on which it was used, in UTC; null: never.'),
  })
  .openapi('ApiToken')
