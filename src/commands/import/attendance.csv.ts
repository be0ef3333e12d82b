/**
 * The file of attendance, one line per learner and half-day: `session;formation;date;debut;fin;prenom;nom;email;
 * present;minutes;type_stagiaire;formateur;lien_formateur;modalite;sous_traitance`.
 *
 * `minutes` is empty for one who was there all the time or not at all. Several trainers are separated by ` + `, and
 * `lien_formateur` then holds one word for all or as many words as names. A name may carry its e-mail, as in
 * `Yann Le Bihan <yann@example.org>`. `sous_traitance` is empty, `aucune`, `confiée : Nom de l’organisme` or
 * `reçue : Nom de l’organisme`. `formation` is the code or the title of the training.
 */
import type { MarkStatus } from '../../attendance/attendance.schema.ts'
import type { Modality } from '../../catalogue/catalogue.schema.ts'
import type { TraineeType } from '../../enrolment/enrolment.schema.ts'
import type { Engagement, Subcontracting } from '../../planning/planning.schema.ts'
import { fold } from '../../platform/fold.ts'
import { minutes } from './amounts.ts'
import {
  type CellReader,
  choice,
  date,
  each,
  emailAddress,
  line,
  personName,
  quoted,
  time,
  type Words,
} from './cells.ts'
import { modalityWords } from './modality.ts'
import {
  mandatory,
  optional,
  type Parsed,
  type Refuse,
  readRows,
  refuseRepeats,
  type Values,
} from './rows.ts'

export type TrainerCell = {
  firstName: string
  lastName: string
  email: string | null
  engagement: Engagement
}

export type SubcontractingCell =
  | { direction: 'none'; organisationName: null }
  | { direction: Exclude<Subcontracting, 'none'>; organisationName: string }

export type AttendanceRow = {
  /** The session's reference. */
  session: string
  /** Code or title of the training. */
  training: string
  date: string
  /** Local times `HH:MM` in the session's time zone. */
  startTime: string
  endTime: string
  firstName: string
  lastName: string
  email: string | null
  status: MarkStatus
  /** Only with `partial`, and then from 1 to the slot's minutes less one. */
  attendedMinutes: number | null
  traineeType: TraineeType | null
  trainers: TrainerCell[]
  modality: Modality | null
  subcontracting: SubcontractingCell
}

const presenceWords: Words<MarkStatus> = {
  present: ['oui', 'x', '1', 'présent', 'présente', 'p', 'o', 'vrai', 'true', 'yes', 'y'],
  absent: ['non', '0', 'absent', 'absente', 'a', 'n', 'faux', 'false', 'no'],
  partial: ['partiel', 'partielle', 'partiellement', 'en partie', 'retard'],
}

/** BPF frame F-1: whoever is neither employed, apprenticed, looking for work nor paying alone is « autre ». */
const traineeWords: Words<TraineeType> = {
  privateEmployee: [
    'salarié',
    'salariée',
    'salarié(e)',
    'salarié privé',
    'salariée privée',
    'salarié du privé',
  ],
  apprentice: ['apprenti', 'apprentie', 'apprenti(e)'],
  jobSeeker: [
    'demandeur d’emploi',
    'demandeuse d’emploi',
    'demandeur(se) d’emploi',
    'en recherche d’emploi',
    'chômeur',
    'chômeuse',
  ],
  selfFunded: ['particulier', 'particulière', 'à ses frais', 'à titre individuel', 'individuel'],
  other: [
    'autre',
    'indépendant',
    'indépendante',
    'indépendant(e)',
    'freelance',
    'travailleur non salarié',
    'non salarié',
    'TNS',
    'dirigeant non salarié',
    'bénévole',
    'agent public',
    'agente publique',
  ],
}

