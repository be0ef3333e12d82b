/** `preau worker`: the jobs, in a process of their own or, with `serve`, in the same. */
import { resolve } from 'node:path'
import type { Config } from '../config.ts'
import { ctxFor, type Deps } from '../deps.ts'
import { buildJobs } from '../jobs.ts'
import type { Connection } from '../platform/db/pool.ts'
import { startWorker, type Worker } from '../platform/jobs/worker.ts'
import { fileTransport } from '../platform/mail/mail-files.ts'
import { smtpTransport } from '../platform/mail/smtp.ts'
import type { Transport } from '../platform/mail/transport.ts'
import { logCrashes } from './crash.ts'
import { defaultDataDirectory, openRuntime, type Say } from './runtime.ts'
import { listenForSignals } from './signals.ts'

/** Works until the process is asked to stop; beside any number of others on the same database. */
export async function work(config: Config, say: Say, json: boolean): Promise<void> {
  const toPeople = json ? () => {} : say
  const signals = listenForSignals()
  const runtime = await openRuntime(config, { recordsEvidence: true })
  logCrashes(runtime.deps.log)
  try {
    // From the first job on, a signal means to let it finish.
    const asked = signals.asked()
    const worker = await startJobs(runtime, config, toPeople)
    if (config.baseUrl === undefined)
      toPeople(`Links in mails lead to ${runtime.deps.baseUrl}: set PREAU_BASE_URL to where people go`)
    toPeople('Préau works in the background')
    if (json) say(JSON.stringify({ working: true }))
    await asked
    await worker.stop()
  } finally {
    await runtime.close()
  }
}

/** Starts the jobs in this process, and says where mails go when they are not sent. */
export async function startJobs(
  { deps, connection }: { deps: Deps; connection: Connection },
  config: Config,
  say: Say,
): Promise<Worker> {
  return startWorker({
    connection,
    handlers: buildJobs({
      transport: transportFor(config, say),
      from: config.mailFrom,
      checkpointFolder: resolve(config.dataDirectory ?? defaultDataDirectory, 'checkpoints'),
    }),
    ctxOf: (kind, jobId) => ctxFor(deps, { kind: 'system', name: kind }, jobId),
    log: deps.log,
  })
}

function transportFor({ smtpUrl, dataDirectory }: Config, say: Say): Transport {
  if (smtpUrl !== undefined) return smtpTransport(smtpUrl)
  const folder = resolve(dataDirectory ?? defaultDataDirectory, 'mails')
  say(`Mails are kept in ${folder}: set SMTP_URL to send them`)
  return fileTransport(folder)
}
