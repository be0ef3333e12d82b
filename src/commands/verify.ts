/** `preau verify`: proves a database, and names whatever is not as Préau wrote it. */
import { join } from 'node:path'
import type { Kysely } from 'kysely'
import { listCheckpointFiles, readStatementFile } from '../attendance/ledger/ledger-checkpoint.files.ts'
import { listKeys } from '../attendance/ledger/ledger-keys.queries.ts'
import type { HandedOut } from '../attendance/ledger/ledger-statement.ts'
import { type VerifiedEvidence, verifyEvidence } from '../compliance/evidence.ts'
import { type ComparedEvidence, verifySinceBackup } from '../compliance/evidence-since-backup.ts'
import type { Config } from '../config.ts'
import type { Database } from '../database.ts'
import type { OnAlteration } from '../platform/alteration.ts'
import { type Backup, openBackup } from '../platform/backup/read-backup.ts'
import { withOneConnection } from '../platform/db/one-connection.ts'
import { describeAlteration } from './alterations.ts'
import { sayNowAndThen } from './now-and-then.ts'
import { defaultDataDirectory, openRuntime, type Say } from './runtime.ts'

type VerifyOptions = {
  /** A backup. */
  against?: string | undefined
  /** Files with checkpoints or receipts that were handed out, or the mails they came in. */
  checkpoint?: readonly string[] | undefined
  json: boolean
}

/**
 * Proves the evidence as it stands at one moment, while people go on working: also by the private keys and the checkpoints
 * that are kept beside the database; with `checkpoint`, by what was handed out; with `against`, also that nothing of this
 * backup is gone. True when nothing was altered. Throws an error for people when a file cannot be used.
 */
export async function verify(config: Config, say: Say, options: VerifyOptions): Promise<boolean> {
  const progress = sayNowAndThen()
  const handedOut = (await Promise.all((options.checkpoint ?? []).map(readStatementFile))).flat()
  const backup =
    options.against && (await openBackup(options.against, (table) => progress(`reading ${table}`)))
  try {
    const { deps, connection, close } = await openRuntime(config)
    const report = options.json ? reportAsJson(say) : reportForPeople(say)
    const { onAlteration } = report
    try {
      const kept = await readKeptCheckpoints(config, deps.db, onAlteration)
      const outside = { heldKeys: deps.keyring.keyIds(), handedOut: [...handedOut, ...kept] }
      const { verified, compared } = await withOneConnection(connection, (one) =>
        one.transaction('snapshot', async (trx) => ({
          verified: await verifyEvidence(trx, onAlteration, progress, outside),
          compared: backup ? await verifySinceBackup(one, trx, backup, onAlteration, progress) : undefined,
        })),
      )
      return report.end(
        { ...verified, statements: outside.handedOut.length },
        backup && compared ? { backup, compared } : undefined,
      )
    } finally {
      await close()
    }
  } finally {
    if (backup) backup.close()
  }
}

/** Those that were written out here; a file that was changed since is an alteration by itself. */
async function readKeptCheckpoints(
  { dataDirectory }: Config,
  db: Kysely<Database>,
  onAlteration: OnAlteration,
): Promise<HandedOut[]> {
  const [first] = await listKeys(db)
  if (!first) return []
  const kept: HandedOut[] = []
  const folder = join(dataDirectory ?? defaultDataDirectory, 'checkpoints')
  for (const path of await listCheckpointFiles(folder, first.id)) {
    const read = await readStatementFile(path).catch((error: Error) => {
      const detail = error.message
      onAlteration({
        kind: 'checkpoint',
        id: path,
        reference: null,
        code: 'file-differs',
        sequence: null,
        detail,
      })
    })
    kept.push(...(read ?? []))
  }
  return kept
}

type Comparison = { backup: Backup; compared: ComparedEvidence }

type Verified = VerifiedEvidence & { statements: number }

type Report = {
  onAlteration: OnAlteration
  /** True when there was no alteration. */
  end(verified: Verified, comparison: Comparison | undefined): boolean
}

/** Alterations are printed as they are found: there may be as many as rows. */
function reportForPeople(say: Say): Report {
  let count = 0
  return {
    onAlteration(alteration) {
      count++
      say(describeAlteration(alteration))
    },
    end(verified, comparison) {
      say(`Attendance: ${verified.sessions} sessions, ${verified.events} events, ${verified.marks} marks`)
      say(
        `Documents: ${verified.documents}, ${verified.documentEvents} events; files: ${verified.files}; ` +
          `references: ${verified.references} kinds; triggers: ${verified.triggers}`,
      )
      describeKeys(verified).forEach(say)
      if (comparison) say(describeComparison(comparison))
      say(count === 0 ? 'Nothing was altered' : `ALTERED in ${count} places, named above`)
      return count === 0
    },
  }
}

function describeKeys({
  keys,
  checkpoints,
  statements,
  areKeysVouchedFor,
  keysAfterLoss,
}: Verified): string[] {
  const alone =
    'No private key and no statement is here that could vouch for the keys: they are only shown to hold together'
  return [
    `Keys: ${keys}; checkpoints: ${checkpoints}; compared with what was handed out: ${statements}`,
    ...(areKeysVouchedFor ? [] : [alone]),
    ...keysAfterLoss.map(
      (id) => `Key ${id} took the place of one that was lost: nobody but you knows whether it was`,
    ),
  ]
}

function describeComparison({ backup, compared }: Comparison): string {
  const documents = compared.hasDocumentLedger ? '' : '; it is older than the ledger of documents'
  return (
    `Since ${backup.file} of ${backup.manifest.createdAt}: ` +
    `${compared.sessions} sessions, ${compared.auditEntries} audit entries${documents}`
  )
}

/** One JSON object over several lines, an alteration a line. */
function reportAsJson(say: Say): Report {
  let held: string | undefined
  const pass = (end: string) => {
    if (held !== undefined) say(`${held}${end}`)
  }
  say('{"alterations":[')
  return {
    onAlteration(alteration) {
      pass(',')
      held = JSON.stringify(alteration)
    },
    end(verified, comparison) {
      pass('')
      const isUnaltered = held === undefined
      const against = comparison && {
        file: comparison.backup.file,
        sha256: comparison.backup.sha256,
        createdAt: comparison.backup.manifest.createdAt,
        ...comparison.compared,
      }
      say(`],"isUnaltered":${isUnaltered},"verified":${JSON.stringify(verified)}`)
      say(`,"against":${JSON.stringify(against ?? null)}}`)
      return isUnaltered
    },
  }
}
