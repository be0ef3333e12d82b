import type { PermissionTable } from '../../platform/access.ts'

export const offlinePermissions = {
  /** Each event by what one may without it: a learner for themself, a trainer for who is there. */
  'attendance.recordOffline': ['signedIn'],
} as const satisfies PermissionTable
