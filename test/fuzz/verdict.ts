/** What must hold of every answer, whatever was sent. */
import { answerPlace, contradiction } from '../support/api-document.ts'
import type { Answer, Call } from './calls.ts'
import { canaryPattern, type FuzzWorld } from './fuzz-world.ts'

/** Far above what any call takes here, also on a machine that does other things. */
export const longestMs = 8_000

/** What is wrong with an answer; empty when nothing is. */
export function faults(call: Call, answer: Answer, tookMs: number, world: FuzzWorld): string[] {
  return [
    ...(answer.status >= 500 ? [`answered ${answer.status}`] : []),
    ...(tookMs > longestMs ? [`took ${Math.round(tookMs)} ms`] : []),
    ...undocumented(call, answer),
    ...leaks(call, answer, world),
    ...intrusions(call, answer, world),
    ...keptByOthers(call, answer),
  ]
}

/** Status, media type, fields and error codes are those that the document names. */
function undocumented({ method, plan: { operation } }: Call, answer: Answer): string[] {
  const { status, headers, text, json } = answer
  const response = operation.responses[status]
  if (!response) return [`answered ${status}, which is not documented: ${text.slice(0, 300)}`]
  if (status === 204 || status === 304 || method === 'HEAD')
    return text === '' ? [] : [`answered ${status} with a body`]
  const mediaType = headers.get('content-type')?.split(';')[0] ?? ''
  if (!response.content?.[mediaType]) return [`answered ${status} as ${mediaType}, which is not documented`]
  if (!mediaType.includes('json')) return []
  const wrong = contradiction(answerPlace(operation, status, mediaType), json)
  const { code } = json as { code?: string }
  if (status >= 400 && !response.description?.includes(`\`${code}\``))
    return [`answered ${status} ${code}, which is not documented`]
  return wrong === undefined ? [] : [`answered ${status} other than documented: ${wrong}`]
}

/** Words that this caller must not read, and hashes that nobody must. */
function leaks(
  { plan: { role } }: Call,
  { headers, text }: Answer,
  { canaries, secrets }: FuzzWorld,
): string[] {
  const all = `${text}\n${[...headers].join('\n')}`
  const words = new Set(all.match(canaryPattern)?.map((word) => word.toLowerCase()))
  const told = [...words].filter((word) => !canaries.get(word)?.has(role))
  const shown = secrets.filter((secret) => all.includes(secret))
  return [
    ...told.map((word) => `told ${role} the word ${word}`),
    ...shown.map(() => 'showed a hash'),
    ...(all.includes('$argon2') ? ['showed the hash of a password'] : []),
  ]
}

/** Nobody changes by its address what they may not even see. */
function intrusions({ method, url, plan: { role } }: Call, { status }: Answer, world: FuzzWorld): string[] {
  if (method === 'GET' || method === 'HEAD' || status >= 300) return []
  const ids = [...world.intruders].filter(([id, roles]) => roles.has(role) && url.includes(id))
  return ids.map(([id]) => `let ${role} change ${id}`)
}

/** What any cache may keep was not asked for by a token, and gives nobody a cookie; a cookie that was sent may be stale. */
function keptByOthers({ headers: sent }: Call, { headers }: Answer): string[] {
  if (!headers.get('cache-control')?.includes('public')) return []
  const isOfSomebody = 'authorization' in sent || headers.has('set-cookie')
  return isOfSomebody ? ['may be kept for others, and is of somebody'] : []
}
