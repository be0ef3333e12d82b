import { html } from 'hono/html'
import type { CatalogueEntry, CatalogueItem, NextSession } from '../catalogue/public-catalogue.queries.ts'
import { hoursAndMinutes, typeset } from '../documents/typography.ts'
import { defaultTimeZone } from '../organisation/organisation.schema.ts'
import type { Page as ListPage } from '../platform/http/pagination.ts'
import { dayOf, modalityName, period, price, seats } from './french.ts'
import type { Html, Page } from './layout.ts'
import type { PublicOrganisation } from './web.queries.ts'

/** One page of the catalogue; `q` is what was searched for, empty when nothing was. */
export function cataloguePage(
  { items, nextCursor }: ListPage<CatalogueItem>,
  q: string,
  organisation: PublicOrganisation | undefined,
): Page {
  return {
    title: 'Catalogue',
    isShared: true,
    content: html`<h1>Catalogue</h1>
<form class="search" action="/catalogue" method="get" role="search">
  <label for="q">Chercher une formation</label>
  <div class="row">
    <input id="q" name="q" type="search" value="${q}" maxlength="200">
    <button>Chercher</button>
  </div>
</form>
${items.length === 0 && emptyCatalogue(q)}
<ul class="trainings">${items.map((training) => trainingItem(training, organisation))}</ul>
${nextCursor !== null && nextPageLink(q, nextCursor)}`,
  }
}

function emptyCatalogue(q: string): Html {
  if (q === '') return html`<p>Le catalogue est encore vide.</p>`
  return html`<p>Aucune formation ne correspond à «&#8239;${q}&#8239;». <a href="/catalogue">Tout le catalogue</a></p>`
}

function trainingItem(training: CatalogueItem, organisation: PublicOrganisation | undefined): Html {
  return html`<li>
  <h2><a href="${programmePath(training)}">${typeset(training.title)}</a></h2>
  <p class="facts">${facts(training, organisation).join(' · ')}</p>
  ${training.sessions.length > 0 && sessionList(training.sessions)}
</li>`
}

function programmePath({ code }: CatalogueItem): string {
  return `/catalogue/${encodeURIComponent(code)}`
}

/** Duration, modality and price in one line; a published programme has them all. */
function facts(training: CatalogueItem, organisation: PublicOrganisation | undefined): string[] {
  const { durationMinutes, modality, priceCents, domain } = training
  return [
    ...(durationMinutes === null ? [] : [hoursAndMinutes(durationMinutes)]),
    ...(modality === null ? [] : [modalityName(modality)]),
    ...(priceCents === null ? [] : [price(priceCents, organisation?.vatExempt ?? false)]),
    ...(domain === null ? [] : [domain]),
  ]
}

function sessionList(sessions: NextSession[]): Html {
  return html`<ul class="sessions">${sessions.map(
    (session) => html`<li>
    <span>${period(session.startsAt, session.endsAt, session.timeZone)}${place(session)}</span>
    <span class="seats${session.seatsLeft === 0 ? ' full' : ''}">${seats(session.seatsLeft)}</span>
  </li>`,
  )}</ul>`
}

function place({ place, modality }: NextSession): string {
  if (place !== null) return `, ${place}`
  return modality === 'remote' ? ', à distance' : ''
}

function nextPageLink(q: string, cursor: string): Html {
  const query = new URLSearchParams({ ...(q !== '' && { q }), cursor })
  return html`<p><a href="/catalogue?${query.toString()}" rel="next">Suite du catalogue</a></p>`
}

/** All that a programme must say to the public (article L6353-8 of the Code du travail, Qualiopi indicator 1). */
export function programmePage(training: CatalogueEntry, organisation: PublicOrganisation | undefined): Page {
  const zone = organisation?.timeZone ?? defaultTimeZone
  return {
    title: typeset(training.title),
    isShared: true,
    content: html`<p class="crumb"><a href="/catalogue">Catalogue</a></p>
<h1>${typeset(training.title)}</h1>
<p class="facts">${facts(training, organisation).join(' · ')}</p>
<section>
  <h2>Prochaines sessions</h2>
  ${training.sessions.length > 0 ? sessionList(training.sessions) : html`<p>Aucune date n’est ouverte pour l’instant.</p>`}
</section>
<section>
  <h2>Objectifs</h2>
  <ul>${training.objectives.map((objective) => html`<li>${typeset(objective)}</li>`)}</ul>
</section>
${prose('Public', training.audience)}
${prose('Prérequis', training.prerequisites)}
${prose('Contenu', training.content)}
${prose('Méthodes et moyens', training.methods)}
${prose('Évaluation', training.assessmentMethods)}
${recognition(training)}
${prose('Délai et modalités d’accès', training.accessDelay)}
${prose('Accessibilité aux personnes en situation de handicap', training.accessibility)}
<p class="small">Programme ${training.code}, version ${training.publishedVersion} du ${dayOf(training.publishedAt, zone)}.</p>`,
  }
}

function prose(heading: string, text: string | null): Html | null {
  return text === null
    ? null
    : html`<section><h2>${heading}</h2><p class="prose">${typeset(text)}</p></section>`
}

/** What the training is recognised by (*type de reconnaissance*), which the public must be told. */
function recognition({ certification, objective }: CatalogueItem): Html | null {
  if (certification) {
    const { register, code, title, certifier, level } = certification
    const number = code.replace(/^(RNCP|RS)/, '')
    const levelName = level === 'cqp' ? ', CQP' : level === null ? '' : `, niveau ${level}`
    return html`<section><h2>Certification</h2>
  <p>${typeset(title)} (${register}&nbsp;${number}${levelName}), délivrée par ${certifier}.</p></section>`
  }
  if (objective !== 'other') return null
  return html`<section><h2>Reconnaissance</h2>
  <p>Un certificat de réalisation. La formation ne mène pas à une certification enregistrée.</p></section>`
}
