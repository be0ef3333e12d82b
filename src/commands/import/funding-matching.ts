/** Which funding lines of the file are which that stand, of one enrolment or of one session without one. No I/O. */
import type { FundingContent } from '../../enrolment/funding-in-bulk.ts'
import { fold } from '../../platform/fold.ts'

type FundingMatch<Standing> = { standing: Standing | undefined; after: FundingContent }

type IsSame = (one: FundingContent, other: FundingContent) => boolean

const sameMoney: IsSame = (one, other) => one.source === other.source && one.amountCents === other.amountCents
const sameDebt: IsSame = (one, other) =>
  sameMoney(one, other) && one.invoicedOn === other.invoicedOn && one.clientId === other.clientId
const sameNumber: IsSame = (one, other) =>
  one.invoiceNumber !== null &&
  other.invoiceNumber !== null &&
  fold(one.invoiceNumber) === fold(other.invoiceNumber)
const oneHasNoNumber: IsSame = (one, other) => one.invoiceNumber === null || other.invoiceNumber === null

/**
 * From the surest to the least: an invoice may have several lines, so that its number alone does not tell them apart
 * as long as something else does. A number that only one of the two has is news of the same debt.
 */
const passes: readonly IsSame[] = [
  (one, other) => sameNumber(one, other) && sameDebt(one, other),
  (one, other) => sameNumber(one, other) && sameMoney(one, other),
  (one, other) => sameNumber(one, other) && one.source === other.source,
  sameNumber,
  (one, other) => oneHasNoNumber(one, other) && sameDebt(one, other),
]

/** Each line that stands is matched once: two equal lines of a file are two invoices. Keeps the order of the file. */
export function matchFunding<Standing extends FundingContent>(
  standing: readonly Standing[],
  wanted: readonly FundingContent[],
): FundingMatch<Standing>[] {
  const free = new Set(standing)
  const matched: (Standing | undefined)[] = wanted.map(() => undefined)
  for (const isSame of passes) {
    for (const [index, line] of wanted.entries()) {
      if (matched[index]) continue
      const found = [...free].find((other) => isSame(other, line))
      if (!found) continue
      matched[index] = found
      free.delete(found)
    }
  }
  return wanted.map((line, index) => ({ standing: matched[index], after: merged(matched[index], line) }))
}

/** What the file says goes before what stands; what it leaves empty stays. */
function merged(standing: FundingContent | undefined, line: FundingContent): FundingContent {
  return {
    source: line.source,
    clientId: line.clientId ?? standing?.clientId ?? null,
    amountCents: line.amountCents,
    invoicedOn: line.invoicedOn ?? standing?.invoicedOn ?? null,
    invoiceNumber: line.invoiceNumber ?? standing?.invoiceNumber ?? null,
    paidOn: line.paidOn ?? standing?.paidOn ?? null,
  }
}
