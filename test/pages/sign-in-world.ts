/** Somebody's account, and the pages that mailed links lead to. */
import type { Caller } from '../support/app.ts'
import { aLinkToken } from '../support/links.ts'
import type { ServedApp } from './browser.ts'

export const password = 'trois chaises et un piano'

/** Page → address; the links are of an account that has not chosen its password yet. */
export async function signInPagesOf(preau: ServedApp, admin: Caller): Promise<Record<string, string>> {
  const { body } = await admin.post('/api/accounts', {
    ...{ firstName: 'Maëlle-Anne-Françoise', lastName: 'Le Goff-Kervadec de la Rochefoucauld' },
    email: 'maelle-anne-francoise.le-goff-kervadec-de-la-rochefoucauld@association.example.org',
    ...{ roleGrants: [{ role: 'member' }, { role: 'trainer' }], invite: false },
  })
  const token = (kind: Parameters<typeof aLinkToken>[1]) => aLinkToken(preau, kind, body.id)
  return {
    'sign-in': `${preau.address}/sign-in`,
    'forgotten password': `${preau.address}/forgotten-password`,
    'link on its way': `${preau.address}/link-sent`,
    'link to sign in': `${preau.address}/sign-in-link?token=${await token('signInLink')}`,
    'new password': `${preau.address}/reset-password?token=${await token('passwordReset')}`,
    invitation: `${preau.address}/invitation?token=${await token('invitation')}`,
    'link that is over': `${preau.address}/invitation?token=used`,
  }
}
