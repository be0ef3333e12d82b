/** What people read off a database: the figures that must be the same wherever its rows live. */
import { readSheet } from '../../src/attendance/sheet/sheet.service.ts'
import { bpfReport } from '../../src/compliance/bpf.service.ts'
import { systemCtx } from '../../src/deps.ts'
import { systemClock } from '../../src/platform/clock.ts'
import { openDatabase } from '../../src/platform/db/pool.ts'
import { readStoredFile, sha256Hex } from '../../src/platform/files/files.ts'
import { trustedProxies } from '../../src/platform/http/client-address.ts'
import { createLog } from '../../src/platform/log.ts'
import { testKeyring } from './ledger-key.ts'

/** BPF, attendance sheets, certificates byte by byte, and the audit, as text. */
export async function figuresOf(url: string, period: { from: string; to: string }): Promise<string> {
  const db = openDatabase({ connectionString: url })
  const deps = {
    db,
    clock: systemClock,
    log: createLog('silent'),
    baseUrl: 'https://preau.example',
    keyring: testKeyring(),
    trustedProxies: trustedProxies('none'),
  }
  const ctx = systemCtx(deps, 'test')
  try {
    const sessions = await db.selectFrom('trainingSession').select('id').orderBy('id').execute()
    const sheets = []
    for (const { id } of sessions) sheets.push(await readSheet(ctx, id))
    const documents = await db.selectFrom('issuedDocument').selectAll().orderBy('id').execute()
    const files = []
    for (const { sha256 } of documents) {
      const file = await readStoredFile(db, sha256 ?? '')
      files.push(file && sha256Hex(file.bytes))
    }
    const audit = await db.selectFrom('auditEntry').selectAll().orderBy('sequence').execute()
    return JSON.stringify({ bpf: await bpfReport(ctx, period), sheets, documents, files, audit })
  } finally {
    await db.destroy()
  }
}
