/**
 * The file of funding, one line per invoice: `session;email;prenom;nom;financeur;payeur;siret_payeur;montant_ht;
 * date_facture;no_facture;date_paiement`. No learner named: a line of the whole session. A negative amount is a
 * credit note (*avoir*).
 */
import type { FundingSource } from '../../enrolment/enrolment.schema.ts'
import { fold } from '../../platform/fold.ts'
import { cents } from './amounts.ts'
import { choice, date, emailAddress, line, personName, siretNumber, type Words } from './cells.ts'
import { mandatory, optional, type Parsed, readRows, refuseRepeats } from './rows.ts'

export type FundingRow = {
  /** The session's reference. */
  session: string
  /** By e-mail, by both names, or by all three; `null` for a line of the session. */
  learner: { email: string | null; firstName: string | null; lastName: string | null } | null
  source: FundingSource
  payer: { name: string; siret: string | null } | null
  /** Before VAT; negative for a credit note. */
  amountCents: number
  invoicedOn: string | null
  invoiceNumber: string | null
  paidOn: string | null
}

/** Who is invoiced, one per line of BPF frame C. */
const sourceWords: Words<FundingSource> = {
  employer: ['entreprise', 'employeur', 'société'],
  fundApprenticeship: ['apprentissage', 'contrat d’apprentissage'],
  fundProfessionalisation: ['professionnalisation', 'contrat de professionnalisation', 'contrat pro'],
  fundReconversion: ['Pro-A', 'reconversion', 'promotion ou reconversion par alternance'],
  fundTransition: [
    'PTP',
    'transition',
    'transition professionnelle',
    'projet de transition professionnelle',
    'transition pro',
  ],
  fundCpf: ['CPF', 'compte personnel de formation', 'Mon compte formation'],
  fundJobSeeker: ['POE', 'POEC', 'POEI', 'CSP', 'contrat de sécurisation professionnelle'],
  fundSelfEmployed: [
    'FAF',
    'FIF PL',
    'FIFPL',
    'AGEFICE',
    'FAFCEA',
    'fonds d’assurance formation',
    'non-salariés',
  ],
  fundDevelopmentPlan: ['OPCO', 'plan de développement', 'plan de développement des compétences', 'PDC'],
  publicAgents: ['agents publics', 'employeur public', 'fonction publique'],
  europe: ['Europe', 'FSE', 'FSE+', 'Union européenne', 'fonds européens'],
  state: ['État'],
  region: ['région', 'conseil régional'],
  franceTravail: ['France Travail', 'Pôle emploi', 'AIF'],
  otherPublic: ['autre public', 'autres ressources publiques', 'collectivité', 'collectivité locale'],
  individual: ['particulier', 'stagiaire', 'à titre individuel', 'individuel'],
  trainingOrganisation: ['organisme de formation', 'OF', 'sous-traitance', 'CFA'],
  otherIncome: ['autre', 'autres produits'],
}

const fields = {
  session: mandatory(
    'session',
    ['référence session', 'référence', 'code session', 'session reference'],
    line(60),
  ),
  email: optional('email', ['e-mail', 'mail', 'courriel', 'email du stagiaire'], emailAddress),
  firstName: optional('prenom', ['prénom du stagiaire', 'first name', 'firstname'], personName),
  lastName: optional('nom', ['nom du stagiaire', 'last name', 'lastname', 'surname'], personName),
  source: mandatory(
    'financeur',
    ['financement', 'type de financeur', 'source', 'funding source'],
    choice(sourceWords),
  ),
  payerName: optional('payeur', ['client', 'nom du payeur', 'payer'], line(200)),
  payerSiret: optional('siret_payeur', ['siret', 'siret du payeur', 'payer siret'], siretNumber),
  amountCents: mandatory('montant_ht', ['montant', 'montant HT (€)', 'total HT', 'amount'], cents),
  invoicedOn: optional(
    'date_facture',
    ['date de facture', 'facturé le', 'invoice date', 'invoiced on'],
    date,
  ),
  invoiceNumber: optional(
    'no_facture',
    ['n° facture', 'n° de facture', 'numéro de facture', 'facture', 'invoice number'],
    line(60),
  ),
  paidOn: optional('date_paiement', ['date de paiement', 'payé le', 'paid on', 'payment date'], date),
}

/** Reads the file of funding. The same amount of the same invoice for the same learner twice is refused. */
export function parseFunding(bytes: Uint8Array): Parsed<FundingRow> {
  const funding = readRows<typeof fields, FundingRow>(bytes, fields, (cells, refuse) => {
    const { email, firstName, lastName, payerName, payerSiret, ...row } = cells
    if (email === null && (firstName === null) !== (lastName === null))
      refuse(
        firstName === null ? 'prenom' : 'nom',
        'sans e-mail, un stagiaire se nomme par son prénom et son nom',
      )
    if (payerSiret !== null && payerName === null) refuse('payeur', 'un SIRET sans le nom du payeur')
    if (row.invoiceNumber !== null && row.invoicedOn === null)
      refuse('date_facture', 'une facture numérotée sans sa date')
    if (row.paidOn !== null && row.invoicedOn === null)
      refuse('date_facture', 'un paiement sans la date de sa facture')
    if (row.amountCents === 0) refuse('montant_ht', 'un montant nul n’est pas un produit')
    const isNamed = email !== null || firstName !== null || lastName !== null
    return {
      ...row,
      learner: isNamed ? { email, firstName, lastName } : null,
      payer: payerName === null ? null : { name: payerName, siret: payerSiret },
    }
  })
  return refuseRepeats(funding, 'no_facture', (row) =>
    row.invoiceNumber === null
      ? undefined
      : [
          row.session.toLowerCase(),
          fold(row.invoiceNumber),
          row.learner?.email?.toLowerCase() ?? '',
          fold(`${row.learner?.firstName ?? ''} ${row.learner?.lastName ?? ''}`),
          row.source,
          row.amountCents,
        ].join('|'),
  )
}
