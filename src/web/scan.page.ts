/** Where the scan or photo of a sheet signed on paper is sent from, and said what it bears. */
import { html } from 'hono/html'
import { narrowNoBreak } from '../documents/typography.ts'
import type { Html, Page } from './layout.ts'
import type { SheetView } from './sheet.page.ts'

export function scanPage(view: SheetView, slots: SheetView['slots']): Page {
  return {
    title: `Feuille signée sur papier ${view.reference}`,
    isPrivate: true,
    script: 'scan.js',
    content: html`<h1>Feuille signée sur papier</h1>
<p class="lead">${view.trainingTitle} <span class="small">${view.reference}</span></p>
<form class="scanning" data-session="${view.sessionId}">
  <div class="field">
    <label for="file">Photo ou scan de la feuille</label>
    <p class="hint" id="file-hint">PDF, JPEG ou PNG, 15 Mo au plus, toute la feuille lisible.</p>
    <input id="file" name="file" type="file" accept="application/pdf,image/jpeg,image/png" required
      aria-describedby="file-hint">
  </div>
  <div class="field">
    <label for="kept">Où l’original est-il rangé${narrowNoBreak}?</label>
    <input id="kept" name="kept" required maxlength="200" placeholder="classeur 2026, armoire du bureau">
  </div>
  ${slots.map((slot) => borneBy(slot, view))}
  ${slots.length === 0 && html`<p class="alert">Aucune demi-journée n’a encore commencé.</p>`}
  <p class="row"><button class="main" ${slots.length === 0 && html`disabled`}>Envoyer</button></p>
  <p role="status" class="small"></p>
</form>
<p class="hint">Cochez seulement les signatures que vous voyez sur le papier. Le papier reste l’original${narrowNoBreak}:
  gardez-le.</p>`,
  }
}

/** The half-day and, of those who have not signed otherwise, whose signature is on the paper. */
function borneBy(
  { id, label, sealedAt, isCancelled }: SheetView['slots'][number],
  { learners }: SheetView,
): Html {
  const isClosed = sealedAt !== null || isCancelled
  const unsigned = learners.filter(({ marks }) => marks[id]?.signedAt == null)
  return html`<fieldset class="choices" ${isClosed && html`disabled`}>
    <legend>${label}${isClosed && html` <span class="small">(close)</span>`}</legend>
    <input type="hidden" name="slotId" value="${id}">
    ${unsigned.map(
      ({ enrolmentId, name }) => html`<label class="choice"><input type="checkbox" name="signed"
        value="${id} ${enrolmentId}"> <span>${name}</span></label>`,
    )}
    ${unsigned.length === 0 && html`<p class="hint">Tout le monde a déjà signé.</p>`}
  </fieldset>`
}
