/** What the API refuses, in words for the trainer. */
import { textFor } from './answers.js'

const texts = {
  'attendance/slot-not-ended': 'Une demi-journée se scelle une fois terminée.',
  'attendance/sheet-sealed':
    'La demi-journée est scellée\u202f: seule l’administration la corrige, par un avenant.',
  'attendance/slot-not-started': 'La demi-journée n’a pas commencé.',
  'attendance/already-signed': 'Cette personne a déjà signé.',
  'attendance/not-present': 'Marquez d’abord cette personne présente.',
  'attendance/already-waived': 'Une autre raison est déjà enregistrée.',
  'attendance/session-closed': 'La session est close\u202f: seule l’administration corrige, avec un motif.',
  'planning/slot-cancelled': 'Cette demi-journée est annulée.',
  'attendance/in-the-future':
    'L’horloge de cet appareil avance\u202f: mettez-la à l’heure, puis recommencez.',
  'attendance/recorded-by-another':
    'Ces enregistrements ont été faits par une autre personne\u202f: qu’elle se connecte sur cet appareil.',
  'attendance/ledger-key-missing':
    'Le registre d’émargement n’a pas sa clé\u202f: prévenez la personne qui administre Préau.',
  'outside-slot': 'Ces heures ne laissent aucune minute de présence dans la demi-journée.',
  'not-confirmed': 'L’inscription de cette personne n’est pas confirmée.',
  'platform/forbidden': 'Vous n’avez pas le droit de faire cela.',
  'platform/no-room': 'Le serveur n’a plus de place\u202f: rien n’a été enregistré.',
}

const conflicts = {
  'signed-but-absent': 'Marqué absent, mais a signé\u00a0: vérifiez.',
  'late-mark': 'Une présence notée hors réseau est arrivée trop tard\u00a0: elle ne change rien.',
  'late-signature': 'Une signature donnée hors réseau est arrivée trop tard\u00a0: elle ne change rien.',
  'late-countersignature': 'Un contreseing donné hors réseau est arrivé trop tard\u00a0: il ne change rien.',
  'half-day-moved': 'La demi-journée a été déplacée\u00a0: marquez de nouveau.',
  'clock-off': 'L’appareil n’était pas à l’heure\u00a0: les heures ont été corrigées.',
}

/** What does not go together, for a person to look at. @param {keyof typeof conflicts} kind */
export const conflictText = (kind) => conflicts[kind]

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
  return textFor(texts, code, 'Cela n’a pas pu être enregistré.')
}
