import type { PermissionTable } from '../platform/access.ts'

export const compliancePermissions = {
  'bpf.read': ['admin'],
  'bpf.setInputs': ['admin'],
  'register.read': ['admin'],
} as const satisfies PermissionTable