/** BPF frame E: line 1 counts employees and volunteers, line 2 whoever is under a contract of services. */
const engagementWords: Words<Engagement> = {
  internal: ['interne', 'salarié', 'salariée', 'bénévole'],
  external: [
    'externe',
    'sous-traitant',
    'sous-traitante',
    'indépendant',
    'indépendante',
    'prestataire',
    'freelance',
  ],
}

const trainer: CellReader<Omit<TrainerCell, 'engagement'>> = (cell) => {
  const [, name = '', address] = /^(.*?)\s*(?:<([^<>]*)>)?$/s.exec(cell) ?? []
  const fullName = personName(name)
  const email = address === undefined ? { value: null } : emailAddress(address)
  if ('reason' in fullName) return fullName
  if ('reason' in email) return email
  const [firstName = '', ...rest] = inGivenOrder(fullName.value.split(' '))
  const lastName = rest.join(' ')
  return lastName === ''
    ? { reason: `${quoted(cell)} n’a pas de nom après le prénom` }
    : { value: { firstName, lastName, email: email.value } }
}

/** `DUPONT Marie` as `Marie DUPONT`: capitals at the head are how the trade writes the family name first. */
function inGivenOrder(words: string[]): string[] {
  const firstSmall = words.findIndex((word) => word !== word.toUpperCase())
  return firstSmall > 0 ? [...words.slice(firstSmall), ...words.slice(0, firstSmall)] : words
}

const subcontracting: CellReader<SubcontractingCell> = (cell) => {
  if (/^(aucune?|non|none|no)$/.test(fold(cell))) return { value: notSubcontracted }
  const [, word = '', name = ''] =
    /^([^\s:]+(?:\s+out)?)\s*(?:(?:à|a|de|to|from)\s)?\s*:?\s*(.*)$/is.exec(cell) ?? []
  const direction = subcontractingDirections[fold(word)]
  if (direction === undefined || name === '')
    return {
      reason: `${quoted(cell)} ne se lit pas\u202f; écrivez «\u202fconfiée\u00a0: Nom de l’organisme\u202f», «\u202freçue\u00a0: Nom de l’organisme\u202f» ou rien`,
    }
  const organisation = line(200)(name)
  return 'reason' in organisation
    ? organisation
    : { value: { direction, organisationName: organisation.value } }
}

const notSubcontracted: SubcontractingCell = { direction: 'none', organisationName: null }

const subcontractingDirections: Record<string, Exclude<Subcontracting, 'none'>> = {
  confiee: 'givenOut',
  confie: 'givenOut',
  donnee: 'givenOut',
  'given out': 'givenOut',
  givenout: 'givenOut',
  recue: 'received',
  recu: 'received',
  received: 'received',
}

const fields = {
  session: mandatory(
    'session',
    ['référence session', 'référence', 'code session', 'session reference'],
    line(60),
  ),
  training: mandatory('formation', ['intitulé', 'code formation', 'training'], line(300)),
  date: mandatory('date', ['jour', 'day'], date),
  startTime: mandatory('debut', ['heure de début', 'heure début', 'start', 'start time'], time),
  endTime: mandatory('fin', ['heure de fin', 'heure fin', 'end', 'end time'], time),
  firstName: mandatory('prenom', ['prénom du stagiaire', 'first name', 'firstname'], personName),
  lastName: mandatory('nom', ['nom du stagiaire', 'last name', 'lastname', 'surname'], personName),
  email: optional('email', ['e-mail', 'mail', 'courriel'], emailAddress),
  presence: optional('present', ['présence', 'émargement', 'attended'], choice(presenceWords)),
  minutes: optional('minutes', ['minutes de présence', 'durée de présence', 'attended minutes'], minutes),
  traineeType: optional(
    'type_stagiaire',
    ['type de stagiaire', 'statut', 'trainee type'],
    choice(traineeWords),
  ),
  trainers: optional(
    'formateur',
    ['formateurs', 'formatrice', 'intervenant', 'trainer', 'trainers'],
    each(/\s\+\s|\n/, trainer),
  ),
  engagements: optional(
    'lien_formateur',
    ['lien du formateur', 'statut du formateur', 'trainer engagement', 'engagement'],
    each(/\+|\n/, choice(engagementWords)),
  ),
  modality: optional('modalite', ['modality'], choice(modalityWords)),
  subcontracting: optional('sous_traitance', ['subcontracting'], subcontracting),
}

