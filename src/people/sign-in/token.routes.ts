import { pageOf } from '../../platform/http/pagination.ts'
import { type Router, route } from '../../platform/http/router.ts'
import { peoplePermissions as may } from '../people.permissions.ts'
import { signInExamples as examples } from './sign-in.examples.ts'
import { newTokenAnswer, tokenAnswer, tokenInput, tokensQuery } from './sign-in.schema.ts'
import * as tokens from './token.service.ts'

const tag = 'Sign in'

export function tokenRoutes(router: Router): void {
  route(
    router,
    {
      method: 'post',
      path: '/api/tokens',
      idempotent: 'secretAnswer',
      tag,
      summary:
        'An API token for programs, shown this once. A `read` token sends only GET and HEAD; a token makes none that reaches further or lasts longer than itself',
      access: may['token.create'],
      body: tokenInput,
      status: 201,
      answer: newTokenAnswer,
      example: examples.createToken,
    },
    ({ ctx, body }) => tokens.createToken(ctx, body),
  )

  route(
    router,
    {
      method: 'get',
      path: '/api/tokens',
      tag,
      summary: 'One’s own API tokens, the newest first, with the day each was last used',
      access: may['token.list'],
      query: tokensQuery,
      answer: pageOf(tokenAnswer),
      example: examples.listTokens,
    },
    ({ ctx, query }) => tokens.listTokens(ctx, query),
  )

  route(
    router,
    {
      method: 'delete',
      path: '/api/tokens/{id}',
      tag,
      summary: 'Ends an API token at once: one’s own, or as an admin anybody’s',
      access: may['token.revoke'],
      example: examples.revokeToken,
    },
    async ({ ctx, params, c }) => {
      await tokens.revokeToken(ctx, params.id)
      return c.body(null, 204)
    },
  )
}
