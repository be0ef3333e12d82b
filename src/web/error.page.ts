/** Errors as pages, for people who came by a browser. */
import type { Context, ErrorHandler } from 'hono'
import { html } from 'hono/html'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { handleError } from '../platform/http/errors.ts'
import type { AppEnv } from '../platform/http/router.ts'
import { type Page, sendDocument } from './layout.ts'

/** Logged and given its status as any other error; the page says in French what to do about it. */
export const handlePageError: ErrorHandler<AppEnv> = async (error, c) => {
  const answer = await handleError(error, c)
  const retryAfter = answer.headers.get('retry-after')
  if (retryAfter !== null) c.header('Retry-After', retryAfter)
  return sendErrorPage(c, answer.status as ContentfulStatusCode)
}

/** Without the database, which may be what failed. */
export async function sendErrorPage(c: Context<AppEnv>, status: ContentfulStatusCode): Promise<Response> {
  return sendDocument(c, errorPage(status, c.var.ctx.requestId), undefined, status)
}

function errorPage(status: number, requestId: string): Page {
  const { title, advice } = texts(status)
  return {
    title,
    isPrivate: true,
    content: html`<h1>${title}</h1>
<p>${advice}</p>
<p><a href="/">Retour à l’accueil</a></p>
${status >= 500 && html`<p class="small">Référence à citer si cela dure&nbsp;: ${requestId}</p>`}`,
  }
}

function texts(status: number): { title: string; advice: string } {
  if (status === 404) {
    return {
      title: 'Page introuvable',
      advice: 'L’adresse est peut-être mal recopiée, ou ce qui s’y trouvait n’y est plus.',
    }
  }
  if (status === 503) {
    return {
      title: 'Service momentanément indisponible',
      advice: 'La base de données ne répond pas. Réessayez dans quelques instants.',
    }
  }
  if (status >= 500) {
    return { title: 'Une erreur est survenue', advice: 'Elle vient de chez nous et a été consignée.' }
  }
  return { title: 'Demande impossible', advice: 'La page n’a pas pu être affichée avec cette adresse.' }
}
