import type { TrxCtx } from '../platform/ctx.ts'
import type { Letterhead } from '../platform/mail/sending.ts'
import { findOrganisation } from './organisation.queries.ts'

/**
 * Who the organisation's mails come from, and their postal foot. Before it has been described, when the first people
 * are invited, mails come from Préau at the place where it is reached.
 */
export async function letterhead(ctx: TrxCtx): Promise<Letterhead> {
  const organisation = await findOrganisation(ctx.db)
  if (!organisation) {
    const email = `preau@${new URL(ctx.baseUrl).hostname}`
    return { name: 'Préau', email, street: null, postalCode: null, city: null, country: null, phone: null }
  }
  const { legalName, tradeName, address, email, phone } = organisation
  return { name: tradeName ?? legalName, ...address, email, phone }
}
