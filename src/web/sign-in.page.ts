/** The pages to sign in with, and those that mailed links lead to. */
import { html } from 'hono/html'
import type { FieldError } from '../platform/problem.ts'
import { errorSummary, errorsOf, type Field, fieldInput, newPasswordField } from './form.ts'
import { inMinutes } from './french.ts'
import type { Html, Page } from './layout.ts'

const emailField: Field = {
  name: 'email',
  label: 'Adresse e-mail',
  type: 'email',
  autocomplete: 'username',
  error: 'Indiquez votre adresse e-mail.',
}
const passwordField: Field = {
  name: 'password',
  label: 'Mot de passe',
  type: 'password',
  autocomplete: 'current-password',
  error: 'Indiquez votre mot de passe.',
}

/** What keeps somebody from signing in: wrong fields, a wrong pair, or too many tries before. */
export type Refusal = { errors: readonly FieldError[] } | 'wrong' | { waitSeconds: number }

/** What was typed before, and the page that was asked for. */
type SignInStart = { email?: string; next?: string | undefined }

/** One address for both ways in: the first button is the one that the Enter key means. */
export function signInPage({ email, next }: SignInStart = {}, refusal?: Refusal): Page {
  const fields = [emailField, passwordField]
  const errors = errorsOf(
    fields,
    refusal && typeof refusal === 'object' && 'errors' in refusal ? refusal.errors : [],
  )
  return {
    title: 'Se connecter',
    isPrivate: true,
    sendsForm: true,
    content: html`<h1>Se connecter</h1>
${refusalText(refusal)}
${errorSummary(errors)}
<form class="narrow" action="/sign-in" method="post" novalidate>
  ${fieldInput(emailField, email, errors.get('email'))}
  ${fieldInput(passwordField, undefined, errors.get('password'))}
  ${next && html`<input type="hidden" name="next" value="${next}">`}
  <p class="row between"><button>Se connecter</button> <a href="/forgotten-password">Mot de passe oublié&#8239;?</a></p>
  <h2>Sans mot de passe</h2>
  <p>Indiquez seulement votre adresse&nbsp;: nous y envoyons un lien qui vous connecte, valable dix minutes.</p>
  <button class="quiet" formaction="/sign-in-link/request">Recevoir un lien par e-mail</button>
</form>`,
  }
}

function refusalText(refusal: Refusal | undefined): Html | false {
  if (refusal === 'wrong') {
    return html`<p class="alert" role="alert">L’adresse et le mot de passe ne correspondent pas.</p>`
  }
  if (typeof refusal !== 'object' || 'errors' in refusal) return false
  return html`<p class="alert" role="alert">Trop d’essais. Réessayez ${inMinutes(refusal.waitSeconds)}, ou recevez un
  lien par e-mail&nbsp;: il fonctionne tout de suite.</p>`
}

/** A form that asks for an address to send a link to. */
export function forgottenPasswordPage(email = '', errors: readonly FieldError[] = []): Page {
  const wrong = errorsOf([emailField], errors)
  return {
    title: 'Mot de passe oublié',
    isPrivate: true,
    sendsForm: true,
    content: html`<h1>Mot de passe oublié</h1>
<p>Indiquez l’adresse de votre compte&nbsp;: nous y envoyons un lien pour choisir un nouveau mot de passe.</p>
<form class="narrow" action="/forgotten-password" method="post" novalidate>
  ${fieldInput(emailField, email, wrong.get('email'))}
  <button>Recevoir le lien</button>
</form>
<p class="apart"><a href="/sign-in">Retour à la connexion</a></p>`,
  }
}

/** The same whether there is an account or not. */
export const linkSentPage: Page = {
  title: 'Regardez vos e-mails',
  isPrivate: true,
  content: html`<h1>Regardez vos e-mails</h1>
<p class="lead">Si un compte existe à cette adresse, un lien vient d’y être envoyé.</p>
<p>Il ne sert qu’une fois, et peu de temps. Rien après quelques minutes&#8239;? Regardez dans les indésirables, vérifiez
l’adresse, puis demandez un autre lien&nbsp;: seul le dernier fonctionne.</p>
<p><a href="/sign-in">Retour à la connexion</a></p>`,
}

export function tooManyLinksPage(waitSeconds: number): Page {
  return {
    title: 'Trop de demandes',
    isPrivate: true,
    content: html`<h1>Trop de demandes</h1>
<p>Beaucoup de liens ont été demandés d’ici. Réessayez ${inMinutes(waitSeconds)}.</p>
<p><a href="/sign-in">Retour à la connexion</a></p>`,
  }
}

/** A link, opened: who it is for, and its token, which only the form sends. */
export type OpenedLink = { token: string; email: string }

/** Opening it signs nobody in: mail scanners open every link. */
export function signInLinkPage({ token, email }: OpenedLink): Page {
  return {
    title: 'Confirmer la connexion',
    isPrivate: true,
    sendsForm: true,
    content: html`<h1>Confirmer la connexion</h1>
<p class="lead">Vous allez vous connecter avec le compte <strong>${email}</strong>.</p>
<form action="/sign-in-link" method="post">
  <input type="hidden" name="token" value="${token}">
  <button>Me connecter</button>
</form>`,
  }
}

export function resetPasswordPage(link: OpenedLink, errors: readonly FieldError[] = []): Page {
  return {
    title: 'Choisir un nouveau mot de passe',
    isPrivate: true,
    sendsForm: true,
    content: html`<h1>Choisir un nouveau mot de passe</h1>
<p>Toutes les connexions ouvertes seront fermées, ainsi que les jetons d’API.</p>
${passwordForm('/reset-password', 'Changer le mot de passe', link, errors)}`,
  }
}

export function invitationPage(link: OpenedLink, errors: readonly FieldError[] = []): Page {
  return {
    title: 'Bienvenue',
    isPrivate: true,
    sendsForm: true,
    content: html`<h1>Bienvenue</h1>
<p class="lead">Votre compte est prêt&nbsp;: il ne vous reste qu’à choisir un mot de passe.</p>
${passwordForm('/invitation', 'Ouvrir mon compte', link, errors)}`,
  }
}

/** The address stands in a field of its own, so that a password manager knows what it keeps the password for. */
function passwordForm(
  action: string,
  button: string,
  { token, email }: OpenedLink,
  errors: readonly FieldError[],
): Html {
  const wrong = errorsOf([newPasswordField], errors)
  return html`<form class="narrow" action="${action}" method="post" novalidate>
  <input type="hidden" name="token" value="${token}">
  <div class="field">
    <label for="account">Compte</label>
    <input id="account" type="email" value="${email}" autocomplete="username" readonly>
  </div>
  ${fieldInput(newPasswordField, undefined, wrong.get('password'))}
  <button>${button}</button>
</form>`
}

export const passwordChangedPage: Page = {
  title: 'Mot de passe changé',
  isPrivate: true,
  content: html`<h1>Votre mot de passe est changé</h1>
<p>Il ne reste qu’à vous connecter avec le nouveau.</p>
<p><a class="button" href="/sign-in">Se connecter</a></p>`,
}

export const linkExpiredPage: Page = {
  title: 'Lien expiré',
  isPrivate: true,
  content: html`<h1>Ce lien n’est plus valable</h1>
<p>Un lien ne sert qu’une fois, pendant un temps limité, et le dernier envoyé remplace les précédents.</p>
<p><a class="button" href="/sign-in">Demander un autre lien</a></p>`,
}
