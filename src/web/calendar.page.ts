/** The address that one subscribes to one's own half-days by. */
import { html } from 'hono/html'
import { defaultTimeZone } from '../organisation/organisation.schema.ts'
import { dayOf } from './french.ts'
import type { Html, Page } from './layout.ts'

type CalendarView = { calendarSince: Temporal.Instant | undefined; timeZone: string | undefined }

/** On the page of one's account. */
export function calendarSection({ calendarSince, timeZone = defaultTimeZone }: CalendarView): Html {
  return html`<section>
<h2>Mon agenda</h2>
<p>Vos demi-journées dans l’agenda de votre téléphone ou de votre ordinateur, tenues à jour&nbsp;: celles que vous
  suivez et celles que vous animez.</p>
${
  calendarSince &&
  html`<p>Votre adresse date du ${dayOf(calendarSince, timeZone)}. En créer une autre y met fin.</p>`
}
<form action="/account/calendar" method="post"><button>Créer une adresse d’abonnement</button></form>
${
  calendarSince &&
  html`<form action="/account/calendar/end" method="post">
  <button class="quiet">Mettre fin à l’adresse</button>
</form>`
}
</section>`
}

/** The address, shown this once; `webcal:` opens the calendar program of a telephone or a computer. */
export function calendarAddressPage(url: string): Page {
  return {
    title: 'L’adresse de mon agenda',
    isPrivate: true,
    content: html`<h1>L’adresse de mon agenda</h1>
<p>Elle n’est montrée qu’ici. Quiconque l’a lit votre agenda et entre dans vos salles virtuelles&nbsp;: gardez-la pour
  vous.</p>
<p><code>${url}</code></p>
<p><a href="${url.replace(/^https?:/, 'webcal:')}">S’abonner sur cet appareil</a></p>
<ul>
  <li>Google Agenda&nbsp;: sur un ordinateur, «&#8239;Autres agendas&#8239;», «&#8239;À partir de l’URL&#8239;».</li>
  <li>Outlook&nbsp;: «&#8239;Ajouter un calendrier&#8239;», «&#8239;S’abonner à partir du web&#8239;».</li>
  <li>iPhone, iPad, Mac&nbsp;: le lien ci-dessus, ou «&#8239;Nouvel abonnement&#8239;» dans Calendrier.</li>
  <li>Thunderbird&nbsp;: «&#8239;Nouvel agenda&#8239;», «&#8239;Sur le réseau&#8239;».</li>
</ul>
<p>L’agenda relit l’adresse de lui-même, selon le programme toutes les heures ou une fois par jour.</p>
<p><a href="/account">Retour à mon compte</a></p>`,
  }
}
