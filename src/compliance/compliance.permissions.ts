import type { PermissionTable } from '../platform/access.ts'

export const compliancePermissions = {
  'bpf.read': ['admin'],
  'bpf.setInputs': ['admin'],
  'register.read': ['admin'],
  'audit.read': ['admin'],
  'audit.export': ['admin'],
} as const satisfies PermissionTable
