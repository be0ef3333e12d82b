/** Sends the scan of a sheet on paper, then whose signatures it bears. */
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
  say('Envoi…')
  try {
    const problem = await sendAll(new FormData(form))
    if (!problem) return location.assign(`/sessions/${form.dataset.session}/attendance`)
    say(
      Object.hasOwn(texts, problem)
        ? texts[/** @type {keyof typeof texts} */ (problem)]
        : 'La feuille n’a pas pu être enregistrée.',
      true,
    )
  } catch {
    say('Pas de réseau\u202f: rien n’a été envoyé. Réessayez quand il sera revenu.', true)
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
  const scan = await post(`/api/sessions/${form.dataset.session}/scans?${query}`, file.type, file)
  const signed = fields.getAll('signed').map((value) => {
    const [slotId, enrolmentId] = String(value).split(' ')
    return { slotId, enrolmentId }
  })
  if (scan.code !== undefined || signed.length === 0) return scan.code
  const body = JSON.stringify({ signatures: signed })
  return (await post(`/api/scans/${scan.id}/signatures`, 'application/json', body)).code
}

/**
 * @param {string} path
 * @param {string} mediaType
 * @param {BodyInit} body
 */
async function post(path, mediaType, body) {
  const answer = await fetch(path, { method: 'POST', headers: { 'content-type': mediaType }, body })
  return answer.json()
}

/**
 * @param {string} text
 * @param {boolean} isWrong
 */
function say(text, isWrong = false) {
  message.textContent = text
  message.className = isWrong ? 'alert' : 'small'
}
