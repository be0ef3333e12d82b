/** `GET /metrics`, open unless a token was configured. */
import { createHash, timingSafeEqual } from 'node:crypto'
import { notSignedIn } from '../problems.ts'
import type { Metrics } from './metrics.ts'
import { type Router, route } from './router.ts'

/** With a `token`, only who sends it as `Authorization: Bearer` reads the metrics; 401 to everybody else. */
export function metricsRoute(router: Router, metrics: Metrics, token: string | undefined): void {
  route(
    router,
    {
      method: 'get',
      path: '/metrics',
      tag: 'Operations',
      summary: 'What Prometheus reads: counts and durations, without personal data',
      access: ['anyone'],
      produces: 'text/plain',
      example: {
        text: '# TYPE process_resident_memory_bytes gauge\nprocess_resident_memory_bytes 98304000\n',
      },
      problems: [notSignedIn],
    },
    async ({ c }) => {
      if (token !== undefined && !isBearer(c.req.header('authorization'), token)) throw notSignedIn()
      return c.body(await metrics.read(), 200, { 'Content-Type': metrics.contentType })
    },
  )
}

/** Takes the same time however much of the token is right. */
function isBearer(authorization: string | undefined, token: string): boolean {
  return timingSafeEqual(digest(authorization ?? ''), digest(`Bearer ${token}`))
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest()
}
