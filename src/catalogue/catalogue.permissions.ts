import type { PermissionTable } from '../platform/access.ts'

/** `ambassador`: of any chapter, since trainings belong to none. */
export const cataloguePermissions = {
  'training.create': ['admin'],
  'training.change': ['admin'],
  'training.publish': ['admin'],
  'training.read': ['ambassador', 'admin'],
  'catalogue.read': ['anyone'],
} as const satisfies PermissionTable
