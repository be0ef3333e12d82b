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
  'link.request': ['anyone'],
  'link.use': ['anyone'],
  'password.change': ['signedIn'],
  'loginSession.list': ['signedIn'],
  'loginSession.end': ['signedIn'],
  'token.create': ['signedIn'],
  'token.list': ['signedIn'],
  'token.revoke': ['self', 'admin'],
  'calendarFeed.open': ['signedIn'],
  'calendarFeed.end': ['signedIn'],
  setup: ['anyone'],
} as const satisfies PermissionTable
