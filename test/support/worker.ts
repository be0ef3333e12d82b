/** A worker in this process, on the database of a test, that ends with the test. */
import { onTestFinished } from 'vitest'
import { ctxFor } from '../../src/deps.ts'
import { buildJobs } from '../../src/jobs.ts'
import { startWorker, type Worker } from '../../src/platform/jobs/worker.ts'
import { smtpTransport } from '../../src/platform/mail/smtp.ts'
import type { Transport } from '../../src/platform/mail/transport.ts'
import type { TestApp } from './app.ts'

type MailTo = { url: string } | { transport: Transport }

/** All the jobs of Préau; mails go to this server. */
export async function workOn(app: TestApp, to: MailTo): Promise<Worker> {
  const worker = await startWorker({
    connection: { connectionString: app.url },
    handlers: handlersOf(to),
    ctxOf: (kind, jobId) => ctxFor(app.deps, { kind: 'system', name: kind }, jobId),
    log: app.deps.log,
  })
  onTestFinished(() => worker.stop())
  return worker
}

function handlersOf(to: MailTo) {
  return buildJobs({ transport: 'url' in to ? smtpTransport(to.url) : to.transport, from: undefined })
}

/** Sends one mail as a worker would, without a queue; what became of it stands in the outbox. */
export async function sendNow(app: TestApp, mailId: string, to: MailTo, isLastTry = false): Promise<unknown> {
  const mail = handlersOf(to).find(({ kind }) => kind === 'mail')
  const ctx = ctxFor(app.deps, { kind: 'system', name: 'mail' }, mailId)
  return mail?.work(ctx, { id: mailId, isLastTry, signal: new AbortController().signal })
}
