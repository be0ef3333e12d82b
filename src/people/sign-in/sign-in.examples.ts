/** Examples of the routes of signing in; no password, link or token here opens anything. */
import type { z } from '@hono/zod-openapi'
import { account, exampleIds as peopleIds, person } from '../people.examples.ts'
import type { loginSessionAnswer, meAnswer, newTokenAnswer, tokenAnswer } from './sign-in.schema.ts'

export const exampleIds = {
  token: '0197f3a3-3d70-71b7-b698-71d39eb2cd14',
  loginSession: '0197f3a3-4e80-72c8-87a9-82e4afc3de15',
} as const

/** What the examples sign in with, and the token of every mailed link in them. */
export const exampleSecrets = {
  password: 'trois mots et une orange',
  newPassword: 'quatre saisons sous le préau',
  linkToken: 'h7Qm2xV9bK4tZ1nR6wC3yD8sL5pF0jG-aUeIoTqXvBk',
  calendarToken: 'qT4uY7wE1rP9sD3fG6hJ0kL2zX5cV8bN-mAoIeUaWxQ',
} as const

const { email, roleGrants } = account
const { password, newPassword, linkToken } = exampleSecrets

const me: z.output<typeof meAnswer> = {
  account: { id: peopleIds.memberAccount, email, status: 'active' },
  person,
  roleGrants,
}

const loginSession: z.output<typeof loginSessionAnswer> = {
  id: exampleIds.loginSession,
  createdAt: '2026-03-01T07:30:00Z',
  lastSeenAt: '2026-03-02T08:00:00Z',
  expiresAt: '2026-03-31T07:30:00Z',
  device: 'Firefox · Linux',
  isCurrent: true,
}

const tokenFields = {
  id: exampleIds.token,
  name: 'Agenda de l’antenne',
  scope: 'read' as const,
  expiresOn: '2027-01-31',
  createdAt: '2026-03-02T08:00:00Z',
}

const newToken: z.output<typeof newTokenAnswer> = {
  ...tokenFields,
  token: 'nO3Yq0c2v7pXlJm5tR8sW1zKdB6uAhE4fGiVxNyTQaM',
}

const token: z.output<typeof tokenAnswer> = { ...tokenFields, lastUsedOn: '2026-03-09' }

export const signInExamples = {
  signInByPassword: { body: { email, password } },
  readMe: { answer: me },
  setUp: {
    body: {
      token: linkToken,
      email: 'camille.legoff@communs.example',
      password: newPassword,
      firstName: 'Camille',
      lastName: 'Le Goff',
    },
    answer: {
      ...account,
      email: 'camille.legoff@communs.example',
      roleGrants: [{ role: 'admin' as const, chapterId: null }],
      invitedAt: null,
    },
  },
  requestLink: { body: { email } },
  useLink: { body: { token: linkToken } },
  useLinkAndChoosePassword: { body: { token: linkToken, password: newPassword } },
  listLoginSessions: { query: { limit: 20 }, answer: { items: [loginSession], nextCursor: null } },
  endLoginSessions: { query: { keep: 'current' as const } },
  endLoginSession: { params: { id: exampleIds.loginSession } },
  changePassword: { body: { currentPassword: password, newPassword } },
  createToken: {
    body: { name: 'Agenda de l’antenne', scope: 'read' as const, expiresOn: '2027-01-31' },
    answer: newToken,
  },
  listTokens: { query: { limit: 20 }, answer: { items: [token], nextCursor: null } },
  revokeToken: { params: { id: exampleIds.token } },
  openCalendarFeed: { answer: { url: `https://preau.example/calendar/${exampleSecrets.calendarToken}.ics` } },
  endCalendarFeed: {},
}
