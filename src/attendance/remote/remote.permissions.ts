import type { PermissionTable } from '../../platform/access.ts'

export const remotePermissions = {
  /** Logs name strangers too. */
  'connections.read': ['trainer', 'ambassador', 'admin'],
  'connections.add': ['trainer', 'ambassador', 'admin'],
  /** Learners declare their own work; it counts once a trainer or an admin has looked at it. */
  'activity.record': ['self', 'trainer', 'admin'],
  'activity.readAll': ['trainer', 'ambassador', 'admin'],
  'activity.read': ['self', 'trainer', 'ambassador', 'admin'],
} as const satisfies PermissionTable
