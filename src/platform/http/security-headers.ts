/**
 * What browsers are told with every answer: load nothing from elsewhere, send no form away, let nobody frame a page,
 * keep nothing. After the OWASP Secure Headers Project; X-XSS-Protection and its like are gone from browsers.
 */
import type { MiddlewareHandler } from 'hono'

const contentSecurityPolicy = [
  "default-src 'none'",
  "style-src 'self'",
  "img-src 'self' data:",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

/** For a page with a module of ours, which calls nobody but us. */
export const scriptedContentSecurityPolicy = `${contentSecurityPolicy}; script-src 'self'; connect-src 'self'`

const headers = {
  'Content-Security-Policy': contentSecurityPolicy,
  'X-Content-Type-Options': 'nosniff',
  'X-Frame-Options': 'DENY',
  'Referrer-Policy': 'no-referrer',
  'Permissions-Policy': [
    ...['accelerometer', 'autoplay', 'bluetooth', 'browsing-topics', 'camera', 'display-capture'],
    ...['fullscreen', 'geolocation', 'gyroscope', 'hid', 'magnetometer', 'microphone', 'midi', 'payment'],
    ...['publickey-credentials-get', 'screen-wake-lock', 'serial', 'usb', 'web-share', 'xr-spatial-tracking'],
  ]
    .map((feature) => `${feature}=()`)
    .join(', '),
  'Cross-Origin-Opener-Policy': 'same-origin',
  'Cross-Origin-Embedder-Policy': 'require-corp',
  'Cross-Origin-Resource-Policy': 'same-origin',
  'Origin-Agent-Cluster': '?1',
  'X-Permitted-Cross-Domain-Policies': 'none',
  // Who may be kept by a cache says so itself: the files of the pages, the public catalogue.
  'Cache-Control': 'no-store',
}

/** Two years, and every name below: what browsers ask of the hosts that they know beforehand (hstspreload.org). */
const onlyByHttps = { 'Strict-Transport-Security': 'max-age=63072000; includeSubDomains' }

/** A header that the answer has already, such as the policy of the API's reference page, stays as it is. */
export function securityHeaders(baseUrl: string): MiddlewareHandler {
  const all = Object.entries({ ...headers, ...(baseUrl.startsWith('https:') && onlyByHttps) })
  return async (c, next) => {
    await next()
    const { headers } = c.res
    for (const [name, value] of all) if (!headers.has(name)) headers.set(name, value)
  }
}
