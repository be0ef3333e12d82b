import type { PermissionTable } from '../../platform/access.ts'

export const sealingPermissions = {
  /** A trainer of the half-day, for themself: nobody signs for another. */
  'attendance.countersign': ['trainer'],
  'attendance.waive': ['trainer'],
  /** A trainer of the half-day; `admin` where it was signed on paper. */
  'attendance.seal': ['trainer', 'admin'],
  /** What is sealed is corrected beside it, with a reason. */
  'attendance.correct': ['admin'],
} as const satisfies PermissionTable
