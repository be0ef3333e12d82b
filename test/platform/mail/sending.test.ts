/** Mails from the outbox to a real server, by real workers. */
import { readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { sql } from 'kysely'
import { simpleParser } from 'mailparser'
import { afterAll, beforeAll, describe, expect, it, onTestFinished } from 'vitest'
import { issueMailedLink, readLink } from '../../../src/people/sign-in/single-use-link.ts'
import { inTransaction } from '../../../src/platform/db/transaction.ts'
import { tidyMails } from '../../../src/platform/mail/mail.service.ts'
import { fileTransport } from '../../../src/platform/mail/mail-files.ts'
import { queueMail, queueMails } from '../../../src/platform/mail/outbox.ts'
import { type Caller, type TestApp, testApp, testAppForOneTest } from '../../support/app.ts'
import { mailServer, smtpError } from '../../support/mail-server.ts'
import { aMail, aTriedMail } from '../../support/mails.ts'
import { newTestFolder, removeTestFolder } from '../../support/test-folder.ts'
import { sendNow, workOn } from '../../support/worker.ts'
import { describeOrganisation } from '../../support/world.ts'

let app: TestApp
let admin: Caller
beforeAll(async () => {
  app = await testApp()
  await describeOrganisation(app)
  admin = await app.signIn('admin')
})
afterAll(() => app.close())

async function stateOf(id: string, { deps } = app) {
  const { state, errorCode, attempts } = await deps.db
    .selectFrom('outgoingMail')
    .select(['state', 'errorCode', 'attempts'])
    .where('id', '=', id)
    .executeTakeFirstOrThrow()
  return { state, errorCode, attempts }
}

/** Waits until no mail is queued or being sent, or the work in the background has gone wrong for good. */
async function settled(): Promise<void> {
  for (;;) {
    const { rows } = await sql<{ open: number }>`
      select count(*) as open from jobs.job where name = 'mail' and state < 'completed' and start_after <= now()`.execute(
      app.deps.db,
    )
    if (rows[0]?.open === 0) return
    await new Promise((resolve) => setTimeout(resolve, 10))
  }
}

/** As if the time until the next try had passed, and something else woke the workers. */
async function nextTry(): Promise<void> {
  await sql`update jobs.job set start_after = now() where state = 'retry'`.execute(app.deps.db)
  await aMail(app, { to: 'bob@example.org' })
}

describe('a mail that is queued', () => {
  it('goes out within a second of the commit, from the organisation, and is sent', async () => {
    const server = await mailServer()
    await workOn(app, server)
    const id = await aMail(app)
    const committedAt = performance.now()
    const [mail] = await server.until(1)
    expect(performance.now() - committedAt).toBeLessThan(1_000)
    expect(mail).toMatchObject({ recipient: 'ada@example.org', messageId: `<${id}@example.org>` })
    expect(mail?.from?.value).toEqual([{ name: 'Les Communs du Numérique', address: 'contact@example.org' }])
    expect(mail?.text).toMatch(
      /^Bonjour Ada,[\s\S]*\n-- \nLes Communs du Numérique\n12 rue des Ateliers, 75011 Paris\n/,
    )
    await settled()
    expect(await stateOf(id)).toEqual({ state: 'sent', errorCode: null, attempts: 1 })
  })

  it('comes from Préau itself before the organisation has been described', async () => {
    const app = await testAppForOneTest()
    const server = await mailServer()
    await sendNow(app, await aMail(app), server)
    expect(server.received[0]?.from?.value).toEqual([{ name: 'Préau', address: 'preau@preau.example' }])
  })

  it('is received once by each of 100 people when two workers share the work', async () => {
    const server = await mailServer()
    await Promise.all([workOn(app, server), workOn(app, server)])
    const people = Array.from({ length: 100 }, (_, index) => `person${index}@example.org`)
    await inTransaction(app.system, (ctx) =>
      queueMails(
        ctx,
        people.map((to) => ({ template: 'password-changed', to, personId: null, data: { firstName: 'A' } })),
      ),
    )
    await server.until(100)
    await settled()
    expect(server.received.map((mail) => mail.recipient).sort()).toEqual(people.toSorted())
    const { rows } = await sql`
      select state, count(*) from outgoing_mail where address = any(${people}) group by state`.execute(
      app.deps.db,
    )
    expect(rows).toEqual([{ state: 'sent', count: 100 }])
  })
})

describe('a mail that the server does not take', () => {
  it('waits for its next try when it certainly did not arrive, and then goes out', async () => {
    let isBusy = true
    const server = await mailServer({
      onRcptTo: (_, __, callback) => callback(isBusy ? smtpError(450) : undefined),
    })
    await workOn(app, server)
    const id = await aMail(app)
    await settled()
    expect(await stateOf(id)).toEqual({ state: 'queued', errorCode: 'smtp/450', attempts: 1 })
    expect((await admin.get(`/api/jobs/${id}`)).body).toMatchObject({
      kind: 'mail',
      state: 'queued',
      errorCode: 'smtp/450',
    })
    isBusy = false
    await nextTry()
    await server.until(2)
    await settled()
    expect(await stateOf(id)).toEqual({ state: 'sent', errorCode: null, attempts: 2 })
    expect((await admin.get(`/api/jobs/${id}`)).body).toMatchObject({ state: 'done' })
  })

  it('is tried for days, at growing intervals', async () => {
    const { rows } = await sql<{ retryLimit: number; retryDelay: number; retryDelayMax: number }>`
      select retry_limit, retry_delay, retry_delay_max from jobs.queue where name = 'mail' and retry_backoff`.execute(
      app.deps.db,
    )
    const [terms] = rows
    const delays = Array.from({ length: terms?.retryLimit ?? 0 }, (_, retry) =>
      Math.min(terms?.retryDelayMax ?? 0, (terms?.retryDelay ?? 0) * 2 ** retry),
    )
    expect(delays[0]).toBe(30)
    expect(delays.at(-1)).toBe(86_400)
    const days = delays.reduce((sum, delay) => sum + delay, 0) / 86_400
    expect(days).toBeGreaterThan(3)
    expect(days).toBeLessThan(6)
  })

  it('has failed when its last try was in vain', async () => {
    const server = await mailServer({ onRcptTo: (_, __, callback) => callback(smtpError(450)) })
    const id = await aMail(app)
    expect(await sendNow(app, id, server, true)).toEqual({ state: 'again', code: 'smtp/450' })
    expect(await stateOf(id)).toEqual({ state: 'failed', errorCode: 'smtp/450', attempts: 1 })
  })

  it('has failed at once when the recipient is refused for good; an admin sends it again', async () => {
    let isUnknown = true
    const server = await mailServer({
      onRcptTo: (_, __, callback) => callback(isUnknown ? smtpError(550) : undefined),
    })
    await workOn(app, server)
    const id = await aMail(app)
    await settled()
    expect(await stateOf(id)).toEqual({ state: 'failed', errorCode: 'smtp/550', attempts: 1 })
    const { body } = await admin.get('/api/mails?state=failed')
    expect(body.items).toContainEqual(
      expect.objectContaining({ id, address: 'ada@example.org', errorCode: 'smtp/550' }),
    )
    expect((await admin.get('/api/jobs?state=failed&kind=mail')).body.items).toContainEqual(
      expect.objectContaining({ id, kind: 'mail', state: 'failed', errorCode: 'smtp/550' }),
    )

    isUnknown = false
    const again = await admin.post(`/api/mails/${id}/send-again`)
    expect(again).toMatchObject({ status: 200, body: { id, state: 'queued' } })
    await server.until(1)
    await settled()
    expect(await stateOf(id)).toMatchObject({ state: 'sent', attempts: 2 })
    const { rows } = await sql`select action, changes from audit_entry where subject_id = ${id}`.execute(
      app.deps.db,
    )
    expect(rows).toEqual([{ action: 'mail.sendAgain', changes: { state: ['failed', 'queued'] } }])
    expect((await admin.post(`/api/mails/${id}/send-again`)).body.code).toBe('mail/not-to-be-sent-again')
  })
})

describe('a mail of which nobody knows whether it arrived', () => {
  it('is shown and never repeated by itself; sent again by an admin it is recognisably the same', async () => {
    let then: 'drop' | 'accept' = 'drop'
    const server = await mailServer({ afterData: (to) => (to.startsWith('ada') ? then : 'accept') })
    await workOn(app, server)
    const id = await aMail(app)
    await settled()
    expect(await stateOf(id)).toEqual({ state: 'unknown', errorCode: 'smtp/no-answer', attempts: 1 })
    await nextTry()
    await server.until(1)
    await settled()
    expect(server.received.map((mail) => mail.recipient)).toEqual(['bob@example.org'])

    then = 'accept'
    const { items } = (await admin.get('/api/mails?state=unknown')).body
    const shown = items.find((mail: { id: string }) => mail.id === id)
    await admin.post(`/api/mails/${id}/send-again`)
    const [, mail] = await server.until(2)
    expect(mail?.messageId).toBe(shown.messageId)
    await settled()
    expect(await stateOf(id)).toMatchObject({ state: 'sent', attempts: 2 })
  })

  it('is one that a process died over: who finds it being sent does not send it', async () => {
    const server = await mailServer()
    const id = await aTriedMail(app, 'sending', null)
    expect(await sendNow(app, id, server)).toEqual({ state: 'failed', code: 'mail/interrupted' })
    expect(await stateOf(id)).toEqual({ state: 'unknown', errorCode: 'mail/interrupted', attempts: 1 })
    expect(server.received).toEqual([])
  })
})

describe('a mail with a link', () => {
  const aLink = (): Promise<string> =>
    inTransaction(app.system, async (ctx) => {
      const linkTokenId = await issueMailedLink(ctx, 'passwordReset', admin.accountId)
      return queueMail(ctx, {
        template: 'password-reset',
        to: 'chef@example.org',
        personId: null,
        data: { firstName: 'Ada', validMinutes: 60 },
        linkTokenId,
      })
    })

  it('carries one that works, and that stands nowhere in the database', async () => {
    const server = await mailServer()
    await sendNow(app, await aLink(), server)
    const [, token = ''] =
      /https:\/\/preau\.example\/\S*\?token=(\S+)/.exec(server.received[0]?.text ?? '') ?? []
    expect(token).toHaveLength(43)
    await expect(readLink(app.system, 'passwordReset', token)).resolves.toBe(admin.accountId)
    const { rows } = await sql<{ row: string }>`
      select outgoing_mail::text as row from outgoing_mail union all select job::text from jobs.job job
      union all select single_use_token::text from single_use_token`.execute(app.deps.db)
    expect(rows.length).toBeGreaterThan(2)
    expect(rows.filter(({ row }) => row.includes(token))).toEqual([])
  })

  it('is not sent any more once the link was superseded', async () => {
    const server = await mailServer()
    const [first, second] = [await aLink(), await aLink()]
    expect(await sendNow(app, first, server)).toEqual({ state: 'done' })
    await sendNow(app, second, server)
    expect(await stateOf(first)).toEqual({ state: 'obsolete', errorCode: null, attempts: 0 })
    expect(await stateOf(second)).toMatchObject({ state: 'sent' })
    expect(server.received).toHaveLength(1)
  })
})

describe('a mail whose text cannot be made', () => {
  it('fails at once, and holds up no other', async () => {
    const server = await mailServer()
    await workOn(app, server)
    const wrong = await aMail(app, { data: {} })
    const right = await aMail(app)
    await server.until(1)
    await settled()
    expect(await stateOf(wrong)).toEqual({ state: 'failed', errorCode: 'mail/template', attempts: 0 })
    expect(await stateOf(right)).toMatchObject({ state: 'sent' })
  })
})

describe('with time', () => {
  it('what was left open is settled, and after a month it is forgotten whom mails went to', async () => {
    const app = await testAppForOneTest({ now: '2026-03-01T12:00:00Z' })
    const admin = await app.signIn('admin')
    const [sent, stuck, jobless] = [
      await aTriedMail(app, 'sent', null),
      await aTriedMail(app, 'sending', null),
      await aMail(app),
    ]
    await sql`delete from jobs.job where id = ${jobless}`.execute(app.deps.db)
    app.setNow('2026-03-01T12:59:00Z')
    await tidyMails(app.system)
    expect(await stateOf(stuck, app)).toMatchObject({ state: 'sending' })

    app.setNow('2026-03-01T13:01:00Z')
    await tidyMails(app.system)
    expect(await stateOf(stuck, app)).toMatchObject({ state: 'unknown', errorCode: 'mail/interrupted' })
    expect(await stateOf(jobless, app)).toMatchObject({ state: 'failed', errorCode: 'mail/job-lost' })

    app.setNow('2026-04-01T13:02:00Z')
    await tidyMails(app.system)
    const rows = await app.deps.db.selectFrom('outgoingMail').select(['id', 'address', 'data']).execute()
    expect(rows.map(({ address, data }) => ({ address, data }))).toEqual(
      [sent, stuck, jobless].map(() => ({ address: null, data: {} })),
    )
    expect((await admin.post(`/api/mails/${stuck}/send-again`)).body.code).toBe('mail/address-forgotten')
  })
})

describe('without a mail server', () => {
  it('mails are whole files that only this user can read, in a folder of their own', async () => {
    const data = newTestFolder()
    onTestFinished(() => removeTestFolder(data))
    const folder = join(data, 'mails')
    const id = await aMail(app)
    await sendNow(app, id, { transport: fileTransport(folder) })
    const [file = '', ...others] = readdirSync(folder)
    expect(others).toEqual([])
    expect(file).toContain(id)
    expect(file).toMatch(/\.eml$/)
    expect(file).not.toContain('ada')
    expect(statSync(folder).mode & 0o777).toBe(0o700)
    expect(statSync(join(folder, file)).mode & 0o777).toBe(0o600)
    const mail = await simpleParser(readFileSync(join(folder, file)))
    expect(mail.to).toMatchObject({ text: 'ada@example.org' })
    expect(await stateOf(id)).toMatchObject({ state: 'sent' })
  })

  it('wait when the folder cannot be written', async () => {
    const app = await testAppForOneTest()
    const id = await aMail(app)
    const nowhere = fileTransport('/dev/null/mails')
    expect(await sendNow(app, id, { transport: nowhere })).toEqual({ state: 'again', code: 'file/ENOTDIR' })
    expect(await stateOf(id, app)).toMatchObject({ state: 'queued', errorCode: 'file/ENOTDIR' })
  })
})
