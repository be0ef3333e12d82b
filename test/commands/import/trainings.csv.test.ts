import { describe, expect, test } from 'vitest'
import { trainingInput } from '../../../src/catalogue/catalogue.schema.ts'
import { parseTrainings } from '../../../src/commands/import/trainings.csv.ts'
import { csvBytes } from '../../support/csv.ts'

const headings =
  'code;intitule;objectifs;prerequis;public;contenu;methodes;evaluation;accessibilite;duree_heures;prix_ht;modalite;nsf;objectif;rncp_rs;delai_acces'.split(
    ';',
  )
const programme = {
  code: 'RGPD',
  intitule: 'Le RGPD des indépendants',
  objectifs: '- Tenir un registre\n- Répondre à une demande',
  prerequis: 'Aucun',
  public: 'Indépendants',
  contenu: 'Matin : le registre\nAprès-midi : les droits',
  methodes: 'Étude de cas',
  evaluation: 'Mise en situation',
  accessibilite: 'Salle accessible',
  duree_heures: '7,5',
  prix_ht: '1 250,00 €',
  modalite: 'Présentiel',
  nsf: '128 - Droit, sciences politiques',
  objectif: 'autre',
  rncp_rs: '',
  delai_acces: 'Deux semaines',
}
type Programme = Partial<Record<keyof typeof programme, string>>

const parse = (...changes: Programme[]) =>
  parseTrainings(
    csvBytes([
      headings,
      ...changes.map((change) => {
        const cells: Record<string, string> = { ...programme, ...change }
        return headings.map((heading) => cells[heading] ?? '')
      }),
    ]),
  )
const row = (change: Programme) => parse(change).rows[0]
const problems = (change: Programme) => parse(change).problems

describe('the file of trainings', () => {
  test('holds the whole programme, in minutes and cents', () => {
    expect(parse({})).toEqual({
      rows: [
        {
          line: 2,
          code: 'RGPD',
          title: 'Le RGPD des indépendants',
          objectives: ['Tenir un registre', 'Répondre à une demande'],
          prerequisites: 'Aucun',
          audience: 'Indépendants',
          content: 'Matin : le registre\nAprès-midi : les droits',
          methods: 'Étude de cas',
          assessmentMethods: 'Mise en situation',
          accessibility: 'Salle accessible',
          durationMinutes: 450,
          priceCents: 125_000,
          modality: 'onsite',
          nsfCode: '128',
          objective: 'other',
          certification: null,
          accessDelay: 'Deux semaines',
        },
      ],
      problems: [],
    })
  })

  test('gives what the catalogue takes', () => {
    const { line, certification, ...training } = row({}) ?? expect.unreachable()
    expect(trainingInput.parse({ ...training, certification })).toMatchObject(training)
    expect(line).toBe(2)
  })

  test('needs no more than a code and a title', () => {
    const { rows, problems } = parseTrainings(
      csvBytes([
        ['Code', 'Titre'],
        ['A-1', 'Une formation'],
      ]),
    )
    expect(problems).toEqual([])
    expect(rows).toMatchObject([
      {
        code: 'A-1',
        objectives: [],
        durationMinutes: null,
        priceCents: null,
        objective: null,
        certification: null,
      },
    ])
  })

  test.each([
    ['présentiel', 'onsite'],
    ['Distanciel', 'remote'],
    ['visio', 'remote'],
    ['classe virtuelle', 'remote'],
    ['Mixte', 'hybrid'],
    ['hybrid', 'hybrid'],
  ])('%s is held %s', (modalite, modality) => {
    expect(row({ modalite })?.modality).toBe(modality)
  })

  test.each([
    ['Autre', 'other'],
    ['CQP', 'cqp'],
    ['bilan de compétences', 'skillsAssessment'],
    ['VAE', 'vae'],
    ['skillsAssessment', 'skillsAssessment'],
  ])('the objective %s is %s', (objectif, objective) => {
    expect(row({ objectif })?.objective).toBe(objective)
  })

  test('a certification is a code, and may bring its title, its certifier and its level', () => {
    expect(row({ objectif: '', rncp_rs: 'rs 6372' })).toMatchObject({
      objective: 'rs',
      certification: { register: 'RS', code: 'RS6372', title: null, certifier: null, level: null },
    })
    expect(
      row({ objectif: 'RNCP', rncp_rs: 'RNCP37674 | Chef de projet | Certificateur | niveau 6' }),
    ).toMatchObject({
      objective: 'rncp',
      certification: {
        register: 'RNCP',
        code: 'RNCP37674',
        title: 'Chef de projet',
        certifier: 'Certificateur',
        level: '6',
      },
    })
  })

  test.each<[string, Programme, string, string]>([
    ['a code of another form', { rncp_rs: '37674' }, 'rncp_rs', 'n’est pas un code de certification'],
    [
      'an objective that contradicts the register',
      { objectif: 'autre', rncp_rs: 'RS6372' },
      'objectif',
      'contredit',
    ],
    [
      'a level that does not exist',
      { rncp_rs: 'RS6372 | T | C | niveau 9' },
      'rncp_rs',
      'n’est pas un niveau',
    ],
    [
      'a duration without whole minutes',
      { duree_heures: '7,333' },
      'duree_heures',
      'nombre entier de minutes',
    ],
    ['a negative price', { prix_ht: '-10' }, 'prix_ht', 'prix négatif'],
    ['a speciality in words', { nsf: 'Droit' }, 'nsf', 'n’est pas un code NSF'],
    ['a self-paced course, which has no half-days', { modalite: 'e-learning' }, 'modalite', 'valeur connue'],
    ['a code that begins with a sign', { code: '#1' }, 'code', 'ne commence ni par une lettre'],
    ['a title too long', { intitule: 'x'.repeat(301) }, 'intitule', 'plus de 300 caractères'],
  ])('%s is refused', (_, change, column, reason) => {
    expect(problems(change)).toEqual([{ line: 2, column, reason: expect.stringContaining(reason) }])
  })

  test('has each code once, whatever its case', () => {
    expect(parse({}, { code: 'rgpd' }).problems).toMatchObject([
      { column: 'code', reason: 'déjà à la ligne 2' },
    ])
  })
})
