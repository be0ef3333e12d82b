import type { PermissionTable } from '../../platform/access.ts'

export const ledgerPermissions = {
  'ledger.readKeys': ['anyone'],
  'ledger.verify': ['trainer', 'ambassador', 'admin'],
  'ledger.export': ['ambassador', 'admin'],
  /** With what is personal beside the events: notes, strokes, addresses, devices. */
  'ledger.exportPayloads': ['admin'],
} as const satisfies PermissionTable
