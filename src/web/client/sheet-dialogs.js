/** What the trainer's screen asks in a window of its own: a signature, a reason, times, and the code that it shows. */
import { el } from './elements.js'
import { signaturePad } from './signature-pad.js'

/**
 * Opens a window and resolves with what its form gives, or nothing when it is left.
 * @template Answer
 * @param {{title: string, lead?: string, confirm: string, content: (Node | string)[], read: () => Answer | undefined}} ask
 * @returns {Promise<Answer | undefined>}
 */
function ask({ title, lead, confirm, content, read }) {
  return new Promise((resolve) => {
    const dialog = el('dialog')
    const form = el(
      'form',
      { method: 'dialog' },
      el('h2', {}, title),
      lead !== undefined && el('p', {}, lead),
      ...content,
      el(
        'p',
        { class: 'row' },
        el('button', {}, confirm),
        el('button', { type: 'button', class: 'quiet', onclick: () => void dialog.close() }, 'Annuler'),
      ),
    )
    dialog.append(form)
    /** @type {Answer | undefined} */
    let answer
    form.addEventListener('submit', (event) => {
      answer = read()
      if (answer === undefined) event.preventDefault()
    })
    dialog.addEventListener('close', () => {
      dialog.remove()
      resolve(answer)
    })
    document.body.append(dialog)
    dialog.showModal()
  })
}

/**
 * @param {{title: string, lead: string, confirm: string}} words
 * @returns {Promise<number[][] | undefined>} the strokes
 */
export function askSignature(words) {
  const svg = document.createElementNS('http://www.w3.org/2000/svg', 'svg')
  svg.setAttribute('viewBox', '0 0 1000 400')
  svg.setAttribute('role', 'img')
  svg.setAttribute('aria-label', 'Signature')
  const pad = signaturePad(svg)
  const clear = el('button', { type: 'button', class: 'quiet', onclick: () => pad.clear() }, 'Effacer')
  return ask({
    ...words,
    content: [el('div', { class: 'pad' }, svg), el('p', {}, clear)],
    read: () => {
      const strokes = pad.strokes()
      return strokes.length > 0 ? strokes : undefined
    },
  })
}

const reasons = {
  unknown: 'motif inconnu',
  illness: 'maladie',
  work: 'travail',
  transport: 'transport',
  family: 'famille',
  forceMajeure: 'force majeure',
  other: 'autre',
}

/** @param {string | null | undefined} code */
export function reasonName(code) {
  return code && Object.hasOwn(reasons, code) ? reasons[/** @type {keyof typeof reasons} */ (code)] : ''
}

/**
 * @param {string} id
 * @param {string} label
 * @param {Record<string, string>} choices
 */
function choice(id, label, choices) {
  const select = el(
    'select',
    { id, name: id },
    ...Object.entries(choices).map(([value, text]) => el('option', { value }, text)),
  )
  return { select, field: el('div', { class: 'field' }, el('label', { for: id }, label), select) }
}

/**
 * @param {string} name
 * @returns {Promise<{reasonCode: string} | undefined>}
 */
export function askAbsence(name) {
  const { select, field } = choice('reason', 'Motif', reasons)
  return ask({
    title: `${name}\u00a0: absence`,
    confirm: 'Marquer absent',
    content: [field],
    read: () => ({ reasonCode: select.value }),
  })
}

/**
 * @param {string} name
 * @returns {Promise<{arrivedAt?: string, leftAt?: string} | undefined>}
 */
export function askTimes(name) {
  const arrived = el('input', { id: 'arrived', type: 'time' })
  const left = el('input', { id: 'left', type: 'time' })
  return ask({
    title: `${name}\u00a0: retard ou départ anticipé`,
    lead: 'Indiquez l’heure d’arrivée, l’heure de départ, ou les deux. Les minutes sont calculées.',
    confirm: 'Enregistrer',
    content: [
      el('div', { class: 'field' }, el('label', { for: 'arrived' }, 'Arrivée'), arrived),
      el('div', { class: 'field' }, el('label', { for: 'left' }, 'Départ'), left),
    ],
    read: () =>
      arrived.value || left.value
        ? { ...(arrived.value && { arrivedAt: arrived.value }), ...(left.value && { leftAt: left.value }) }
        : undefined,
  })
}

const waiverReasons = {
  unable: 'ne peut pas signer',
  refused: 'refuse de signer',
  technical: 'difficulté technique',
  other: 'autre',
}

/**
 * @param {string} name
 * @returns {Promise<{reasonCode: string, note: string} | undefined>}
 */
export function askWaiver(name) {
  const { select, field } = choice('waiver', 'Raison', waiverReasons)
  const note = el('input', { id: 'note', required: true, maxlength: '500', placeholder: 'main plâtrée' })
  return ask({
    title: `${name}\u00a0: présent sans signature`,
    confirm: 'Enregistrer',
    content: [field, el('div', { class: 'field' }, el('label', { for: 'note' }, 'Précision'), note)],
    read: () => ({ reasonCode: select.value, note: note.value }),
  })
}

/**
 * Shows the rotating code until the window is left; asks for the next one when it is due.
 * @param {string} slotId
 */
export function showCode(slotId) {
  const digits = el('p', { class: 'digits' }, '…')
  const picture = el('img', { alt: 'Code QR à scanner avec le téléphone' })
  const dialog = el('dialog', { class: 'code-shown' })
  dialog.append(
    el('h2', {}, 'Émargez avec votre téléphone'),
    el('p', {}, 'Scannez le code QR, ou ouvrez votre lien personnel et tapez ces six chiffres.'),
    picture,
    digits,
    el('p', {}, el('button', { type: 'button', onclick: () => void dialog.close() }, 'Fermer')),
  )
  let timer = 0
  async function next() {
    let wait = 5_000
    try {
      const answer = await fetch(`/api/slots/${slotId}/code`)
      const code = await answer.json()
      if (answer.ok) {
        digits.textContent = `${code.code.slice(0, 3)}\u202f${code.code.slice(3)}`
        picture.src = `data:image/svg+xml,${encodeURIComponent(code.qrSvg)}`
        wait = Math.max(500, Date.parse(code.nextCodeAt) - Date.now())
      } else digits.textContent = '–'
    } catch {
      digits.textContent = 'hors réseau'
    }
    timer = window.setTimeout(next, Math.min(wait, 20_000))
  }
  dialog.addEventListener('close', () => {
    clearTimeout(timer)
    dialog.remove()
  })
  document.body.append(dialog)
  dialog.showModal()
  void next()
}
