import type { PermissionTable } from '../access.ts'

export const mailPermissions = {
  'mail.list': ['admin'],
  'mail.sendAgain': ['admin'],
} as const satisfies PermissionTable
