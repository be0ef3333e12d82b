/** What the API refuses, in words for the trainer. */
const texts = {
  'attendance/slot-not-ended': 'Une demi-journée se scelle une fois terminée.',
  'attendance/not-countersigned': 'Contresignez avant de sceller.',
  'attendance/sheet-sealed':
    'La demi-journée est scellée\u202f: seule l’administration la corrige, par un avenant.',
  'attendance/slot-not-started': 'La demi-journée n’a pas commencé.',
  'attendance/already-signed': 'Cette personne a déjà signé.',
  'attendance/not-present': 'Marquez d’abord cette personne présente.',
  'attendance/already-waived': 'Une autre raison est déjà enregistrée.',
  'attendance/session-closed': 'La session est close.',
}

const missingParts = { mark: 'à marquer', reason: 'motif d’absence', signature: 'signature' }

/**
 * @param {{code: string, missing?: {learners: {name: string, what: keyof typeof missingParts}[], trainers: {name: string}[]}}} problem
 */
export function problemText({ code, missing }) {
  if (missing) {
    const learners = missing.learners.map(({ name, what }) => `${name} (${missingParts[what]})`)
    const trainers = missing.trainers.map(({ name }) => `${name} (contreseing)`)
    return `Il manque\u00a0: ${[...learners, ...trainers].join(', ')}.`
  }
  return Object.hasOwn(texts, code)
    ? texts[/** @type {keyof typeof texts} */ (code)]
    : 'Cela n’a pas pu être enregistré.'
}
