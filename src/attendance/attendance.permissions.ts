import type { PermissionTable } from '../platform/access.ts'

export const attendancePermissions = {
  /** On a closed session `admin` alone, with a reason. */
  'attendance.mark': ['trainer', 'admin'],
  'attendance.read': ['trainer', 'ambassador', 'admin'],
} as const satisfies PermissionTable
