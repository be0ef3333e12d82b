/** Links from the request to the mailbox and back, sent by the job that sends every mail. */
import { sql } from 'kysely'
import { expect, test } from 'vitest'
import { type TestApp, testAppForOneTest } from '../../support/app.ts'
import { mailServer } from '../../support/mail-server.ts'
import { sendNow } from '../../support/worker.ts'
import { describeOrganisation } from '../../support/world.ts'

async function mailsOf({ deps }: TestApp) {
  return deps.db.selectFrom('outgoingMail').select(['id', 'template', 'state']).orderBy('createdAt').execute()
}

/** The address on a line of its own, as a person clicks it. */
function linkIn(text = ''): URL {
  return new URL(/^https:\/\/\S+\?token=\S+$/m.exec(text)?.[0] ?? 'https://preau.example')
}

test('somebody is invited, forgets the password, signs in by a link, and each mail says for how long it holds', async () => {
  const preau = await testAppForOneTest()
  await describeOrganisation(preau)
  const admin = await preau.signIn('admin')
  const server = await mailServer()
  const email = 'camille@example.org'
  const person = { email, firstName: 'Camille', lastName: 'Le Goff', roleGrants: [{ role: 'member' }] }
  await admin.post('/api/accounts', person)
  const received = async () => {
    const mail = (await mailsOf(preau)).at(-1)
    await sendNow(preau, mail?.id ?? '', server)
    const text = server.received.at(-1)?.text ?? ''
    return { text: text.replaceAll(/[\u00a0\u202f]/g, ' '), link: linkIn(text), ...mail }
  }
  const confirm = (what: string, link: URL, body: object = {}) =>
    preau.anonymous.post(`/api/auth/${what}/confirm`, { token: link.searchParams.get('token'), ...body })

  const invitation = await received()
  expect(invitation.text).toMatch(/^Bonjour Camille,[\s\S]*7 jours[\s\S]*Les Communs du Numérique/)
  expect(invitation.link.pathname).toBe('/invitation')
  const password = 'trois chaises et un piano'
  expect((await confirm('invitation', invitation.link, { password })).status).toBe(204)

  await preau.anonymous.post('/api/auth/password-reset', { email })
  const reset = await received()
  expect(reset.text).toContain('valable 60 minutes')
  const other = { password: 'quatre fauteuils et une flûte' }
  expect((await confirm('password-reset', reset.link, other)).status).toBe(204)
  expect((await received()).template).toBe('password-changed')

  await preau.anonymous.post('/api/auth/sign-in-link', { email })
  const signIn = await received()
  expect(signIn.text).toContain('valable 10 minutes')
  expect((await confirm('sign-in-link', signIn.link)).status).toBe(204)

  const { rows } = await sql<{ row: string }>`
    select outgoing_mail::text as row from outgoing_mail union all select single_use_token::text from single_use_token
    union all select data::text from jobs.job union all select audit_entry::text from audit_entry`.execute(
    preau.deps.db,
  )
  for (const { link } of [invitation, reset, signIn])
    expect(JSON.stringify(rows)).not.toContain(link.searchParams.get('token'))
})

test('nothing is sent to an address that nobody has, nor a link that a newer one has replaced', async () => {
  const preau = await testAppForOneTest()
  await describeOrganisation(preau)
  const server = await mailServer()
  const { email } = (await (await preau.inBrowser(await preau.signIn())).get('/api/me')).body.account
  for (const asked of ['personne@example.org', email, email])
    await preau.anonymous.post('/api/auth/password-reset', { email: asked })
  for (const { id } of await mailsOf(preau)) await sendNow(preau, id, server)
  expect((await mailsOf(preau)).map(({ state }) => state)).toEqual(['obsolete', 'obsolete', 'sent'])
  expect(server.received.map(({ recipient }) => recipient)).toEqual([email])
})
