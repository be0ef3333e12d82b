import { html } from 'hono/html'
import { type Html, nameOf, type Page } from './layout.ts'
import type { PublicOrganisation } from './web.queries.ts'

export function homePage(organisation: PublicOrganisation | undefined): Page {
  return {
    title: nameOf(organisation),
    isShared: true,
    content: html`<h1>${nameOf(organisation)}</h1>
<p class="lead">${organisation ? introduction(organisation) : notYetDescribed}</p>
<div class="cards">
  <section class="card">
    <h2>Se former</h2>
    <p>Les programmes, les prochaines dates et les places qui restent.</p>
    <p><a class="button" href="/catalogue">Voir le catalogue</a></p>
  </section>
  <section class="card">
    <h2>Vérifier un certificat</h2>
    ${verificationForm()}
  </section>
  <section class="card">
    <h2>Brancher un outil</h2>
    <p>Tout ce que fait Préau passe par une interface de programmation documentée.</p>
    <p><a href="/docs">Référence de l’API</a> · <a href="/openapi.json">OpenAPI</a></p>
  </section>
</div>`,
  }
}

const notYetDescribed = html`Cette installation de Préau n’a pas encore d’organisme de formation. Le lien de mise
  en service est affiché dans le terminal qui l’a démarrée.`

function introduction({ address }: PublicOrganisation): Html {
  return html`Organisme de formation à ${address.city}. Ses sessions, ses feuilles d’émargement et ses certificats
  sont tenus avec Préau.`
}

/** A plain GET form, so that it works without a script: `/verify?code=…` leads on to the page of the code. */
export function verificationForm(typed = ''): Html {
  return html`<form action="/verify" method="get">
  <label for="code">Code de vérification</label>
  <p class="hint" id="code-hint">Il est imprimé au bas du certificat, à côté du code QR.</p>
  <div class="row">
    <input id="code" name="code" value="${typed}" required maxlength="100" autocomplete="off"
      autocapitalize="characters" spellcheck="false" aria-describedby="code-hint">
    <button>Vérifier</button>
  </div>
</form>`
}
