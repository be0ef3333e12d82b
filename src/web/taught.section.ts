/** The open sessions that one teaches, with the way to their sheets (*feuilles d'émargement*), also where nothing is due. */
import { html } from 'hono/html'
import type { SessionItem } from '../planning/session-view.ts'
import { period } from './french.ts'
import type { Html } from './layout.ts'

export function taughtSection(sessions: readonly SessionItem[]): Html | false {
  return (
    sessions.length > 0 &&
    html`<section>
<h2>Sessions que vous animez</h2>
<ul class="things">
  ${sessions.map(sessionItem)}
</ul>
</section>`
  )
}

function sessionItem({ id, title, reference, timeZone, ...session }: SessionItem): Html {
  const { firstSlotStartsAt: start, lastSlotEndsAt: end } = session
  return html`<li><span><a href="/sessions/${id}/attendance">${title}</a>
    <span class="small">${reference}${start && end && html`, ${period(start, end, timeZone)}`}</span></span></li>`
}
