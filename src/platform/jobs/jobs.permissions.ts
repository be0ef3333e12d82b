import type { PermissionTable } from '../access.ts'

export const jobsPermissions = {
  /** Self: who asked for it. */
  'job.read': ['self', 'admin'],
  'job.list': ['admin'],
} as const satisfies PermissionTable
