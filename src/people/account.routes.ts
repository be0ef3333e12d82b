import { pageOf } from '../platform/http/pagination.ts'
import { type Router, route } from '../platform/http/router.ts'
import { signInNeeded } from '../platform/problems.ts'
import * as accounts from './account.service.ts'
import { peopleExamples as examples } from './people.examples.ts'
import { peoplePermissions as may } from './people.permissions.ts'
import {
  emailTaken,
  hasPassword,
  lastAdmin,
  noSuchChapter,
  noSuchEmployer,
  noSuchPerson,
  personHasAccount,
  tooManyAttempts,
} from './people.problems.ts'
import { accountAnswer, accountInput, accountPatch, accountsQuery } from './people.schema.ts'
import { endLoginSessionsOf } from './sign-in/login-session.service.ts'
import { inviteAgain } from './sign-in/mailed-link.service.ts'

export function accountRoutes(router: Router): void {
  route(
    router,
    {
      method: 'post',
      path: '/api/accounts',
      idempotent: 'secretBody',
      tag: 'People',
      summary:
        'An account to sign in with, for a person named or made with it; without a password its holder is invited by mail to choose one',
      access: may['account.write'],
      body: accountInput,
      status: 201,
      location: '/api/accounts/{id}',
      answer: accountAnswer,
      problems: [emailTaken, personHasAccount, noSuchPerson, noSuchChapter, noSuchEmployer],
      example: examples.createAccount,
    },
    ({ ctx, body }) => accounts.createAccount(ctx, body),
  )

  route(
    router,
    {
      method: 'get',
      path: '/api/accounts',
      tag: 'People',
      summary: 'Accounts by address',
      access: may['account.read'],
      query: accountsQuery,
      answer: pageOf(accountAnswer),
      example: examples.listAccounts,
    },
    ({ ctx, query }) => accounts.listAccounts(ctx, query),
  )

  route(
    router,
    {
      method: 'get',
      path: '/api/accounts/{id}',
      tag: 'People',
      summary: 'One account',
      access: may['account.read'],
      answer: accountAnswer,
      example: examples.readAccount,
    },
    ({ ctx, params }) => accounts.readAccount(ctx, params.id),
  )

  route(
    router,
    {
      method: 'patch',
      path: '/api/accounts/{id}',
      tag: 'People',
      summary:
        'Changes address, roles or password; a new password ends the login sessions, API tokens and mailed links. An API token changes neither address nor password of its own account',
      access: may['account.write'],
      body: accountPatch,
      ifMatch: true,
      answer: accountAnswer,
      problems: [emailTaken, lastAdmin, noSuchChapter, signInNeeded],
      example: examples.changeAccount,
    },
    ({ ctx, params, body, ifMatch }) => accounts.changeAccount(ctx, params.id, body, ifMatch),
  )

  route(
    router,
    {
      method: 'post',
      path: '/api/accounts/{id}/invitation',
      idempotent: true,
      tag: 'People',
      summary: 'Invites the holder by mail once more to choose a password; the link before works no longer',
      access: may['account.write'],
      answer: accountAnswer,
      problems: [hasPassword, tooManyAttempts],
      example: examples.inviteAgain,
    },
    ({ ctx, params }) => inviteAgain(ctx, params.id),
  )

  route(
    router,
    {
      method: 'delete',
      path: '/api/accounts/{id}/login-sessions',
      tag: 'People',
      summary: 'Signs the account out everywhere; its API tokens go on. None of them does this to its own',
      access: may['account.write'],
      problems: [signInNeeded],
      example: examples.endLoginSessionsOf,
    },
    async ({ ctx, params, c }) => {
      await endLoginSessionsOf(ctx, params.id)
      return c.body(null, 204)
    },
  )
}
