/** Where a learner signs a half-day by hand (*émargement*): by a personal link, or signed in. */
import { html } from 'hono/html'
import type { signingStates } from '../attendance/signing/signing.schema.ts'
import { narrowNoBreak } from '../documents/typography.ts'
import type { Html, Page } from './layout.ts'

type SigningSlot = {
  id: string
  /** `jeudi 2 avril 2026, matin, de 9 h à 12 h 30`. */
  label: string
  state: (typeof signingStates)[number]
  /** `9 h 04`, of who has signed. */
  signedAt: string | null
}

export type SigningView = {
  trainingTitle: string
  learnerName: string
  slots: readonly SigningSlot[]
  /** Where what was drawn is sent, for who came by a personal link; else to the half-day's own route. */
  linkAction?: string
  /** The trainer's code, from the QR code that led here. */
  code?: string
  /** The half-day that the QR code is of. */
  slotId?: string
}

export function signingPage(view: SigningView): Page {
  const open = view.slots.filter(({ state }) => state === 'toSign')
  return {
    title: 'Émarger',
    isPrivate: true,
    ...(open.length > 0 && { script: 'sign.js' as const }),
    content: html`<h1>Émarger</h1>
<p class="lead">${view.trainingTitle}</p>
<p>Vous signez pour <strong>${view.learnerName}</strong>. Personne d’autre ne peut le faire à votre place.</p>
${open.length > 0 ? signingForm(view, open) : html`<p class="done">${nothingToSign(view.slots)}</p>`}
${slotList(
  open.length > 0 ? 'Vos autres demi-journées' : 'Vos demi-journées',
  view.slots.filter(({ state }) => state !== 'toSign'),
)}
<noscript><p class="alert">Pour signer, le navigateur doit exécuter JavaScript. Sinon, signez sur l’appareil du
  formateur ou sur la feuille en papier.</p></noscript>`,
  }
}

function nothingToSign(slots: readonly SigningSlot[]): string {
  return slots.some(({ state }) => state === 'notStarted')
    ? `Rien à signer pour le moment${narrowNoBreak}: on signe chaque demi-journée une fois qu’elle a commencé.`
    : 'Tout est signé. Vous n’avez plus rien à faire ici.'
}

function signingForm(view: SigningView, open: readonly SigningSlot[]): Html {
  const chosen = open.find(({ id }) => id === view.slotId) ?? open.at(-1)
  return html`<form class="signing" method="post" ${view.linkAction !== undefined && html`action="${view.linkAction}" data-by-link`}>
  <fieldset class="choices">
    <legend>Demi-journée</legend>
    ${open.map(
      ({ id, label }) => html`<label class="choice"><input type="radio" name="slotId" value="${id}" required
        ${id === chosen?.id && html`checked`}> <span>${label}</span></label>`,
    )}
  </fieldset>
  <div class="field">
    <label for="signing-code">Code du formateur <span class="small">(s’il en affiche un)</span></label>
    <input id="signing-code" name="code" inputmode="numeric" autocomplete="one-time-code" maxlength="7"
      value="${view.code ?? ''}" placeholder="000 000">
  </div>
  ${padFrame('Votre signature')}
  <p class="row"><button class="main">Signer</button> <button type="button" class="quiet clear">Effacer</button></p>
  <p role="status" class="small"></p>
</form>
<p class="hint">Vous ne pouvez pas dessiner de signature${narrowNoBreak}? Dites-le au formateur, qui l’inscrit sur la feuille.</p>`
}

/** A frame to draw in, with the line one signs on. */
function padFrame(label: string): Html {
  return html`<div class="pad"><p class="label" id="pad-label">${label}</p>
  <svg viewBox="0 0 1000 400" role="img" aria-labelledby="pad-label"></svg></div>`
}

const stateTexts = {
  signed: 'signé',
  toSign: 'à signer',
  notStarted: 'à venir',
  sealed: 'feuille scellée',
} as const satisfies Record<SigningSlot['state'], string>

function slotList(title: string, slots: readonly SigningSlot[]): Html | false {
  return (
    slots.length > 0 &&
    html`<h2>${title}</h2>
<ul class="things">
  ${slots.map(
    ({ label, state, signedAt }) =>
      html`<li><span>${label}</span> <span class="state ${state}">${stateTexts[state]}${signedAt !== null && ` à ${signedAt}`}</span></li>`,
  )}
</ul>`
  )
}

/** A link that was used up, revoked, or never was one: nobody learns which. */
export const linkNotValidPage: Page = {
  title: 'Ce lien ne fonctionne pas',
  isPrivate: true,
  content: html`<h1>Ce lien ne fonctionne pas</h1>
<p>Il a expiré, ou il a été remplacé par un autre. Demandez au formateur d’en afficher un nouveau, signez sur son
  appareil, ou <a href="/sign-in">connectez-vous</a>.</p>`,
}
