import type { PermissionTable } from '../../platform/access.ts'

/** What is on such a paper may be somebody’s illness (GDPR art. 9): neither trainers nor ambassadors see it. */
export const justificationPermissions = {
  'justification.upload': ['self', 'admin'],
  'justification.read': ['self', 'admin'],
  'justification.decide': ['admin'],
} as const satisfies PermissionTable
