/** Every POST may be sent again with a key, or stands here with the reason why it need not. */
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { openApiDocument } from '../src/platform/http/openapi.ts'
import { routeRequests } from './support/route-requests.ts'
import { type RouteWorld, routeWorld } from './support/route-world.ts'

/** The POSTs without a key: whoever is not signed in has none to call their own. */
const needsNoKey: Record<string, string> = {
  'POST /api/auth/login': 'signing in twice harms nobody, and the answer is a secret cookie',
  'POST /api/auth/logout': 'what has ended is ended',
  'POST /api/auth/password-reset': 'the later mail replaces the earlier, and their number is limited',
  'POST /api/auth/password-reset/confirm': 'its link works once',
  'POST /api/auth/sign-in-link': 'the later mail replaces the earlier, and their number is limited',
  'POST /api/auth/sign-in-link/confirm': 'its link works once',
  'POST /api/auth/invitation/confirm': 'its link works once',
  'POST /api/setup': 'its link works once',
  'POST /api/slots/{id}/signatures':
    'the same strokes again are answered with what stands, and wrong codes must be counted, which a key would take back',
  'POST /api/signing/{token}/signatures': 'the same strokes again are answered with what stands',
  'POST /api/slots/{id}/signing-links': 'its secret is kept nowhere, and gone in ten minutes',
  'POST /api/attendance/events': 'its events are known by what the device calls them',
  'POST /api/slots/{id}/countersignature': 'a signature stands for ever: again, it is the one that stands',
  'POST /api/slots/{id}/waivers': 'the same reason again is the one that stands',
  'POST /api/slots/{id}/seal': 'a seal stands for ever: again, it is the one that stands',
  'POST /api/me/calendar-feed': 'the later address replaces the earlier, and the answer is a secret',
}

let world: RouteWorld
beforeAll(async () => {
  world = await routeWorld()
}, 60_000)
afterAll(() => world.app.close())

/** The name of a field that holds one. */
const secret = /"(?:\w*[pP]assword|\w*[tT]oken|\w*[sS]ecret)":/

type Operation = {
  parameters?: { $ref?: string }[]
  requestBody?: unknown
  description?: string
}

function posts(): { name: string; operation: Operation; takesKey: boolean }[] {
  const { paths = {} } = openApiDocument(world.app.app)
  return Object.entries(paths).flatMap(([path, methods]) => {
    const operation = methods?.post as Operation | undefined
    if (!operation) return []
    const takesKey = (operation.parameters ?? []).some(({ $ref }) => $ref?.endsWith('/IdempotencyKey'))
    return [{ name: `POST ${path}`, operation, takesKey }]
  })
}

async function countAudited(): Promise<number> {
  const { rows } = await sql<{ count: number }>`select count(*) from audit_entry`.execute(world.app.deps.db)
  return rows[0]?.count ?? 0
}

describe('a POST', () => {
  it('takes an Idempotency-Key, or has a reason not to', () => {
    const without = posts().filter(({ takesKey }) => !takesKey)
    expect(without.map(({ name }) => name).sort()).toEqual(Object.keys(needsNoKey).sort())
  })

  it('with a key is never open to strangers, who would share their keys', () => {
    for (const { name, operation, takesKey } of posts())
      if (takesKey) expect(operation.description, name).not.toContain('anyone')
  })

  it('that may be sent a password under a key is one of which that is known', () => {
    const sends = posts().filter(
      ({ takesKey, operation }) => takesKey && secret.test(JSON.stringify(operation.requestBody ?? null)),
    )
    expect(sends.map(({ name }) => name)).toEqual(['POST /api/accounts'])
  })

  it('that is sent again under its key does nothing again and is answered as at first, but for secrets', async () => {
    for (const { name, takesKey } of posts()) {
      const request = takesKey ? await routeRequests[name]?.(world) : undefined
      if (!request) continue
      const send = () =>
        request.caller.post(request.path, request.body, {
          ...request.headers,
          'idempotency-key': name.replaceAll(' ', '-'),
        })
      const first = await send()
      expect(first.status, `${name}: ${JSON.stringify(first.body)}`).toBeLessThan(300)
      expect(first.headers.get('idempotency-replayed'), name).toBeNull()
      const audited = await countAudited()
      const again = await send()
      expect(await countAudited(), name).toBe(audited)
      if (secret.test(JSON.stringify(first.body))) {
        expect(again).toMatchObject({ status: 409, body: { code: 'platform/idempotency-answer-not-kept' } })
        continue
      }
      expect(again.headers.get('idempotency-replayed'), name).toBe('true')
      expect({ status: again.status, body: again.body }, name).toEqual({
        status: first.status,
        body: first.body,
      })
      for (const header of ['etag', 'location', 'content-type'])
        expect(again.headers.get(header), `${name} ${header}`).toBe(first.headers.get(header))
    }
  })
})
