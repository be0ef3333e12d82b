/**
 * The file of trainings: `code;intitule;objectifs;prerequis;public;contenu;methodes;evaluation;accessibilite;
 * duree_heures;prix_ht;modalite;nsf;objectif;rncp_rs;delai_acces`. Only the code and the title must be there.
 *
 * `objectifs` holds one objective per line of the cell, or separates them by ` | `. `rncp_rs` is the code alone,
 * `RNCP37674`, or what the certificate and the BPF need besides, separated by ` | `: title, certifier, level, as in
 * `RNCP37674 | Chef de projet | Certificateur | niveau 6`.
 */
import type { CertificationLevel, Modality, Objective, Register } from '../../catalogue/catalogue.schema.ts'
import { fold } from '../../platform/fold.ts'
import { hours, price } from './amounts.ts'
import { type CellReader, choice, line, list, prose, quoted, type Words } from './cells.ts'
import { modalityWords } from './modality.ts'
import { mandatory, optional, type Parsed, readRows, refuseRepeats } from './rows.ts'

type CertificationCell = {
  register: Register
  /** With its register: `RNCP37674`, `RS6372`. */
  code: string
  title: string | null
  certifier: string | null
  level: CertificationLevel | null
}

export type TrainingRow = {
  code: string
  title: string
  objectives: string[]
  prerequisites: string | null
  audience: string | null
  content: string | null
  methods: string | null
  assessmentMethods: string | null
  accessibility: string | null
  durationMinutes: number | null
  priceCents: number | null
  modality: Modality | null
  nsfCode: string | null
  objective: Objective | null
  certification: CertificationCell | null
  accessDelay: string | null
}

const objectiveWords: Words<Objective> = {
  rncp: ['RNCP', 'titre RNCP', 'diplôme', 'titre professionnel'],
  rs: ['RS', 'répertoire spécifique', 'habilitation'],
  cqp: ['CQP'],
  other: [
    'autre',
    'autre formation',
    'autre formation professionnelle',
    'autres formations professionnelles',
    'aucun',
  ],
  skillsAssessment: ['bilan', 'bilan de compétences'],
  vae: ['VAE', 'accompagnement VAE', 'validation des acquis de l’expérience'],
}

const trainingCode: CellReader<string> = (cell) =>
  /^[\p{L}\p{N}]/u.test(cell)
    ? line(50)(cell)
    : { reason: `${quoted(cell)} ne commence ni par une lettre ni par un chiffre` }

/** The code, whatever label follows it: `326`, `326t`, `326 - Informatique`. */
const nsfCode: CellReader<string> = (cell) => {
  const code = /^(\d{3}[a-z]?)(?:\s*[-–:\s].*)?$/is.exec(cell)?.[1]
  return code === undefined
    ? { reason: `${quoted(cell)} n’est pas un code NSF (trois chiffres, comme 326)` }
    : { value: code.toLowerCase() }
}

const certification: CellReader<CertificationCell> = (cell) => {
  const [codePart = '', title = '', certifier = '', levelPart = ''] = cell.split(/\s*[|\n]\s*/)
  const found = /^(RNCP|RS)\s*n?[°o]?\s*(\d{1,6})$/i.exec(codePart)
  if (!found)
    return { reason: `${quoted(codePart)} n’est pas un code de certification (RNCP37674 ou RS6372)` }
  const level = levelPart === '' ? null : levelOf(levelPart)
  if (level === undefined)
    return { reason: `${quoted(levelPart)} n’est pas un niveau (niveau 2 à niveau 8, ou CQP)` }
  if (title.length > 500 || certifier.length > 300)
    return { reason: 'le titre dépasse 500 caractères ou le certificateur 300' }
  const register = found[1]?.toUpperCase() === 'RS' ? 'RS' : 'RNCP'
  const code = `${register}${found[2]}`
  return { value: { register, code, title: title || null, certifier: certifier || null, level } }
}

const levels: Record<string, CertificationLevel> = {
  2: '2',
  3: '3',
  4: '4',
  5: '5',
  6: '6',
  7: '7',
  8: '8',
  cqp: 'cqp',
}

function levelOf(text: string): CertificationLevel | undefined {
  return levels[fold(text).replace(/^niveau /, '')]
}

const fields = {
  code: mandatory('code', ['code formation', 'référence'], trainingCode),
  title: mandatory('intitule', ['titre', 'formation', 'title'], line(300)),
  objectives: optional('objectifs', ['objectifs pédagogiques', 'objectives'], list(1_000)),
  prerequisites: optional('prerequis', ['pré-requis', 'prerequisites'], prose()),
  audience: optional('public', ['public visé', 'audience'], prose()),
  content: optional('contenu', ['programme', 'content'], prose()),
  methods: optional('methodes', ['méthodes pédagogiques', 'moyens', 'methods'], prose()),
  assessmentMethods: optional(
    'evaluation',
    ['modalités d’évaluation', 'assessment methods', 'assessment'],
    prose(),
  ),
  accessibility: optional('accessibilite', ['accessibilité handicap', 'accessibility'], prose()),
  durationMinutes: optional(
    'duree_heures',
    ['durée', 'durée en heures', 'heures', 'hours', 'duration hours'],
    hours,
  ),
  priceCents: optional('prix_ht', ['prix', 'tarif', 'tarif HT', 'prix HT (€)', 'price'], price),
  modality: optional('modalite', ['modality'], choice(modalityWords)),
  nsfCode: optional('nsf', ['code NSF', 'spécialité NSF', 'NSF code'], nsfCode),
  objective: optional('objectif', ['objectif général', 'objective'], choice(objectiveWords)),
  certification: optional('rncp_rs', ['RNCP ou RS', 'code RNCP', 'code RS', 'certification'], certification),
  accessDelay: optional('delai_acces', ['délai d’accès', 'access delay'], prose(2_000)),
}

/** Reads the file of trainings. `null` is what the file does not say; a draft may lack it, a published version not. */
export function parseTrainings(bytes: Uint8Array): Parsed<TrainingRow> {
  const trainings = readRows<typeof fields, TrainingRow>(bytes, fields, (cells, refuse) => {
    const { objectives, objective, certification, ...training } = cells
    const ofRegister = certification === null ? null : certification.register === 'RNCP' ? 'rncp' : 'rs'
    // Frame F-3 of the BPF counts by register: one training cannot be in two of its lines.
    if (ofRegister !== null && objective !== null && objective !== ofRegister && objective !== 'vae')
      refuse('objectif', `l’objectif contredit la certification ${certification?.code}`)
    return { ...training, objectives: objectives ?? [], objective: objective ?? ofRegister, certification }
  })
  return refuseRepeats(trainings, 'code', (row) => row.code.toLowerCase())
}
