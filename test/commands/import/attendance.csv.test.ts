import { describe, expect, test } from 'vitest'
import { parseAttendance } from '../../../src/commands/import/attendance.csv.ts'
import { groupSessions } from '../../../src/commands/import/attendance-sessions.ts'
import { csvBytes } from '../../support/csv.ts'

const headings =
  'session;formation;date;debut;fin;prenom;nom;email;present;minutes;type_stagiaire;formateur;lien_formateur;modalite;sous_traitance'.split(
    ';',
  )
const morning = {
  session: 'LYO-RGPD-1',
  formation: 'RGPD',
  date: '02/03/2026',
  debut: '9h',
  fin: '12h30',
  prenom: 'Awa',
  nom: 'Diop',
  email: 'awa@example.org',
  present: 'oui',
  minutes: '',
  type_stagiaire: 'indépendante',
  formateur: 'Yann Le Bihan',
  lien_formateur: 'externe',
  modalite: 'présentiel',
  sous_traitance: '',
}
type Cells = Partial<Record<keyof typeof morning, string>>

const parse = (...changes: Cells[]) =>
  parseAttendance(
    csvBytes([
      headings,
      ...changes.map((change) => {
        const cells: Record<string, string> = { ...morning, ...change }
        return headings.map((heading) => cells[heading] ?? '')
      }),
    ]),
  )
const row = (change: Cells) => parse(change).rows[0]
const problems = (change: Cells) => parse(change).problems

describe('a line of attendance', () => {
  test('is one learner in one half-day of a session', () => {
    expect(parse({})).toEqual({
      rows: [
        {
          line: 2,
          session: 'LYO-RGPD-1',
          training: 'RGPD',
          date: '2026-03-02',
          startTime: '09:00',
          endTime: '12:30',
          firstName: 'Awa',
          lastName: 'Diop',
          email: 'awa@example.org',
          status: 'present',
          attendedMinutes: null,
          traineeType: 'other',
          trainers: [{ firstName: 'Yann', lastName: 'Le Bihan', email: null, engagement: 'external' }],
          modality: 'onsite',
          subcontracting: { direction: 'none', organisationName: null },
        },
      ],
      problems: [],
    })
  })

  test.each<[string, string, string, number | null]>([
    ['oui', '', 'present', null],
    ['X', '210', 'present', null],
    ['présente', '195', 'partial', 195],
    ['partiel', '3h15', 'partial', 195],
    ['', '195', 'partial', 195],
    ['', '210', 'present', null],
    ['', '0', 'absent', null],
    ['non', '', 'absent', null],
    ['0', '0', 'absent', null],
    ['Absent', '', 'absent', null],
  ])('present «%s» and minutes «%s» of 210 mean %s, %s', (present, minutes, status, attendedMinutes) => {
    expect(row({ present, minutes })).toMatchObject({ status, attendedMinutes })
  })

  test.each<[string, string, string, string]>([
    ['', '', 'present', 'ni présence ni minutes'],
    ['partiel', '', 'minutes', 'demande ses minutes'],
    ['non', '60', 'minutes', 'un absent n’a pas de minutes'],
    ['oui', '0', 'minutes', 'un présent a des minutes'],
    ['oui', '211', 'minutes', 'plus que les 210 minutes'],
    ['peut-être', '', 'present', 'valeur connue'],
  ])('present «%s» and minutes «%s» contradict each other', (present, minutes, column, reason) => {
    expect(problems({ present, minutes })).toEqual([
      { line: 2, column, reason: expect.stringContaining(reason) },
    ])
  })

  test.each([
    ['salarié', 'privateEmployee'],
    ['Salarié privé', 'privateEmployee'],
    ['apprentie', 'apprentice'],
    ['demandeur d’emploi', 'jobSeeker'],
    ["demandeur d'emploi", 'jobSeeker'],
    ['particulier', 'selfFunded'],
    ['indépendant', 'other'],
    ['bénévole', 'other'],
    ['agent public', 'other'],
    ['selfFunded', 'selfFunded'],
    ['', null],
  ])('«%s» is a trainee of type %s', (type_stagiaire, traineeType) => {
    expect(row({ type_stagiaire })?.traineeType).toBe(traineeType)
  })

  test.each([
    ['', 'none', null],
    ['aucune', 'none', null],
    ['confiée : Atelier des Rives', 'givenOut', 'Atelier des Rives'],
    ['Confiée à Atelier des Rives', 'givenOut', 'Atelier des Rives'],
    ['donnée : Atelier : Rives', 'givenOut', 'Atelier : Rives'],
    ['given out: River Works', 'givenOut', 'River Works'],
    ['reçue de Institut des Passerelles', 'received', 'Institut des Passerelles'],
    ['reçue\u00a0: Institut des Passerelles', 'received', 'Institut des Passerelles'],
    ['received: De Passage', 'received', 'De Passage'],
  ])('the subcontracting «%s» is %s, %s', (sous_traitance, direction, organisationName) => {
    expect(row({ sous_traitance })?.subcontracting).toEqual({ direction, organisationName })
  })

  test('several trainers are separated by plus signs, with one link for all or one each', () => {
    const pair = { formateur: 'Yann Le Bihan + DE LA TOUR Marie-Hélène <mh@example.org>' }
    expect(row({ ...pair, lien_formateur: 'interne + sous-traitant' })?.trainers).toEqual([
      { firstName: 'Yann', lastName: 'Le Bihan', email: null, engagement: 'internal' },
      { firstName: 'Marie-Hélène', lastName: 'DE LA TOUR', email: 'mh@example.org', engagement: 'external' },
    ])
    expect(
      row({ ...pair, lien_formateur: 'bénévole' })?.trainers.map(({ engagement }) => engagement),
    ).toEqual(['internal', 'internal'])
    expect(row({ formateur: '', lien_formateur: '' })?.trainers).toEqual([])
  })

  test.each<[string, Cells, string, string]>([
    ['a half-day that ends before it begins', { fin: '8h' }, 'fin', 'finit avant de commencer'],
    ['a day that does not exist', { date: '30/02/2026' }, 'date', 'n’est pas une date qui existe'],
    ['a trainer of one word', { formateur: 'Yann' }, 'formateur', 'n’a pas de nom'],
    ['a trainer without a link', { lien_formateur: '' }, 'lien_formateur', 'interne ou externe'],
    ['a link without a trainer', { formateur: '' }, 'formateur', 'un lien sans formateur'],
    [
      'fewer trainers than links',
      { lien_formateur: 'interne + externe' },
      'lien_formateur',
      'autant de liens',
    ],
    ['the same trainer twice', { formateur: 'Yann Le Bihan + yann le bihan' }, 'formateur', 'deux fois'],
    [
      'a subcontracting without the other party',
      { sous_traitance: 'confiée' },
      'sous_traitance',
      'ne se lit pas',
    ],
    [
      'a subcontracting in an unknown direction',
      { sous_traitance: 'chez Rives' },
      'sous_traitance',
      'ne se lit pas',
    ],
  ])('%s is refused', (_, change, column, reason) => {
    expect(problems(change)).toEqual([{ line: 2, column, reason: expect.stringContaining(reason) }])
  })

  test('is there once for each learner and half-day', () => {
    const { rows, problems } = parse({}, { nom: 'DIOP', minutes: '100' }, { debut: '14h', fin: '17h' })
    expect(rows.map(({ line }) => line)).toEqual([2, 4])
    expect(problems).toEqual([{ line: 3, column: 'nom', reason: 'déjà à la ligne 2' }])
  })
})

