/** `preau verify`: proves a database, and names whatever is not as Préau wrote it. */
import { type VerifiedEvidence, verifyEvidence } from '../compliance/evidence.ts'
import { type ComparedEvidence, verifySinceBackup } from '../compliance/evidence-since-backup.ts'
import type { Config } from '../config.ts'
import type { OnAlteration } from '../platform/alteration.ts'
import { type Backup, openBackup } from '../platform/backup/read-backup.ts'
import { withOneConnection } from '../platform/db/one-connection.ts'
import { describeAlteration } from './alterations.ts'
import { sayNowAndThen } from './now-and-then.ts'
import { openRuntime, type Say } from './runtime.ts'

/**
 * Proves the evidence as it stands at one moment, while people go on working; with `against`, also that nothing of this
 * backup is gone. True when nothing was altered. Throws an error for people when the backup cannot be used.
 */
export async function verify(
  config: Config,
  say: Say,
  options: { against?: string; json: boolean },
): Promise<boolean> {
  const progress = sayNowAndThen()
  const backup =
    options.against && (await openBackup(options.against, (table) => progress(`reading ${table}`)))
  try {
    const runtime = await openRuntime(config)
    const report = options.json ? reportAsJson(say) : reportForPeople(say)
    try {
      const { verified, compared } = await withOneConnection(runtime.connection, (one) =>
        one.transaction('snapshot', async (trx) => ({
          verified: await verifyEvidence(trx, report.onAlteration, progress),
          compared: backup
            ? await verifySinceBackup(one, trx, backup, report.onAlteration, progress)
            : undefined,
        })),
      )
      return report.end(verified, backup && compared ? { backup, compared } : undefined)
    } finally {
      await runtime.close()
    }
  } finally {
    if (backup) backup.close()
  }
}

type Comparison = { backup: Backup; compared: ComparedEvidence }

type Report = {
  onAlteration: OnAlteration
  /** True when there was no alteration. */
  end(verified: VerifiedEvidence, comparison: Comparison | undefined): boolean
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
      if (comparison) say(describeComparison(comparison))
      say(count === 0 ? 'Nothing was altered' : `ALTERED in ${count} places, named above`)
      return count === 0
    },
  }
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
