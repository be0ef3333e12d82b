/** One's own account: where one is signed in, the password, the API tokens. */
import { html } from 'hono/html'
import type { Task } from '../attendance/follow-up/tasks.rules.ts'
import { noBreak } from '../documents/typography.ts'
import { defaultTimeZone } from '../organisation/organisation.schema.ts'
import type { Role } from '../people/people.schema.ts'
import type { ShownLoginSession } from '../people/sign-in/login-session.service.ts'
import type { Me } from '../people/sign-in/sign-in.service.ts'
import type { ShownToken } from '../people/sign-in/token.service.ts'
import type { SessionItem } from '../planning/session-view.ts'
import type { FieldError } from '../platform/problem.ts'
import { calendarSection } from './calendar.page.ts'
import { errorSummary, errorsOf, type Field, fieldInput, newPasswordField } from './form.ts'
import { dayOf, inMinutes } from './french.ts'
import type { Html, Page } from './layout.ts'
import { tasksSection } from './tasks.section.ts'
import { taughtSection } from './taught.section.ts'

export type AccountView = {
  me: Me
  sessions: readonly ShownLoginSession[]
  tokens: readonly ShownToken[]
  /** When the address of one's calendar was made, if there is one. */
  calendarSince: Temporal.Instant | undefined
  /** What there is to do. */
  tasks: readonly Task[]
  /** Open sessions that one teaches. */
  taught: readonly SessionItem[]
  timeZone: string | undefined
  /** What has just been done, to be said above. */
  done?: string | undefined
  /** Of the form of the password. */
  errors?: readonly FieldError[]
}

const passwordFields: readonly Field[] = [
  {
    name: 'currentPassword',
    label: 'Mot de passe actuel',
    type: 'password',
    autocomplete: 'current-password',
    error: 'Indiquez votre mot de passe actuel.',
  },
  { ...newPasswordField, name: 'newPassword', label: 'Nouveau mot de passe' },
]

const roleNames = {
  member: 'membre',
  trainer: 'formatrice ou formateur',
  ambassador: 'ambassadrice ou ambassadeur',
  admin: 'administration',
} as const satisfies Record<Role, string>

const doneTexts: Record<string, string> = {
  password:
    'Votre mot de passe est changé. Les autres connexions, les jetons d’API et l’adresse de votre agenda ne fonctionnent plus.',
  sessions: 'Les autres connexions sont fermées.',
  session: 'Cette connexion est fermée.',
  token: 'Ce jeton ne fonctionne plus.',
  calendar: 'L’adresse de votre agenda ne fonctionne plus.',
}

export function accountPage(view: AccountView): Page {
  const { me, done } = view
  const roles = [...new Set(me.roleGrants.map(({ role }) => roleNames[role]))]
  return {
    title: 'Mon compte',
    isPrivate: true,
    sendsForm: true,
    content: html`<h1>Mon compte</h1>
${done !== undefined && Object.hasOwn(doneTexts, done) && html`<p class="done" role="status">${doneTexts[done]}</p>`}
<dl class="facts-table">
  <div><dt>Nom</dt><dd>${me.person.firstName} ${me.person.lastName}</dd></div>
  <div><dt>Adresse</dt><dd>${me.account.email}</dd></div>
  <div><dt>Rôle</dt><dd>${roles.join(', ')}</dd></div>
</dl>
<form class="apart" action="/sign-out" method="post"><button class="quiet">Se déconnecter</button></form>
${tasksSection(view.tasks)}
${taughtSection(view.taught)}
${calendarSection(view)}
${sessionsSection(view)}
${passwordSection(view)}
${view.tokens.length > 0 && tokensSection(view)}`,
  }
}

function sessionsSection({ sessions, timeZone = defaultTimeZone }: AccountView): Html {
  return html`<section>
<h2>Connexions ouvertes</h2>
<ul class="things">
  ${sessions.map(
    (session) => html`<li>
    <span>${session.device ?? 'Appareil inconnu'}
      <span class="small">${session.isCurrent ? 'cet appareil' : `vu le ${hourOf(session.lastSeenAt, timeZone)}`}</span></span>
    ${
      !session.isCurrent &&
      html`<form action="/account/login-sessions/end" method="post">
      <input type="hidden" name="id" value="${session.id}">
      <button class="quiet">Fermer<span class="unseen"> la connexion de ${session.device ?? 'l’appareil inconnu'}</span></button>
    </form>`
    }
  </li>`,
  )}
</ul>
${
  sessions.length > 1 &&
  html`<form action="/account/login-sessions/end" method="post">
  <button class="quiet">Fermer toutes les autres</button>
</form>`
}
</section>`
}

/** To the hour, as it is known. */
function hourOf(instant: Temporal.Instant, timeZone: string): string {
  return `${dayOf(instant, timeZone)} vers ${instant.toZonedDateTimeISO(timeZone).hour}${noBreak}h`
}

function passwordSection({ me, errors = [] }: AccountView): Html {
  if (me.account.status !== 'active') {
    return html`<section>
<h2>Mot de passe</h2>
<p>Vous n’en avez pas encore&nbsp;: vous vous connectez par les liens que vous recevez.</p>
<p><a href="/forgotten-password">En choisir un</a></p>
</section>`
  }
  const wrong = errorsOf(passwordFields, errors)
  return html`<section>
<h2>Changer de mot de passe</h2>
${errorSummary(wrong)}
<form class="narrow" action="/account/password" method="post" novalidate>
  <input type="hidden" name="username" value="${me.account.email}" autocomplete="username">
  ${passwordFields.map((field) => fieldInput(field, undefined, wrong.get(field.name)))}
  <button>Changer</button>
</form>
</section>`
}

function tokensSection({ tokens, timeZone = defaultTimeZone }: AccountView): Html {
  return html`<section>
<h2>Jetons d’API</h2>
<p>Les programmes qui agissent en votre nom. En cas de doute, révoquez&nbsp;: un jeton se refait.</p>
<ul class="things">
  ${tokens.map(
    (token) => html`<li>
    <span>${token.name}
      <span class="small">${token.scope === 'read' ? 'lecture seule' : 'tous les droits'},
        créé le ${dayOf(token.createdAt, timeZone)}</span></span>
    <form action="/account/tokens/revoke" method="post">
      <input type="hidden" name="id" value="${token.id}">
      <button class="quiet">Révoquer<span class="unseen"> le jeton ${token.name}</span></button>
    </form>
  </li>`,
  )}
</ul>
</section>`
}

/** While guesses at the present password are slowed down. */
export function tooManyTriesPage(waitSeconds: number): Page {
  return {
    title: 'Trop d’essais',
    isPrivate: true,
    content: html`<h1>Trop d’essais</h1>
<p>Le mot de passe actuel a été mal saisi trop de fois. Réessayez ${inMinutes(waitSeconds)}.</p>
<p><a href="/account">Retour à mon compte</a></p>`,
  }
}
