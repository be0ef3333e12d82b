/** What was invoiced for the sessions: every source of funding in every half-year. */
import type { FundingSource } from '../../src/enrolment/enrolment.schema.ts'
import { type Client, payers, receivedFrom } from './clients.ts'
import type { Person } from './people.ts'
import { referenceDate } from './plan.ts'
import type { Random } from './random.ts'
import { companyOf, type Seat } from './seats.ts'
import type { HeldSession } from './sessions.ts'

export type Invoice = {
  session: string
  learner: Person | undefined
  source: FundingSource
  payer: Client | undefined
  cents: number
  /** Empty until invoiced. */
  invoicedOn: string
  number: string
  /** Empty until paid. */
  paidOn: string
}

type Bill = Pick<Invoice, 'learner' | 'source' | 'payer' | 'cents'>

/** All invoices, numbered without a gap in order of date; credit notes have their own series. */
export function invoicesFor(sessions: readonly HeldSession[], random: Random): Invoice[] {
  const drafts = sessions.flatMap((session) =>
    billsOf(session, random).map((bill) => dated(session, bill, random)),
  )
  const numbers = { F: 0, AV: 0 }
  return drafts
    .toSorted((one, other) => ((one.invoicedOn || '9') < (other.invoicedOn || '9') ? -1 : 1))
    .map((invoice) => {
      if (invoice.invoicedOn === '') return invoice
      const series = invoice.cents < 0 ? 'AV' : 'F'
      numbers[series] += 1
      return { ...invoice, number: `${series}-${String(numbers[series]).padStart(5, '0')}` }
    })
}

function billsOf(session: HeldSession, random: Random): Bill[] {
  const seats = session.seats.flatMap((seat) => billsOfSeat(session, seat, random))
  const corrections = session.seats
    .filter(({ attended }) => attended.every((minutes) => minutes === 0))
    .flatMap((absent) => seats.filter(({ learner }) => learner === absent.person))
    .map((bill) => ({ ...bill, cents: -bill.cents }))
  return [...seats, ...corrections, ...billsOfGroup(session)]
}

function billsOfSeat({ price }: HeldSession, { person, source }: Seat, random: Random): Bill[] {
  if (source === undefined) return []
  const bill = (of: FundingSource, euros: number, payer?: Client): Bill => {
    return { learner: person, source: of, payer, cents: euros * 100 }
  }
  // A learner's own share of a course that somebody else pays goes to line 9 of frame C.
  if (source === 'fundCpf')
    return [bill(source, price - 100, payers.personalAccount), bill('individual', 100)]
  if (source === 'fundSelfEmployed') {
    const payer = person.trade === 'communication' ? payers.fafArtisans : payers.fafSavoirs
    const share = random.isLucky(0.25) ? 150 : 0
    return [bill(source, price - share, payer), ...(share > 0 ? [bill('individual', share)] : [])]
  }
  if (source === 'individual') return [bill(source, Math.round(price * 0.7))]
  return [bill(source, price, payerOf(source, person))]
}

function payerOf(source: FundingSource, { employer }: Person): Client | undefined {
  if (source === 'fundTransition') return payers.transitions
  if (source === 'franceTravail' || source === 'fundJobSeeker') return payers.employmentService
  if (source === 'fundApprenticeship' || source === 'fundReconversion') return payers.opcoMosaique
  if (source === 'fundProfessionalisation' || source === 'fundDevelopmentPlan') return payers.opcoHorizons
  return employer
}

/** Prices for a whole session, whoever comes. */
function billsOfGroup(session: HeldSession): Bill[] {
  const days = Math.max(1, session.halfDays.length / 2)
  const bill = (source: FundingSource, euros: number, payer?: Client): Bill => {
    return { learner: undefined, source, payer, cents: euros * 100 }
  }
  if (session.kind === 'forCompany') {
    const ordered = bill('employer', days * 1_450, companyOf(session))
    // A room that the company provided in the end was taken off the invoice.
    return session.week === 111 ? [ordered, bill('employer', -180, companyOf(session))] : [ordered]
  }
  if (session.kind === 'received') return [bill('trainingOrganisation', days * 1_100, receivedFrom)]
  if (session.kind === 'forRegion')
    return [bill('region', 1_600, payers.regionalCouncil), bill('europe', 640, payers.europeanFund)]
  if (session.kind === 'withPublicAgents')
    return [
      bill('state', 500, payers.state),
      bill('otherPublic', 350, payers.publicAgency),
      bill('otherIncome', 174, payers.publicAgency),
    ]
  return session.kind === 'onlineClass' ? [bill('otherPublic', 900, payers.publicAgency)] : []
}

function dated({ reference, halfDays, code, week }: HeldSession, bill: Bill, random: Random): Invoice {
  const lastDay = Temporal.PlainDate.from(halfDays.at(-1)?.date ?? referenceDate)
  const invoicedOn = onWeekday(lastDay.add({ days: random.whole(3, 16) + (bill.cents < 0 ? 14 : 0) }))
  const paidOn = onWeekday(invoicedOn.add({ days: random.whole(12, 50) }))
  const isForgotten = random.isLucky(0.02)
  // The last session's funds have not answered yet.
  const isInvoiced = !(week === 126 && code === 'MKT-ETH' && bill.source === 'fundSelfEmployed')
  return {
    ...bill,
    session: reference,
    invoicedOn: isInvoiced ? invoicedOn.toString() : '',
    number: '',
    paidOn: isInvoiced && !isForgotten && paidOn.toString() < referenceDate ? paidOn.toString() : '',
  }
}

/** The day itself, or the Monday after. */
function onWeekday(date: Temporal.PlainDate): Temporal.PlainDate {
  return date.dayOfWeek > 5 ? date.add({ days: 8 - date.dayOfWeek }) : date
}
