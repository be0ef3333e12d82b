/**
 * The trainer's screen of one session: who is there, who has signed, and the seal. What is recorded goes through the
 * outbox, so that it works on without a network.
 */
import { postJson, say } from './answers.js'
import { el, find } from './elements.js'
import { createOutbox } from './outbox.js'
import { conflictText, problemText } from './problem-text.js'
import { askAbsence, askSignature, askTimes, askWaiver, reasonName, showCode } from './sheet-dialogs.js'

/**
 * @typedef {{id: string, label: string, shortLabel: string, startsAt: string, endsAt: string, sealedAt: string | null, isCancelled: boolean,
 *   isMine: boolean, isCountersigned: boolean}} Slot
 * @typedef {{status: string, attendedMinutes?: number, reasonCode?: string | null, signedAt?: string | null,
 *   waiver?: boolean, isWaiting?: boolean}} Mark
 * @typedef {{enrolmentId: string, name: string, marks: Record<string, Mark>}} Learner
 * @typedef {{sessionId: string, personId: string | null, timeZone: string, slots: Slot[], learners: Learner[],
 *   canMark: boolean, isTrainer: boolean,
 *   conflicts: {slotId: string, enrolmentId: string | null, kind: Parameters<typeof conflictText>[0]}[]}} Sheet
 */

/** @type {Sheet} */
let sheet = JSON.parse(find('#sheet').textContent ?? '')
let slotId = currentSlot().id
const message = find('#message')

const outbox = createOutbox(sheet, {
  onChange: render,
  onResults(results) {
    const refused = results.find(({ outcome }) => outcome === 'refused')
    if (refused) say(message, problemText({ code: refused.code ?? '' }), true)
    void refresh()
  },
})

/** The half-day that goes on, else the last that has begun, else the first. */
function currentSlot() {
  const begun = sheet.slots.filter(
    ({ startsAt, isCancelled }) => !isCancelled && Date.parse(startsAt) <= Date.now(),
  )
  return begun.at(-1) ?? /** @type {Slot} */ (sheet.slots[0])
}

async function refresh() {
  try {
    const answer = await fetch(location.pathname, { headers: { accept: 'application/json' } })
    if (!answer.ok) return
    sheet = await answer.json()
    render()
  } catch {
    // Without a network what stands here is the latest there is.
  }
}

/**
 * The mark as it will be once all that waits has been sent.
 * @param {Learner} learner
 * @returns {Mark | undefined}
 */
function markOf(learner) {
  let mark = learner.marks[slotId]
  for (const event of outbox.waiting()) {
    if (event.slotId !== slotId || event.enrolmentId !== learner.enrolmentId) continue
    if (event.type === 'mark') {
      const { status = 'present', reasonCode = mark?.reasonCode } = event
      mark = { ...mark, status, reasonCode, isWaiting: true }
    }
    if (event.type === 'signature')
      mark = { status: 'present', ...mark, signedAt: mark?.signedAt ?? event.at, isWaiting: true }
  }
  return mark
}

function render() {
  const slot = sheet.slots.find(({ id }) => id === slotId) ?? currentSlot()
  renderBanner()
  find('#slots').replaceChildren(...sheet.slots.map(slotButton))
  const isClosed = slot.sealedAt !== null || slot.isCancelled || Date.parse(slot.startsAt) > Date.now()
  find('#slot').replaceChildren(
    el('h2', {}, slot.label),
    el('p', { class: 'small' }, stateOf(slot)),
    ...conflictsOf(slot, null),
    el('p', { class: 'row' }, ...(isClosed || !sheet.isTrainer ? [] : [codeButton(slot)])),
    el('ul', { class: 'roster' }, ...sheet.learners.map((learner) => row(slot, learner, isClosed))),
    ...(isClosed ? [] : [sealRow(slot)]),
  )
}

function renderBanner() {
  const { count, isOffline, isSignedOut } = outbox.state()
  const waiting = count === 0 ? '' : `${count} enregistrement${count > 1 ? 's' : ''} en attente d’envoi`
  const why = isSignedOut ? ' – reconnectez-vous dans un autre onglet' : isOffline ? ' – hors réseau' : ''
  find('#banner').textContent = waiting && waiting + why
}

/** @param {Slot} slot */
function stateOf(slot) {
  if (slot.isCancelled) return 'Demi-journée annulée.'
  if (slot.sealedAt !== null)
    return `Scellée le ${dateTime(slot.sealedAt)}. Une correction est un avenant de l’administration.`
  return Date.parse(slot.startsAt) > Date.now() ? 'On émarge une fois la demi-journée commencée.' : ''
}

/** @param {Slot} slot */
function slotButton({ id, shortLabel, sealedAt }) {
  return el(
    'button',
    { type: 'button', ...(id === slotId && { 'aria-current': 'true' }), onclick: () => choose(id) },
    sealedAt === null ? shortLabel : `${shortLabel} – scellée`,
  )
}

/** @param {string} id */
function choose(id) {
  slotId = id
  say(message, '')
  render()
}

/** @param {Slot} slot */
function codeButton({ id }) {
  return el('button', { type: 'button', onclick: () => showCode(id) }, 'Afficher le code')
}

/**
 * @param {Slot} slot
 * @param {Learner} learner
 * @param {boolean} isClosed
 */
