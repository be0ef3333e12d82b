/**
 * The lines of the BPF (*bilan pédagogique et financier*) as data: Cerfa 10443*17, letters and labels of the form,
 * and for each line which funding source or which learners it counts.
 */
import type { CertificationLevel, Objective } from '../catalogue/catalogue.schema.ts'
import type { FundingSource, TraineeType } from '../enrolment/enrolment.schema.ts'
import type { Engagement, Subcontracting } from '../planning/planning.schema.ts'

/** Cerfa 10443*17 is for exercises that end in 2023 or later, *16 for those before; the labels here are those of *17. */
export function formOf(periodTo: string): string {
  return periodTo >= '2023-01-01' ? '10443*17' : '10443*16'
}

export const incomeLines = [
  { line: '1', label: 'Entreprises, pour la formation de leurs salariés' },
  { line: 'a', label: 'Organismes gestionnaires des fonds – contrats d’apprentissage' },
  { line: 'b', label: 'Organismes gestionnaires des fonds – contrats de professionnalisation' },
  { line: 'c', label: 'Organismes gestionnaires des fonds – promotion ou reconversion par alternance' },
  { line: 'd', label: 'Organismes gestionnaires des fonds – projets de transition professionnelle' },
  { line: 'e', label: 'Organismes gestionnaires des fonds – compte personnel de formation' },
  {
    line: 'f',
    label:
      'Organismes gestionnaires des fonds – dispositifs spécifiques pour les personnes en recherche d’emploi',
  },
  {
    line: 'g',
    label: 'Organismes gestionnaires des fonds – dispositifs spécifiques pour les travailleurs non-salariés',
  },
  {
    line: 'h',
    label: 'Organismes gestionnaires des fonds – plan de développement des compétences ou autres dispositifs',
  },
  { line: '2', label: 'Total des organismes gestionnaires des fonds de la formation (lignes a à h)' },
  { line: '3', label: 'Pouvoirs publics, pour la formation de leurs agents' },
  { line: '4', label: 'Pouvoirs publics, publics spécifiques – instances européennes' },
  { line: '5', label: 'Pouvoirs publics, publics spécifiques – État' },
  { line: '6', label: 'Pouvoirs publics, publics spécifiques – conseils régionaux' },
  { line: '7', label: 'Pouvoirs publics, publics spécifiques – France Travail (ex-Pôle emploi)' },
  { line: '8', label: 'Pouvoirs publics, publics spécifiques – autres ressources publiques' },
  { line: '9', label: 'Contrats conclus avec des personnes à titre individuel et à leurs frais' },
  { line: '10', label: 'Contrats conclus avec d’autres organismes de formation (y compris CFA)' },
  { line: '11', label: 'Autres produits au titre de la formation professionnelle' },
  {
    line: 'total',
    label: 'Total des produits réalisés au titre de la formation professionnelle (lignes 1 à 11)',
  },
] as const
export type IncomeLine = (typeof incomeLines)[number]['line']

/** Frame C: the line that each source feeds, by who is invoiced (notice 50199, *origine des produits*). */
export const incomeLineOf = {
  employer: '1',
  fundApprenticeship: 'a',
  fundProfessionalisation: 'b',
  fundReconversion: 'c',
  fundTransition: 'd',
  fundCpf: 'e',
  fundJobSeeker: 'f',
  fundSelfEmployed: 'g',
  fundDevelopmentPlan: 'h',
  publicAgents: '3',
  europe: '4',
  state: '5',
  region: '6',
  franceTravail: '7',
  otherPublic: '8',
  individual: '9',
  trainingOrganisation: '10',
  otherIncome: '11',
} as const satisfies Record<FundingSource, IncomeLine>

/** The lines that line 2 adds up, and those that the total adds up. */
export const incomeSums = {
  '2': ['a', 'b', 'c', 'd', 'e', 'f', 'g', 'h'],
  total: ['1', '2', '3', '4', '5', '6', '7', '8', '9', '10', '11'],
} as const satisfies Partial<Record<IncomeLine, readonly IncomeLine[]>>

export const expenseLines = [
  { line: 'total', label: 'Total des charges de l’organisme liées à l’activité de formation' },
  { line: 'trainersPay', label: 'dont salaires des formateurs' },
  { line: 'purchases', label: 'dont achats de prestation de formation et honoraires de formation' },
] as const
export type ExpenseLine = (typeof expenseLines)[number]['line']

export const trainerLines = [
  { line: 'internal', label: 'Personnes de l’organisme dispensant des heures de formation' },
  {
    line: 'external',
    label: 'Personnes extérieures à l’organisme, dans le cadre de contrats de sous-traitance',
  },
] as const satisfies readonly { line: Engagement; label: string }[]

