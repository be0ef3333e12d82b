/** The pages of the one-time link that makes the first admin. */
import { html } from 'hono/html'
import type { FieldError } from '../platform/problem.ts'
import type { Html, Page } from './layout.ts'

const fields = [
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
  {
    name: 'password',
    label: 'Mot de passe',
    type: 'password',
    autocomplete: 'new-password',
    hint: 'Douze caractères au moins. Une phrase se retient mieux qu’un mot compliqué.',
    error: 'Choisissez un mot de passe de 12 à 200 caractères.',
  },
] as const

type Field = (typeof fields)[number]
export type SetupForm = { token: string } & Partial<Record<Field['name'], string>>

/** What was typed stays, but the password. */
export function setupPage(form: SetupForm, errors: readonly FieldError[] = []): Page {
  const wrong = new Set(errors.map((error) => error.pointer.slice(1)))
  return {
    title: 'Mise en service',
    isPrivate: true,
    content: html`<h1>Mise en service</h1>
<p class="lead">Créez le premier compte d’administration de cette installation.</p>
${wrong.size > 0 && html`<p class="alert" role="alert">Corrigez les champs signalés, puis envoyez de nouveau.</p>`}
<form class="setup" action="/setup" method="post" novalidate>
  <input type="hidden" name="token" value="${form.token}">
  ${fields.map((field) => fieldInput(field, form, wrong.has(field.name)))}
  <button>Créer le compte</button>
</form>`,
  }
}

function fieldInput(field: Field, form: SetupForm, isWrong: boolean): Html {
  const { name, label, type, autocomplete } = field
  const hint = 'hint' in field ? field.hint : undefined
  const described = [...(hint ? [`${name}-hint`] : []), ...(isWrong ? [`${name}-error`] : [])].join(' ')
  return html`<div class="field">
  <label for="${name}">${label}</label>
  ${hint && html`<p class="hint" id="${name}-hint">${hint}</p>`}
  <input id="${name}" name="${name}" type="${type}" autocomplete="${autocomplete}" required
    value="${type === 'password' ? '' : (form[name] ?? '')}"
    ${described && html`aria-describedby="${described}"`} ${isWrong && html`aria-invalid="true"`}>
  ${isWrong && html`<p class="error" id="${name}-error">${field.error}</p>`}
</div>`
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
<p class="lead">Cette installation a son premier compte d’administration. La suite se fait par l’API.</p>
<h2>Se connecter</h2>
<pre><code>curl -c preau.cookie ${baseUrl}/api/auth/login \\
  -H 'Content-Type: application/json' \\
  -d '{"email":"votre@adresse","password":"votre mot de passe"}'</code></pre>
<h2>Vérifier que c’est bien vous</h2>
<pre><code>curl -b preau.cookie ${baseUrl}/api/me</code></pre>
<p>Ensuite&nbsp;: décrire l’organisme (<code>PUT /api/organisation</code>), ouvrir les antennes, importer vos fichiers
(<code>npm run preau -- import --help</code>).</p>
<p><a class="button" href="/docs">Référence de l’API</a></p>`,
  }
}