describe('the lines of a session together', () => {
  const group = (...changes: Cells[]) => {
    const { rows, problems } = parse(...changes)
    expect(problems).toEqual([])
    return groupSessions(rows)
  }
  const afternoon: Cells = { debut: '13h30', fin: '17h' }
  const jo: Cells = { prenom: 'Jo', nom: 'Roy', email: 'jo@example.org' }

  test('tell its half-days in order, its trainers and its learners with their marks', () => {
    const { sessions, problems } = group(
      { ...afternoon, formateur: 'Yann Le Bihan + Ana Costa', lien_formateur: 'externe + interne' },
      {},
      { ...jo, session: 'lyo-rgpd-1', present: 'non', type_stagiaire: 'salarié' },
    )
    expect(problems).toEqual([])
    expect(sessions).toEqual([
      {
        reference: 'LYO-RGPD-1',
        training: 'RGPD',
        subcontracting: { direction: 'none', organisationName: null },
        modality: 'onsite',
        trainers: [
          { firstName: 'Yann', lastName: 'Le Bihan', email: null, engagement: 'external' },
          { firstName: 'Ana', lastName: 'Costa', email: null, engagement: 'internal' },
        ],
        slots: [
          expect.objectContaining({
            startTime: '09:00',
            trainers: [expect.objectContaining({ firstName: 'Yann' })],
          }),
          expect.objectContaining({ startTime: '13:30', endTime: '17:00', modality: 'onsite' }),
        ],
        learners: [
          expect.objectContaining({
            lastName: 'Diop',
            traineeType: 'other',
            marks: [
              { slot: 0, status: 'present', attendedMinutes: null, line: 3 },
              { slot: 1, status: 'present', attendedMinutes: null, line: 2 },
            ],
          }),
          expect.objectContaining({
            lastName: 'Roy',
            marks: [{ slot: 0, status: 'absent', attendedMinutes: null, line: 4 }],
          }),
        ],
        line: 2,
      },
    ])
  })

  test('attended on site by some and remotely by others make it hybrid', () => {
    const { sessions } = group({}, { ...jo, modalite: 'visio' }, afternoon)
    expect(sessions[0]?.modality).toBe('hybrid')
    expect(sessions[0]?.slots.map(({ modality }) => modality)).toEqual(['hybrid', 'onsite'])
  })

  test.each<[string, Cells, string, string]>([
    ['another training', { formation: 'Agile' }, 'formation', 'une autre formation que celle de la ligne 2'],
    ['another subcontracting', { sous_traitance: 'reçue : X' }, 'sous_traitance', 'ligne 2'],
    ['another end of the half-day', { fin: '12h' }, 'fin', 'une autre heure de fin que celle de la ligne 2'],
    ['another engagement of the trainer', { lien_formateur: 'interne' }, 'lien_formateur', 'ligne 2'],
  ])('contradict an earlier one by %s', (_, change, column, reason) => {
    expect(group({}, { ...jo, ...change }).problems).toEqual([
      { line: 3, column, reason: expect.stringContaining(reason) },
    ])
  })

  test('contradict an earlier one about the learner', () => {
    expect(group({}, { ...afternoon, type_stagiaire: 'salarié' }).problems).toMatchObject([
      { line: 3, column: 'type_stagiaire' },
    ])
    expect(group({}, { ...afternoon, email: '' }).problems).toMatchObject([{ line: 3, column: 'email' }])
  })

  test('are refused where half-days overlap', () => {
    expect(group({}, { debut: '12h', fin: '14h' }).problems).toEqual([
      { line: 3, column: 'debut', reason: 'la demi-journée chevauche celle de 09:00 à 12:30 (ligne 2)' },
    ])
    expect(group({}, { debut: '12h30', fin: '14h' }).problems).toEqual([])
  })
})
