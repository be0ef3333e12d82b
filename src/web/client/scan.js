/** Sends the scan of a sheet on paper, then whose signatures it bears. */
import { postJson, say, textFor } from './answers.js'

const form = /** @type {HTMLFormElement} */ (document.querySelector('form.scanning'))
const message = /** @type {HTMLElement} */ (form.querySelector('[role=status]'))
const send = /** @type {HTMLButtonElement} */ (form.querySelector('button.main'))

const texts = {
  'attendance/scan-exists': 'Ce fichier est déjà joint, à d’autres demi-journées de la session.',
  'attendance/sheet-sealed': 'Une de ces demi-journées est scellée.',
  'attendance/slot-not-started': 'Une de ces demi-journées n’a pas commencé.',
  'attendance/already-signed': 'Une de ces personnes a déjà signé autrement.',
  'platform/unsupported-file': 'Ce fichier n’est ni un PDF, ni une photo JPEG ou PNG, ou il est abîmé.',
  'platform/too-large': 'Ce fichier dépasse 15 Mo.',
  'platform/invalid': 'Ce fichier est abîmé ou incomplet.',
}

form.addEventListener('submit', async (event) => {
  event.preventDefault()
  send.disabled = true
  say(message, 'Envoi…')
  try {
    const problem = await sendAll(new FormData(form))
    if (!problem) return location.assign(`/sessions/${form.dataset.session}/attendance`)
    say(message, textFor(texts, problem, 'La feuille n’a pas pu être enregistrée.'), true)
  } catch {
    say(message, 'Pas de réseau\u202f: rien n’a été envoyé. Réessayez quand il sera revenu.', true)
  }
  send.disabled = false
})

/**
 * Sent again after a failure, the same file is the same scan.
 * @param {FormData} fields
 * @returns {Promise<string | undefined>} the code of the problem
 */
async function sendAll(fields) {
  const file = /** @type {File} */ (fields.get('file'))
  const query = new URLSearchParams({
    slotIds: fields.getAll('slotId').join(','),
    originalKeptAt: String(fields.get('kept')),
  })
  const scan = await upload(`/api/sessions/${form.dataset.session}/scans?${query}`, file)
  const signed = fields.getAll('signed').map((value) => {
    const [slotId, enrolmentId] = String(value).split(' ')
    return { slotId, enrolmentId }
  })
  if (scan.code !== undefined || signed.length === 0) return scan.code
  const answer = await postJson(`/api/scans/${scan.id}/signatures`, { signatures: signed })
  return (await answer.json()).code
}

/**
 * @param {string} path
 * @param {File} file
 */
async function upload(path, file) {
  const answer = await fetch(path, { method: 'POST', headers: { 'content-type': file.type }, body: file })
  return answer.json()
}
