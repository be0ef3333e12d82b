import { describe, expect, test } from 'vitest'
import { parsePeople } from '../../../src/commands/import/people.csv.ts'
import { csvBytes, csvLines, excel } from '../../support/csv.ts'

const heading = 'prenom;nom;nom_naissance;email;telephone;antenne;employeur;siret_employeur;roles'
const problemsOf = (...lines: string[]) => parsePeople(csvLines(heading, ...lines)).problems

describe('the file of people', () => {
  test('tells who they are, where they belong, who employs them and what they may do', () => {
    const file = csvLines(
      heading,
      'Léa;Le Goff;Nguyễn;lea@example.org;06 39 98 00 01;Bretagne;;;membre, ambassadrice',
      'Marc;Petit;;;;;Atelier des Rives;000 912 345 00018;',
    )
    expect(parsePeople(file)).toEqual({
      rows: [
        {
          line: 2,
          firstName: 'Léa',
          lastName: 'Le Goff',
          birthName: 'Nguyễn',
          email: 'lea@example.org',
          phone: '06 39 98 00 01',
          chapterName: 'Bretagne',
          employer: null,
          roles: ['member', 'ambassador'],
        },
        {
          line: 3,
          firstName: 'Marc',
          lastName: 'Petit',
          birthName: null,
          email: null,
          phone: null,
          chapterName: null,
          employer: { name: 'Atelier des Rives', siret: '00091234500018' },
          roles: [],
        },
      ],
      problems: [],
    })
  })

  test('may have English headings, in another order, and no more than names', () => {
    const file = csvBytes([
      ['Last name', 'First name', 'Role'],
      ['Diop', 'Awa', ''],
    ])
    expect(parsePeople(file).rows).toMatchObject([{ firstName: 'Awa', lastName: 'Diop', roles: [] }])
  })

  test('takes roles between commas, bars or plus signs, once each', () => {
    const file = csvBytes(
      [
        heading.split(';'),
        ['Awa', 'Diop', '', 'awa@example.org', '', '', '', '', 'Formatrice + member | trainer'],
      ],
      { ...excel, delimiter: ',' },
    )
    expect(parsePeople(file).rows[0]?.roles).toEqual(['trainer', 'member'])
  })

  test('is refused where a role has no account, an ambassador no chapter, a SIRET no employer', () => {
    expect(
      problemsOf(
        'Awa;Diop;;;;;;;membre',
        'Jo;Roy;;jo@example.org;;;;;ambassadeur',
        'Al;Sy;;;;;;00091234500018;',
      ),
    ).toEqual([
      { line: 2, column: 'email', reason: expect.stringContaining('demande un compte') },
      { line: 3, column: 'antenne', reason: 'un ambassadeur est celui d’une antenne' },
      { line: 4, column: 'employeur', reason: 'un SIRET sans le nom de l’employeur' },
    ])
  })

  test('says everything that is wrong with a line at once', () => {
    expect(problemsOf(';Diop;;awa;;;;7,3E+13;chef')).toEqual([
      { line: 2, column: 'prenom', reason: 'la cellule est vide' },
      { line: 2, column: 'email', reason: expect.any(String) },
      { line: 2, column: 'siret_employeur', reason: expect.any(String) },
      { line: 2, column: 'roles', reason: expect.stringContaining('membre, formateur, ambassadeur, admin') },
    ])
  })

  test('tells homonyms apart by e-mail and refuses the same person twice', () => {
    const { rows, problems } = parsePeople(
      csvLines(
        heading,
        'Marie;Martin;;marie@example.org;;;;;membre',
        'Marie;Martin;;marie.martin@example.org;;;;;membre',
        'MARIE;MARTIN;;Marie@example.org;;;;;',
        'Paul;Martin;;marie@example.org;;;;;',
        'Jean;Roux;;;;;;;',
        'Jéan;Roux;;;;;;;',
      ),
    )
    expect(rows.map(({ line }) => line)).toEqual([2, 3, 5, 6])
    expect(problems).toEqual([
      { line: 4, column: 'nom', reason: 'déjà à la ligne 2' },
      { line: 7, column: 'nom', reason: 'déjà à la ligne 6' },
    ])
  })

  test('gives one account to one address', () => {
    expect(
      problemsOf('Marie;Martin;;marie@example.org;;;;;membre', 'Paul;Martin;;MARIE@example.org;;;;;membre'),
    ).toEqual([{ line: 3, column: 'email', reason: 'déjà à la ligne 2' }])
  })

  test('wrong from top to bottom is said in its first thousand errors', () => {
    const problems = problemsOf(...Array.from({ length: 1200 }, () => 'Awa;;;;;;;;'))
    expect(problems).toHaveLength(1001)
    expect(problems.at(-1)).toEqual({
      line: 1002,
      column: null,
      reason: expect.stringContaining('plus de 1\u202f000'),
    })
  })
})
