import type { Generated } from 'kysely'
import type { Json } from '../db/columns.ts'

export type AuditEntryTable = {
  id: string
  sequence: Generated<number>
  occurredAt: Temporal.Instant
  actorKind: 'account' | 'system' | 'anonymous'
  actorAccountId: string | null
  action: string
  subjectKind: string
  subjectId: string | null
  changes: Json<Record<string, unknown>>
  requestId: string
  /** Of Préau itself only: `import`, `serve`… */
  actorProcess: string | null
}
