/** Single-use links as they stand in mails, without a mail. */
import type { MailedLinkKind } from '../../src/people/sign-in/sign-in.schema.ts'
import { issueMailedLink, renewMailedLink } from '../../src/people/sign-in/single-use-link.ts'
import { inTransaction } from '../../src/platform/db/transaction.ts'
import type { TestApp } from './app.ts'

/** A link of this kind for the account, mailed just now; returns its token. */
export async function aLinkToken(
  { system }: TestApp,
  kind: MailedLinkKind,
  accountId: string,
): Promise<string> {
  return inTransaction(system, async (ctx) => {
    const url = await renewMailedLink(ctx, await issueMailedLink(ctx, kind, accountId))
    return new URL(url ?? '').searchParams.get('token') ?? ''
  })
}
