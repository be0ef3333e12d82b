import type { PermissionTable } from '../platform/access.ts'

export const peoplePermissions = {
  'person.create': ['admin'],
  'person.list': ['ambassador', 'admin'],
  'person.read': ['self', 'ambassador', 'admin'],
  'person.change': ['self', 'admin'],
  'account.read': ['admin'],
  'account.write': ['admin'],
  login: ['anyone'],
  logout: ['signedIn'],
  'me.read': ['signedIn'],
  'token.create': ['signedIn'],
  setup: ['anyone'],
} as const satisfies PermissionTable