function row(slot, learner, isClosed) {
  const mark = markOf(learner)
  return el(
    'li',
    {},
    el(
      'span',
      { class: 'name' },
      learner.name,
      el('span', { class: 'what' }, describe(mark)),
      ...conflictsOf(slot, learner.enrolmentId),
    ),
    !isClosed && sheet.canMark && el('span', { class: 'marks' }, ...buttons(learner, mark)),
  )
}

/**
 * @param {Slot} slot
 * @param {string | null} enrolmentId
 */
function conflictsOf(slot, enrolmentId) {
  return sheet.conflicts
    .filter((conflict) => conflict.slotId === slot.id && conflict.enrolmentId === enrolmentId)
    .map(({ kind }) => el('span', { class: 'what warn' }, conflictText(kind)))
}

/** @param {Mark | undefined} mark */
function describe(mark) {
  if (!mark) return 'Pas encore marqué'
  const reason = reasonName(mark.reasonCode)
  const what = {
    present: 'Présent',
    partial: `Présent ${duration(mark.attendedMinutes)}`,
    absent: 'Absent',
  }[mark.status]
  const signed = mark.signedAt ? `, signé à ${time(mark.signedAt)}` : mark.waiver ? ', sans signature' : ''
  return `${what}${reason && ` (${reason})`}${signed}${mark.isWaiting ? ' – à envoyer' : ''}`
}

/**
 * @param {Learner} learner
 * @param {Mark | undefined} mark
 */
function buttons({ enrolmentId, name }, mark) {
  /** @param {Record<string, unknown>} facts */
  const record = (facts) => outbox.add({ type: 'mark', slotId, enrolmentId, ...facts })
  /** @param {string} status @param {string} text @param {() => void} onclick */
  const status = (status, text, onclick) =>
    el('button', { type: 'button', 'aria-pressed': String(mark?.status === status), onclick }, text)
  return [
    status('present', 'Présent', () => record({ status: 'present' })),
    status('partial', 'Retard…', async () => {
      const times = await askTimes(name)
      if (times) record({ status: 'partial', ...times })
    }),
    status('absent', 'Absent…', async () => {
      const reason = await askAbsence(name)
      if (reason) record({ status: 'absent', ...reason })
    }),
    sheet.isTrainer &&
      !mark?.signedAt &&
      mark?.status !== 'absent' &&
      el('button', { type: 'button', onclick: () => handOver(enrolmentId, name) }, 'Faire signer'),
    sheet.isTrainer &&
      !mark?.signedAt &&
      !mark?.waiver &&
      mark?.status === 'present' &&
      waiverButton(enrolmentId, name),
  ].filter((button) => button !== false)
}

/**
 * @param {string} enrolmentId
 * @param {string} name
 */
async function handOver(enrolmentId, name) {
  const strokes = await askSignature({
    title: name,
    lead: 'Passez l’appareil à cette personne. Elle signe elle-même, dans le cadre.',
    confirm: 'Signer',
  })
  if (strokes) outbox.add({ type: 'signature', slotId, enrolmentId, strokes })
}

/**
 * @param {string} enrolmentId
 * @param {string} name
 */
function waiverButton(enrolmentId, name) {
  return el(
    'button',
    {
      type: 'button',
      onclick: async () => {
        const waiver = await askWaiver(name)
        if (waiver) await call(`/api/slots/${slotId}/waivers`, { enrolmentId, ...waiver })
      },
    },
    'Sans signature…',
  )
}

/** @param {Slot} slot */
function sealRow(slot) {
  if (!slot.isMine) return el('p', { class: 'hint' }, 'La demi-journée est scellée par son formateur.')
  const signed =
    slot.isCountersigned ||
    outbox.waiting().some((event) => event.type === 'countersignature' && event.slotId === slot.id)
  return el(
    'p',
    { class: 'row apart' },
    !signed && el('button', { type: 'button', onclick: () => countersign(slot) }, 'Contresigner'),
    signed && el('button', { type: 'button', onclick: () => seal(slot) }, 'Sceller la demi-journée'),
  )
}

/** @param {Slot} slot */
async function countersign({ id, label }) {
  const strokes = await askSignature({ title: 'Votre signature', lead: label, confirm: 'Contresigner' })
  if (strokes) outbox.add({ type: 'countersignature', slotId: id, strokes })
}

/** @param {Slot} slot */
async function seal({ id }) {
  await call(`/api/slots/${id}/seal`, {})
}

/**
 * @param {string} path
 * @param {object} body
 */
async function call(path, body) {
  try {
    const answer = await postJson(path, body)
    say(message, answer.ok ? 'Enregistré.' : problemText(await answer.json()), !answer.ok)
    await refresh()
  } catch {
    say(message, 'Pas de réseau\u202f: réessayez quand il sera revenu.', true)
  }
}

/** @param {number | undefined} minutes */
function duration(minutes) {
  if (minutes === undefined) return 'en partie'
  return `${Math.floor(minutes / 60)}\u00a0h\u00a0${String(minutes % 60).padStart(2, '0')}`
}

/** @param {string} instant */
function time(instant) {
  const format = new Intl.DateTimeFormat('fr-FR', {
    hour: 'numeric',
    minute: '2-digit',
    timeZone: sheet.timeZone,
  })
  return format.format(new Date(instant)).replace(':', '\u00a0h\u00a0')
}

/** @param {string} instant */
function dateTime(instant) {
  const format = new Intl.DateTimeFormat('fr-FR', { dateStyle: 'long', timeZone: sheet.timeZone })
  return `${format.format(new Date(instant))} à ${time(instant)}`
}

render()
void outbox.send()
