/** `preau openapi`: the OpenAPI document, without a database. */
import { buildApp } from '../app.ts'
import { systemClock } from '../platform/clock.ts'
import { openDatabase } from '../platform/db/pool.ts'
import { openApiDocument } from '../platform/http/openapi.ts'
import { memoryKeyring } from '../platform/keyring.ts'
import { createLog } from '../platform/log.ts'

/** The text of `openapi.json`, with its last line break. */
export function openApiJson(): string {
  // The pool connects at its first query, and there is none.
  const deps = {
    db: openDatabase({}),
    clock: systemClock,
    log: createLog('silent'),
    baseUrl: 'http://localhost:3000',
    keyring: memoryKeyring(),
    trustedProxies: () => false,
  }
  return `${JSON.stringify(openApiDocument(buildApp(deps)), null, 2)}\n`
}
