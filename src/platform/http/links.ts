/** `Link` (RFC 8288) and `Location`: where an answer goes on, and where what was made is found. */
import type { AnyRoute } from './route-definition.ts'

/** Parameters that say where in a list one is, and not what the list is of. */
const paging = ['limit', 'cursor']

/**
 * `next` and `first` of a list, with its filters as they were sent; `alternate` where the same can be had in another
 * form. Addresses are relative to this installation, since a client may reach it by a name of its own.
 */
export function linksOf(requestUrl: string, definition: AnyRoute, answer: object): string[] {
  const { pathname, searchParams } = new URL(requestUrl)
  const links: string[] = []
  if ('nextCursor' in answer && typeof answer.nextCursor === 'string') {
    const next = new URLSearchParams(searchParams)
    next.set('cursor', answer.nextCursor)
    links.push(link(pathname, next, 'rel="next"'))
  }
  if ('nextCursor' in answer && searchParams.has('cursor')) {
    links.push(link(pathname, without(searchParams, ['cursor']), 'rel="first"'))
  }
  for (const { path, type } of definition.alternates ?? []) {
    const other = filled(path, definition.path, pathname)
    links.push(link(other, without(searchParams, paging), `rel="alternate"; type="${type}"`))
  }
  return links
}

/** Where the thing just made answers; undefined where it has no address. */
export function locationOf({ location }: AnyRoute, answer: object): string | undefined {
  return location !== undefined && 'id' in answer ? location.replace('{id}', String(answer.id)) : undefined
}

function link(path: string, query: URLSearchParams, relation: string): string {
  return `<${path}${query.size > 0 ? `?${query}` : ''}>; ${relation}`
}

function without(query: URLSearchParams, names: readonly string[]): URLSearchParams {
  return new URLSearchParams([...query].filter(([name]) => !names.includes(name)))
}

/** The path with the same values between its braces as the one that was asked for. */
function filled(path: string, pattern: string, pathname: string): string {
  const values = pathname.split('/')
  return pattern
    .split('/')
    .reduce(
      (text, part, index) => (part.startsWith('{') ? text.replace(part, () => values[index] ?? '') : text),
      path,
    )
}
