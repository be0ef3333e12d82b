/** A training of the demonstration, in the words of its programme. Spaces are plain; the files get those of print. */
export type Programme = {
  code: string
  title: string
  objectives: readonly string[]
  prerequisites: string
  audience: string
  /** A line per half-day, as funders ask. */
  content: readonly string[]
  methods: string
  assessment: string
  accessibility: string
  /** As people write it: `14`, `1,5`. */
  hours: string
  price: number
  modality: 'présentiel' | 'distanciel' | 'mixte'
  nsf: string
  objective: 'autre' | 'RNCP' | 'RS'
  certification: string
  accessDelay: string
}

/** What is the same in every programme held on site. */
export const onSite = {
  modality: 'présentiel',
  objective: 'autre',
  certification: '',
  accessibility:
    'Salles accessibles aux personnes à mobilité réduite. Supports remis en format numérique accessible avant chaque journée. Notre référente handicap étudie avec chaque personne les adaptations utiles : rythme, sous-titrage, interprétation en langue des signes, matériel.',
  accessDelay:
    'Inscription jusqu’à sept jours avant le début de la session, dans la limite des places. Compter trois à cinq semaines lorsqu’un organisme financeur doit donner son accord.',
} as const

/** What is the same in every programme held in virtual classes. */
export const remote = {
  modality: 'distanciel',
  objective: 'autre',
  certification: '',
  accessibility:
    'Classe virtuelle sous-titrée en direct sur demande, supports accessibles envoyés la veille, pauses régulières. Notre référente handicap étudie avec chaque personne les adaptations utiles ; un essai technique est proposé avant la session.',
  accessDelay:
    'Inscription jusqu’à deux jours ouvrés avant le début de la session. Compter trois à cinq semaines lorsqu’un organisme financeur doit donner son accord.',
} as const