/** What the frames F and G sort learners by; null is what the data does not say. */
export type LearnerTraits = {
  subcontracting: Subcontracting
  traineeType: TraineeType | null
  objective: Objective | null
  certificationLevel: CertificationLevel | null
  /** The first three characters of the session's code. */
  nsfCode: string | null
}

/** Which learners a line counts; a trait that is absent does not matter. */
export type LearnerFilter = {
  [Trait in keyof LearnerTraits]?: Choice<LearnerTraits[Trait]>
}
export type Choice<Value> = { only: readonly Value[] } | { allBut: readonly Value[] }

export type LearnerLine<Line extends string = string> = { line: Line; label: string; where: LearnerFilter }

/** Frames F hold what the organisation answers for: done by itself or given out, never received from another OF. */
const own = { subcontracting: { only: ['none', 'givenOut'] } } as const satisfies LearnerFilter
const ofType = (...only: LearnerTraits['traineeType'][]) => ({ ...own, traineeType: { only } })
const aiming = (...only: LearnerTraits['objective'][]) => ({ ...own, objective: { only } })
const rncpOfLevel = (...only: LearnerTraits['certificationLevel'][]) => ({
  ...aiming('rncp'),
  certificationLevel: { only },
})

/** F-1, *type de stagiaires*. A type that nobody gave counts among the others and is reported as unresolved. */
export const traineeLines = [
  { line: 'a', label: 'Salariés d’employeurs privés hors apprentis', where: ofType('privateEmployee') },
  { line: 'b', label: 'Apprentis', where: ofType('apprentice') },
  { line: 'c', label: 'Personnes en recherche d’emploi', where: ofType('jobSeeker') },
  { line: 'd', label: 'Particuliers à leurs propres frais', where: ofType('selfFunded') },
  { line: 'e', label: 'Autres stagiaires', where: ofType('other', null) },
] as const satisfies readonly LearnerLine[]

/** F-3, *objectif général des prestations*. An aim that nobody gave counts as other training, and is reported. */
export const objectiveLines = [
  { line: 'a', label: 'Diplôme, titre ou CQP enregistré au RNCP', where: aiming('rncp') },
  { line: 'b', label: 'Certification (dont CQP) ou habilitation enregistrée au RS', where: aiming('rs') },
  { line: 'c', label: 'CQP non enregistré au RNCP ou au RS', where: aiming('cqp') },
  { line: 'd', label: 'Autres formations professionnelles', where: aiming('other', null) },
  { line: 'e', label: 'Bilans de compétence', where: aiming('skillsAssessment') },
  { line: 'f', label: 'Actions d’accompagnement à la VAE', where: aiming('vae') },
] as const satisfies readonly LearnerLine[]

/** Inside F-3 a; together they may stay below it, since a level can be unknown. */
export const levelLines = [
  { line: 'a.n6-8', label: 'dont de niveau 6 à 8', where: rncpOfLevel('6', '7', '8') },
  { line: 'a.n5', label: 'dont de niveau 5', where: rncpOfLevel('5') },
  { line: 'a.n4', label: 'dont de niveau 4', where: rncpOfLevel('4') },
  { line: 'a.n3', label: 'dont de niveau 3', where: rncpOfLevel('3') },
  { line: 'a.n2', label: 'dont de niveau 2', where: rncpOfLevel('2') },
  { line: 'a.cqp', label: 'dont CQP sans niveau de qualification', where: rncpOfLevel('cqp') },
] as const satisfies readonly LearnerLine[]

/** The totals (1), (3) and (4) of the form: the same learners, sorted three ways. */
export const allLearners = { line: 'total', label: 'Total', where: own } as const satisfies LearnerLine

/** F-2: part of (1). */
export const givenOutLearners = {
  line: 'total',
  label: 'Stagiaires ou apprentis dont l’action a été confiée à un autre organisme',
  where: { subcontracting: { only: ['givenOut'] } },
} as const satisfies LearnerLine

/** G: in no other frame. */
export const receivedLearners = {
  line: 'total',
  label: 'Formations confiées à l’organisme par un autre organisme de formation',
  where: { subcontracting: { only: ['received'] } },
} as const satisfies LearnerLine

/** F-4: one speciality, or those that have no row of their own. */
export const ofSpeciality = (code: string): LearnerFilter => ({ ...own, nsfCode: { only: [code] } })
export const ofOtherSpecialities = (printedCodes: readonly string[]): LearnerFilter => ({
  ...own,
  nsfCode: { allBut: printedCodes },
})
