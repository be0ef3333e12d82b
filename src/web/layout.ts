/** The frame of every page: one header, one footer with the mention that the law fixes. */
import type { Context } from 'hono'
import { html } from 'hono/html'
import type { ContentfulStatusCode } from 'hono/utils/http-status'
import { declarationNumberInGroups, ofRegion } from '../documents/typography.ts'
import { entityTag, isKnown } from '../platform/http/etag.ts'
import type { AppEnv } from '../platform/http/router.ts'
import { scriptedContentSecurityPolicy } from '../platform/http/security-headers.ts'
import { assetUrl } from './assets.ts'
import { findPublicOrganisation, type PublicOrganisation } from './web.queries.ts'

export type Html = ReturnType<typeof html>

export type Page = {
  title: string
  content: Html
  /** Holds personal data or a secret: search engines stay out. */
  isPrivate?: boolean
  /** Has a form that changes something. */
  sendsForm?: boolean
  /** A module of `client/`, for what a page without one cannot do: to sign by hand, to work without a network. */
  script?: 'sign.js' | 'sheet.js' | 'scan.js'
  /** The same for everybody: any cache may keep it and asks before it shows it. */
  isShared?: boolean
}

/** What people call the organisation: the trade name (*nom commercial*) where there is one. */
export function nameOf(organisation: PublicOrganisation | undefined): string {
  return organisation ? (organisation.tradeName ?? organisation.legalName) : 'Préau'
}

/** Answers with a page in the name of the organisation. */
export async function sendPage(
  c: Context<AppEnv>,
  page: (organisation: PublicOrganisation | undefined) => Page,
  status: ContentfulStatusCode = 200,
): Promise<Response> {
  const organisation = await findPublicOrganisation(c.var.ctx.db)
  return sendDocument(c, page(organisation), organisation, status)
}

/** The same without asking the database, for when that is what failed. Pages are kept by no cache, but for shared ones. */
export async function sendDocument(
  c: Context<AppEnv>,
  page: Page,
  organisation: PublicOrganisation | undefined,
  status: ContentfulStatusCode,
): Promise<Response> {
  const text = String(await document(page, organisation))
  const isShared = page.isShared === true && status === 200
  // Still told to no other site. Without it browsers hide where a form comes from, and where they send no
  // Sec-Fetch-Site either (http without a certificate), the form would be refused as another site's.
  if (page.script) c.header('Content-Security-Policy', scriptedContentSecurityPolicy)
  if (page.sendsForm) c.header('Referrer-Policy', 'same-origin')
  c.header('Cache-Control', isShared ? 'public, no-cache' : 'no-store')
  if (isShared) {
    const tag = entityTag(text)
    c.header('ETag', tag)
    if (isKnown(c, tag)) return c.body(null, 304)
  }
  return c.html(text, status)
}

function document({ title, content, isPrivate, script }: Page, organisation: PublicOrganisation | undefined) {
  const name = nameOf(organisation)
  return html`<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
${isPrivate && html`<meta name="robots" content="noindex">`}
<title>${title === name ? name : `${title} – ${name}`}</title>
<link rel="icon" href="${assetUrl('icon.svg')}" type="image/svg+xml">
<link rel="stylesheet" href="${assetUrl('style.css')}">
<link rel="stylesheet" href="${assetUrl('forms.css')}">
${
  script &&
  html`<link rel="stylesheet" href="${assetUrl('attendance.css')}">
<script type="module" src="${assetUrl(script)}"></script>`
}
</head>
<body>
<a class="skip" href="#content">Aller au contenu</a>
<header class="site">
  <a class="brand" href="/">${name}</a>
  <nav aria-label="Menu principal">
    <a href="/catalogue">Catalogue</a>
    <a href="/verify">Vérifier un certificat</a>
    <a href="/account">Mon compte</a>
  </nav>
</header>
<main id="content">${content}</main>
<footer class="site">${organisation && legalMention(organisation)}</footer>
</body>
</html>`
}

/** Articles R6351-6 and L6352-12 of the Code du travail: in this form, and never without the second sentence. */
function legalMention(organisation: PublicOrganisation) {
  const { legalName, address, email, declarationNumber, declarationRegion } = organisation
  return html`<p>${legalName}, ${address.street}, ${address.postalCode} ${address.city} ·
    <a href="mailto:${email}">${email}</a></p>
  <p>Déclaration d’activité enregistrée sous le numéro ${declarationNumberInGroups(declarationNumber)} auprès
    du préfet de région ${ofRegion(declarationRegion)}. Cet enregistrement ne vaut pas agrément de l’État.</p>`
}
