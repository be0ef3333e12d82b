import { describe, expect, test } from 'vitest'
import { parseFunding } from '../../../src/commands/import/funding.csv.ts'
import { fundingSources } from '../../../src/enrolment/enrolment.schema.ts'
import { csvBytes, excel } from '../../support/csv.ts'

const headings =
  'session;email;prenom;nom;financeur;payeur;siret_payeur;montant_ht;date_facture;no_facture;date_paiement'.split(
    ';',
  )
const invoice = {
  session: 'LYO-RGPD-1',
  email: 'awa@example.org',
  prenom: 'Awa',
  nom: 'Diop',
  financeur: 'FAF',
  payeur: 'Fonds des indépendants',
  siret_payeur: '',
  montant_ht: '1 250,00',
  date_facture: '2026-03-10',
  no_facture: 'F-1',
  date_paiement: '',
}
type Cells = Partial<Record<keyof typeof invoice, string>>

const parse = (...changes: Cells[]) =>
  parseFunding(
    csvBytes(
      [
        headings,
        ...changes.map((change) => {
          const cells: Record<string, string> = { ...invoice, ...change }
          return headings.map((heading) => cells[heading] ?? '')
        }),
      ],
      { ...excel, delimiter: ',' },
    ),
  )
const row = (change: Cells) => parse(change).rows[0]

describe('a line of funding', () => {
  test('is an invoice for a learner', () => {
    expect(parse({})).toEqual({
      rows: [
        {
          line: 2,
          session: 'LYO-RGPD-1',
          learner: { email: 'awa@example.org', firstName: 'Awa', lastName: 'Diop' },
          source: 'fundSelfEmployed',
          payer: { name: 'Fonds des indépendants', siret: null },
          amountCents: 125_000,
          invoicedOn: '2026-03-10',
          invoiceNumber: 'F-1',
          paidOn: null,
        },
      ],
      problems: [],
    })
  })

  test('without a learner is a line of the session; a learner goes by e-mail or by both names', () => {
    expect(row({ email: '', prenom: '', nom: '' })?.learner).toBeNull()
    expect(row({ prenom: '', nom: '' })?.learner).toEqual({
      email: 'awa@example.org',
      firstName: null,
      lastName: null,
    })
    expect(row({ email: '' })?.learner).toEqual({ email: null, firstName: 'Awa', lastName: 'Diop' })
    expect(parse({ email: '', nom: '' }).problems).toMatchObject([{ line: 2, column: 'nom' }])
  })

  test('may be a credit note, may not be invoiced yet', () => {
    expect(row({ montant_ht: '-350', date_facture: '', no_facture: '' })).toMatchObject({
      amountCents: -35_000,
      invoicedOn: null,
      invoiceNumber: null,
    })
  })

  test.each<[string, Cells, string]>([
    ['a number without a date', { date_facture: '' }, 'date_facture'],
    ['a SIRET without a payer', { payeur: '', siret_payeur: '00091234500018' }, 'payeur'],
    ['no amount', { montant_ht: '' }, 'montant_ht'],
    ['no source', { financeur: '' }, 'financeur'],
    ['nothing to pay', { montant_ht: '0,00' }, 'montant_ht'],
    [
      'a payment but no invoice',
      { no_facture: '', date_facture: '', date_paiement: '1/4/2026' },
      'date_facture',
    ],
  ])('with %s is refused', (_, change, column) => {
    expect(parse(change).problems).toEqual([{ line: 2, column, reason: expect.any(String) }])
  })

  test('is there once for an invoice, a learner and an amount; one invoice may have several', () => {
    expect(parse({}, { email: 'jo@example.org', nom: 'Roy' }, { montant_ht: '100' }).problems).toEqual([])
    expect(parse({}, { no_facture: 'f 1' }).problems).toMatchObject([
      { line: 3, reason: 'déjà à la ligne 2' },
    ])
    expect(parse({ no_facture: '' }, { no_facture: '' }).problems).toEqual([])
  })
})

describe('who is invoiced, in the words of the trade', () => {
  test.each([
    ['entreprise', 'employer'],
    ['employeur', 'employer'],
    ['apprentissage', 'fundApprenticeship'],
    ['Contrat de professionnalisation', 'fundProfessionalisation'],
    ['Pro-A', 'fundReconversion'],
    ['PTP', 'fundTransition'],
    ['transition', 'fundTransition'],
    ['cpf', 'fundCpf'],
    ['POE', 'fundJobSeeker'],
    ['CSP', 'fundJobSeeker'],
    ['FIF PL', 'fundSelfEmployed'],
    ['AGEFICE', 'fundSelfEmployed'],
    ['FAFCEA', 'fundSelfEmployed'],
    ['OPCO', 'fundDevelopmentPlan'],
    ['plan de développement', 'fundDevelopmentPlan'],
    ['agents publics', 'publicAgents'],
    ['FSE', 'europe'],
    ['Europe', 'europe'],
    ['État', 'state'],
    ['Région', 'region'],
    ['Pôle emploi', 'franceTravail'],
    ['France Travail', 'franceTravail'],
    ['autre public', 'otherPublic'],
    ['particulier', 'individual'],
    ['organisme de formation', 'trainingOrganisation'],
    ['sous-traitance', 'trainingOrganisation'],
    ['autre', 'otherIncome'],
  ])('%s is %s', (financeur, source) => {
    expect(row({ financeur })?.source).toBe(source)
  })

  test('every source also goes by its code', () => {
    expect(fundingSources.map((financeur) => row({ financeur })?.source)).toEqual(fundingSources)
  })

  test('anything else is refused with the words that are known', () => {
    expect(parse({ financeur: 'mécène' }).problems).toEqual([
      { line: 2, column: 'financeur', reason: expect.stringContaining('entreprise, apprentissage') },
    ])
  })
})
