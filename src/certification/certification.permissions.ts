import type { PermissionTable } from '../platform/access.ts'

export const certificationPermissions = {
  'certificate.issue': ['ambassador', 'admin'],
  'certificate.list': ['ambassador', 'admin'],
  'certificate.listOwn': ['signedIn'],
  'certificate.read': ['self', 'ambassador', 'admin'],
  'certificate.revoke': ['admin'],
  'certificate.verify': ['anyone'],
} as const satisfies PermissionTable
