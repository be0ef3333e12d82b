import type { PermissionTable } from '../../platform/access.ts'

export const followUpPermissions = {
  'finding.read': ['trainer', 'ambassador', 'admin'],
  'finding.dismiss': ['admin'],
  /** Each sees what is theirs to do. */
  'task.list': ['signedIn'],
} as const satisfies PermissionTable
