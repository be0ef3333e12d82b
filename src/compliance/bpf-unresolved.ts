/** The list of what a person has to decide, in French sentences that name the session and the learner. */
import type { Kysely } from 'kysely'
import type { Database } from '../database.ts'
import { euros } from '../documents/typography.ts'
import type { Period, Unresolved, UnresolvedKind } from './bpf.schema.ts'
import type {
  Cases,
  EnrolmentCase,
  FundingCase,
  SessionCase,
  UnmarkedCase,
} from './bpf-unresolved.queries.ts'
import * as queries from './bpf-unresolved.queries.ts'

/** What is unresolved in a period; of each kind the first thousand, then how many more. */
export async function findUnresolved(
  db: Kysely<Database>,
  period: Period,
  now: Temporal.Instant,
): Promise<Unresolved[]> {
  return [
    ...entries('noFundingDecision', await queries.enrolmentsWithoutFunding(db, period), (found) =>
      ofLearner(found, 'des heures suivies, mais ni financement ni exclusion du BPF'),
    ),
    ...entries('noTraineeType', await queries.enrolmentsWithoutType(db, period), (found) =>
      ofLearner(found, 'type de stagiaire inconnu, compté en F-1 e'),
    ),
    ...entries('noNsfCode', await queries.sessionsWithout(db, period, 'noNsfCode'), withoutNsfCode),
    ...entries('noObjective', await queries.sessionsWithout(db, period, 'noObjective'), (found) =>
      ofSession(found, 'objectif inconnu, compté en F-3 d'),
    ),
    ...entries(
      'noCertificationLevel',
      await queries.sessionsWithout(db, period, 'noCertificationLevel'),
      (found) => ofSession(found, 'niveau de la certification inconnu, compté en F-3 a sans ligne de niveau'),
    ),
    ...entries('notInvoiced', await queries.linesNotInvoiced(db, period), (found) =>
      ofFunding(found, 'n’a pas de date de facture alors que la session est finie'),
    ),
    ...entries('fundingOutOfScope', await queries.linesOutOfScope(db, period), (found) =>
      ofFunding(found, 'finance une session exclue du BPF'),
    ),
    ...entries(
      'fundingContradictsSubcontracting',
      await queries.linesAgainstSubcontracting(db, period),
      (found) =>
        ofFunding(found, 'contredit la sous-traitance\u00a0: la ligne 10 va avec les sessions reçues'),
    ),
    ...entries('slotNotMarked', await queries.sessionsNotMarked(db, period, now), notMarked),
  ]
}

/** Turnover and expenses of the exercise are not known yet: frame D prints zeros, the share of turnover nothing. */
export const inputsMissing: Unresolved = {
  kind: 'inputsMissing',
  detail: 'Chiffre d’affaires et charges de l’exercice non renseignés (cadres C et D).',
}

const grouped = new Intl.NumberFormat('fr-FR')

function entries<Case>(
  kind: UnresolvedKind,
  { total, rows }: Cases<Case>,
  describe: (found: Case) => Omit<Unresolved, 'kind'>,
): Unresolved[] {
  const listed = rows.map((row) => ({ kind, ...describe(row) }))
  const others = total - rows.length
  return others > 0 ? [...listed, { kind, detail: `Et ${grouped.format(others)} autres cas.` }] : listed
}

function ofSession({ sessionId, reference }: { sessionId: string; reference: string }, fact: string) {
  return { sessionId, detail: `Session ${reference}\u00a0: ${fact}.` }
}

function withoutNsfCode(found: SessionCase) {
  const code = found.nsfCode === null ? 'pas de code NSF' : `code NSF ${found.nsfCode} inconnu`
  return ofSession(found, `${code}, compté dans les autres spécialités`)
}

function ofLearner({ enrolmentId, sessionId, reference, firstName, lastName }: EnrolmentCase, fact: string) {
  return { enrolmentId, sessionId, detail: `Session ${reference}, ${firstName} ${lastName}\u00a0: ${fact}.` }
}

function ofFunding(found: FundingCase, fact: string) {
  const invoice = found.invoiceNumber === null ? '' : ` (facture ${found.invoiceNumber})`
  return {
    ...(found.enrolmentId !== null && { enrolmentId: found.enrolmentId }),
    ...ofSession(found, `le financement de ${euros(found.amountCents)}${invoice} ${fact}`),
  }
}

function notMarked(found: UnmarkedCase) {
  const missing =
    found.missing === 1 ? 'un émargement manque' : `${grouped.format(found.missing)} émargements manquent`
  return ofSession(found, `${missing} dans des créneaux terminés`)
}
