/** Two workers on one queue: each mail is sent once, by whichever comes first, and one that is killed is made up for. */
import { setTimeout as sleep } from 'node:timers/promises'
import { sql } from 'kysely'
import { expect, it } from 'vitest'
import type { MailState } from '../../src/platform/mail/mail.schema.ts'
import { tidyMails } from '../../src/platform/mail/mail.service.ts'
import { type TestApp, testAppForOneTest } from '../support/app.ts'
import { dataFolder, preau } from '../support/command.ts'
import { mailServer } from '../support/mail-server.ts'
import { aMail } from '../support/mails.ts'
import { describeOrganisation } from '../support/world.ts'

/** How many a worker sends at once. */
const atOnce = 5

it('two workers, of which one is killed, send no mail twice and lose none', async () => {
  const app = await testAppForOneTest()
  await describeOrganisation(app)
  let isKilled = false
  const server = await mailServer({
    // In the middle of several mails: some are handed over already, some are about to be.
    afterData: () => {
      if (server.received.length >= 20 && !isKilled) isKilled = workers[0]?.child.kill('SIGKILL') ?? false
      return 'accept'
    },
  })
  const env = { DATABASE_URL: app.url, SMTP_URL: server.url, PREAU_DATA_DIR: dataFolder() }
  const workers = [1, 2].map(() => preau(['worker'], { PREAU_LOG_LEVEL: 'error', ...env }))
  await Promise.all(workers.map((worker) => worker.until(/Préau works/)))
  const count = 40
  for (let number = 1; number <= count; number++) await aMail(app, { to: `ada${number}@example.org` })
  while (!isKilled || (await countWaiting(app)) > 0) await sleep(20)
  workers[1]?.child.kill('SIGTERM')
  await workers[1]?.ended()

  const recipients = server.received.map(({ recipient }) => recipient)
  expect(new Set(recipients).size).toBe(recipients.length)
  const sent = await addressesIn(app, 'sent')
  expect(recipients).toEqual(expect.arrayContaining(sent))
  // What the killed one had in hand: it comes back to the queue, or nobody can tell what became of it, and it says so.
  const [inHand, handedOver] = [await addressesIn(app, 'queued'), await addressesIn(app, 'sending')]
  expect(sent.length + inHand.length + handedOver.length).toBe(count)
  expect(inHand.length + handedOver.length).toBeLessThanOrEqual(atOnce)
  app.setNow(Temporal.Now.instant().add({ hours: 2 }).toString())
  await tidyMails(app.system)
  expect(await addressesIn(app, 'unknown')).toEqual(handedOver)
})

/** Jobs that no worker has taken. */
async function countWaiting({ deps }: TestApp): Promise<number> {
  const { rows } = await sql<{ count: number }>`
    select count(*) from jobs.job where name = 'mail' and state in ('created', 'retry')`.execute(deps.db)
  return rows[0]?.count ?? 0
}

async function addressesIn({ deps }: TestApp, state: MailState): Promise<string[]> {
  const rows = await deps.db
    .selectFrom('outgoingMail')
    .select('address')
    .where('state', '=', state)
    .orderBy('address')
    .execute()
  return rows.map(({ address }) => address ?? '')
}
