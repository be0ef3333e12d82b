/** The page of a learner who signs: sends what was drawn, and says what became of it. */
import { postJson, say, textFor } from './answers.js'
import { signaturePad } from './signature-pad.js'

const form = /** @type {HTMLFormElement} */ (document.querySelector('form.signing'))
const frame = /** @type {SVGSVGElement} */ (form.querySelector('.pad svg'))
const message = /** @type {HTMLElement} */ (form.querySelector('[role=status]'))
const send = /** @type {HTMLButtonElement} */ (form.querySelector('button.main'))
const pad = signaturePad(frame, () => {
  send.disabled = pad.strokes().length === 0
})
form.querySelector('button.clear')?.addEventListener('click', () => pad.clear())
send.disabled = true

form.addEventListener('submit', async (event) => {
  event.preventDefault()
  send.disabled = true
  say(message, 'Envoi…')
  const fields = new FormData(form)
  const code = String(fields.get('code') ?? '').replaceAll(/\s/g, '')
  const body = {
    ...(form.dataset.byLink !== undefined && { slotId: fields.get('slotId') }),
    strokes: pad.strokes(),
    deviceAt: new Date().toISOString(),
    ...(code !== '' && { code }),
  }
  const action =
    form.dataset.byLink === undefined ? `/api/slots/${fields.get('slotId')}/signatures` : form.action
  try {
    const answer = await postJson(action, body)
    if (answer.ok) return location.reload()
    const problem = await answer.json()
    say(message, textOf(problem), true)
  } catch {
    say(message, 'Pas de réseau\u202f: votre signature n’est pas partie. Réessayez dans un instant.', true)
  }
  send.disabled = false
})

const texts = {
  'attendance/already-signed': 'Vous avez déjà signé cette demi-journée.',
  'attendance/slot-not-started': 'Cette demi-journée n’a pas commencé\u202f: on signe une fois sur place.',
  'attendance/sheet-sealed':
    'La feuille de cette demi-journée est scellée. Adressez-vous à l’organisme de formation.',
  'attendance/wrong-code':
    'Ce code n’est pas le bon, ou il vient de changer. Tapez celui qui est affiché maintenant.',
  'attendance/too-many-codes': 'Trop d’essais. Attendez le prochain code, dans quelques secondes.',
  'attendance/link-not-valid': 'Ce lien ne fonctionne plus. Demandez-en un autre.',
}

/** @param {{code: string, errors?: {pointer: string}[]}} problem */
function textOf({ code, errors = [] }) {
  if (errors.some(({ pointer }) => pointer.startsWith('/strokes')))
    return 'Ce tracé est trop court pour une signature. Effacez et signez de nouveau.'
  if (errors.some(({ pointer }) => pointer.startsWith('/code'))) return texts['attendance/wrong-code']
  return textFor(
    texts,
    code,
    'La signature n’a pas pu être enregistrée. Réessayez, ou adressez-vous au formateur.',
  )
}