/** Reads the file of attendance. The same learner twice in one half-day of a session is refused. */
export function parseAttendance(bytes: Uint8Array): Parsed<AttendanceRow> {
  const attendance = readRows<typeof fields, AttendanceRow>(bytes, fields, finishRow)
  return refuseRepeats(attendance, 'nom', (row) =>
    [
      row.session.toLowerCase(),
      row.date,
      row.startTime,
      row.email?.toLowerCase() ?? '',
      fold(row.firstName),
      fold(row.lastName),
    ].join('|'),
  )
}

function finishRow(cells: Values<typeof fields>, refuse: Refuse): AttendanceRow | undefined {
  const { presence, minutes, trainers, engagements, subcontracting, ...row } = cells
  const slotMinutes = minuteOfDay(row.endTime) - minuteOfDay(row.startTime)
  if (slotMinutes <= 0)
    refuse('fin', 'la demi-journée finit avant de commencer\u202f; une nuit s’écrit en deux lignes')
  const mark = markOf(presence, minutes, slotMinutes, refuse)
  const engaged = engagedTrainers(trainers ?? [], engagements ?? [], refuse)
  return mark && { ...row, ...mark, trainers: engaged, subcontracting: subcontracting ?? notSubcontracted }
}

function minuteOfDay(time: string): number {
  return Number(time.slice(0, 2)) * 60 + Number(time.slice(3))
}

/** What `present` and `minutes` say together; a contradiction is refused rather than settled. */
function markOf(presence: MarkStatus | null, minutes: number | null, slotMinutes: number, refuse: Refuse) {
  if (presence === null && minutes === null) refuse('present', 'ni présence ni minutes')
  else if (presence === 'partial' && minutes === null)
    refuse('minutes', 'une présence partielle demande ses minutes')
  else if (presence === 'absent' && minutes !== null && minutes > 0)
    refuse('minutes', 'un absent n’a pas de minutes')
  else if (presence !== 'absent' && presence !== null && minutes === 0)
    refuse('minutes', 'un présent a des minutes')
  else if (minutes !== null && minutes > slotMinutes)
    refuse('minutes', `plus que les ${slotMinutes} minutes de la demi-journée`)
  else if (presence === 'absent' || minutes === 0) return { status: 'absent' as const, attendedMinutes: null }
  else if (minutes === null || minutes === slotMinutes)
    return { status: 'present' as const, attendedMinutes: null }
  else return { status: 'partial' as const, attendedMinutes: minutes }
  return undefined
}

function engagedTrainers(
  trainers: readonly Omit<TrainerCell, 'engagement'>[],
  engagements: readonly Engagement[],
  refuse: Refuse,
): TrainerCell[] {
  const names = trainers.map((one) => fold(`${one.firstName} ${one.lastName} ${one.email ?? ''}`))
  if (new Set(names).size < names.length) refuse('formateur', 'le même formateur deux fois')
  if (trainers.length > 0 && engagements.length === 0)
    refuse('lien_formateur', 'interne ou externe\u00a0: le BPF les compte à part')
  else if (engagements.length > 1 && engagements.length !== trainers.length)
    refuse('lien_formateur', 'un lien pour tous, ou autant de liens que de formateurs')
  else if (trainers.length === 0 && engagements.length > 0) refuse('formateur', 'un lien sans formateur')
  return trainers.flatMap((one, index) => {
    const engagement = engagements[index] ?? engagements[0]
    return engagement === undefined ? [] : [{ ...one, engagement }]
  })
}
