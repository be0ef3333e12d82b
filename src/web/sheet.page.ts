/** The trainer's screen of a session (*feuille d'émargement*): the frame that `client/sheet.js` fills. */
import { html, raw } from 'hono/html'
import type { ConflictKind } from '../attendance/sheet/sheet.rules.ts'
import type { Page } from './layout.ts'

export type SheetView = {
  sessionId: string
  /** Who looks at it: what they record on this device is theirs, whoever signs in on it later. */
  personId: string | null
  reference: string
  trainingTitle: string
  timeZone: string
  /** Whether whoever looks at it may say who is there; an ambassador reads only. */
  canMark: boolean
  /** Whether whoever looks at it shows the code, hands a device round and explains missing signatures. */
  isTrainer: boolean
  slots: {
    id: string
    label: string
    shortLabel: string
    startsAt: string
    endsAt: string
    sealedAt: string | null
    isCancelled: boolean
    /** Whoever looks at it teaches in it, and countersigns and seals. */
    isMine: boolean
    isCountersigned: boolean
  }[]
  learners: {
    enrolmentId: string
    name: string
    /** By the id of the slot. */
    marks: Record<
      string,
      {
        status: string
        attendedMinutes: number
        reasonCode: string | null
        signedAt: string | null
        waiver: boolean
      }
    >
  }[]
  /** Without an enrolment: a trainer’s signature. */
  conflicts: { slotId: string; enrolmentId: string | null; kind: ConflictKind }[]
}

export function sheetPage(view: SheetView): Page {
  const pdf = `/api/sessions/${view.sessionId}/attendance.pdf`
  const heading = html`<h1>Feuille d’émargement</h1>
<p class="lead">${view.trainingTitle} <span class="small">${view.reference}</span></p>`
  const page = { title: `Émargement ${view.reference}`, isPrivate: true }
  if (view.slots.length === 0)
    return { ...page, content: html`${heading}<p>Cette session n’a pas encore de demi-journée.</p>` }
  return {
    ...page,
    script: 'sheet.js',
    content: html`${heading}
<p class="banner" id="banner" role="status"></p>
<nav class="slots-nav" id="slots" aria-label="Demi-journées"></nav>
<p id="message" role="status" class="small"></p>
<section id="slot"></section>
<p class="apart"><a href="${pdf}">Feuille en PDF</a> · <a href="${pdf}?blank=true">Feuille vierge à imprimer</a> ·
  <a href="/sessions/${view.sessionId}/scan">Joindre une feuille signée sur papier</a></p>
<noscript><p class="alert">Cette page a besoin de JavaScript. La feuille en PDF s’imprime et se signe à la main.</p></noscript>
<script type="application/json" id="sheet">${raw(safeInScript(view))}</script>`,
  }
}

/** No name can end the element that holds it. */
function safeInScript(view: SheetView): string {
  return JSON.stringify(view).replaceAll('<', '\\u003c')
}
