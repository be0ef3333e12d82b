import type { PermissionTable } from '../platform/access.ts'

export const attendancePermissions = {
  /** On a closed session `admin` alone, with a reason. */
  'attendance.mark': ['trainer', 'admin'],
  /** Each event by what one may without it: a learner for themself, a trainer for who is there. */
  'attendance.recordOffline': ['signedIn'],
  'attendance.read': ['trainer', 'ambassador', 'admin'],
  /** A trainer of the half-day, for themself: nobody signs for another. */
  'attendance.countersign': ['trainer'],
  'attendance.waive': ['trainer'],
  /** A trainer of the half-day; `admin` where it was signed on paper. */
  'attendance.seal': ['trainer', 'admin'],
  /** What is sealed is corrected beside it, with a reason. */
  'attendance.correct': ['admin'],
} as const satisfies PermissionTable
