import type { PermissionTable } from '../platform/access.ts'

export const organisationPermissions = {
  'organisation.read': ['signedIn'],
  'organisation.write': ['admin'],
  'chapter.list': ['anyone'],
  'chapter.create': ['admin'],
  'client.read': ['admin'],
  'client.write': ['admin'],
} as const satisfies PermissionTable
