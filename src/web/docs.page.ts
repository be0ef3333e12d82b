import { html } from 'hono/html'
import { assetUrl } from './assets.ts'
import { type Html, nameOf } from './layout.ts'
import type { PublicOrganisation } from './web.queries.ts'

/** Swagger UI colours what it draws with inline styles and shows its icons from `data:`; its calls stay here. */
export const docsContentSecurityPolicy = [
  "default-src 'none'",
  "script-src 'self'",
  "style-src 'self' 'unsafe-inline'",
  "img-src 'self' data:",
  "connect-src 'self'",
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

/**
 * The reference of the API, drawn in the browser from `/openapi.json` without any other address. It has a frame of its
 * own: the stylesheet of the other pages and that of Swagger UI would spoil each other.
 */
export function docsDocument(organisation: PublicOrganisation | undefined): Html {
  return html`<!doctype html>
<html lang="fr">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>Référence de l’API – ${nameOf(organisation)}</title>
<link rel="icon" href="${assetUrl('icon.svg')}" type="image/svg+xml">
<link rel="stylesheet" href="${assetUrl('swagger-ui.css')}">
<link rel="stylesheet" href="${assetUrl('docs.css')}">
<script src="${assetUrl('swagger-ui-bundle.js')}" defer></script>
<script src="${assetUrl('docs.js')}" type="module"></script>
</head>
<body>
<header class="top">
  <a href="/">${nameOf(organisation)}</a>
  <h1>Référence de l’API</h1>
  <noscript><p>Cette page a besoin de JavaScript. Le document qu’elle montre est
    <a href="/openapi.json">openapi.json</a>.</p></noscript>
</header>
<main id="reference" lang="en"></main>
</body>
</html>`
}
