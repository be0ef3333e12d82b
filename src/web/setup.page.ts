/** The pages of the one-time link that makes the first admin. */
import { html } from 'hono/html'
import type { FieldError } from '../platform/problem.ts'
import { errorSummary, errorsOf, type Field, fieldInput, newPasswordField } from './form.ts'
import type { Page } from './layout.ts'

const fields: readonly Field[] = [
  {
    name: 'firstName',
    label: 'Prénom',
    type: 'text',
    autocomplete: 'given-name',
    error: 'Indiquez votre prénom.',
  },
  { name: 'lastName', label: 'Nom', type: 'text', autocomplete: 'family-name', error: 'Indiquez votre nom.' },
  {
    name: 'email',
    label: 'Adresse e-mail',
    type: 'email',
    autocomplete: 'username',
    error: 'Indiquez une adresse e-mail complète, comme camille@exemple.fr.',
  },
  newPasswordField,
]

export const setupFields = ['token', 'firstName', 'lastName', 'email', 'password'] as const
export type SetupForm = { token: string } & Partial<Record<(typeof setupFields)[number], string>>

/** What was typed stays, but the password. */
export function setupPage(form: SetupForm, errors: readonly FieldError[] = []): Page {
  const wrong = errorsOf(fields, errors)
  const typed: Record<string, string | undefined> = form
  return {
    title: 'Mise en service',
    isPrivate: true,
    sendsForm: true,
    content: html`<h1>Mise en service</h1>
<p class="lead">Créez le premier compte d’administration de cette installation.</p>
${errorSummary(wrong)}
<form class="narrow" action="/setup" method="post" novalidate>
  <input type="hidden" name="token" value="${form.token}">
  ${fields.map((field) => fieldInput(field, typed[field.name], wrong.get(field.name)))}
  <button>Créer le compte</button>
</form>`,
  }
}

export const setupLinkExpiredPage: Page = {
  title: 'Lien expiré',
  isPrivate: true,
  content: html`<h1>Ce lien n’est plus valable</h1>
<p>Un lien de mise en service sert une seule fois, pendant 24&nbsp;heures, et le dernier affiché remplace les
précédents. Redémarrez Préau&nbsp;: il en affichera un nouveau dans le terminal.</p>`,
}

export const setupDonePage: Page = {
  title: 'Mise en service déjà faite',
  isPrivate: true,
  content: html`<h1>La mise en service est déjà faite</h1>
<p>Cette installation a déjà une personne qui l’administre&nbsp;: c’est elle qui crée les autres comptes. Pour en
ajouter une depuis le serveur&nbsp;: <code>npm run preau -- admin create</code>.</p>
<p><a href="/">Retour à l’accueil</a></p>`,
}

/** What comes next, with commands that work when they are pasted. */
export function setupSucceededPage(baseUrl: string): Page {
  return {
    title: 'Le compte est créé',
    isPrivate: true,
    content: html`<h1>Le compte est créé</h1>
<p class="lead">Cette installation a son premier compte d’administration.</p>
<p><a class="button" href="/sign-in">Se connecter</a></p>
<h2>La suite, par l’API</h2>
<p>Il reste à décrire l’organisme (<code>PUT /api/organisation</code>), à ouvrir les antennes et à importer vos fichiers
(<code>npm run preau -- import --help</code>). Pour vous connecter, et vérifier que c’est bien vous&nbsp;:</p>
<pre><code>curl -c preau.cookie ${baseUrl}/api/auth/login \\
  -H 'Content-Type: application/json' \\
  -d '{"email":"votre@adresse","password":"votre mot de passe"}'</code></pre>
<pre><code>curl -b preau.cookie ${baseUrl}/api/me</code></pre>
<p><a href="/docs">Référence de l’API</a></p>`,
  }
}
