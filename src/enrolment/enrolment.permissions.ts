import type { PermissionTable } from '../platform/access.ts'

/** Of a session's enrolments; the verbs on the session itself are in planning's table. */
export const enrolmentPermissions = {
  /** For oneself: whoever may see the session. */
  'enrolment.create': ['public', 'self', 'trainer', 'ambassador', 'admin'],
  'enrolment.createForOthers': ['ambassador', 'admin'],
  'enrolment.list': ['trainer', 'ambassador', 'admin'],
  'enrolment.listOwn': ['signedIn'],
  'enrolment.read': ['self', 'ambassador', 'admin'],
  /** Health data in the making (GDPR art. 9): an admin is not enough. */
  'enrolment.readNeeds': ['self', 'disabilityContact'],
  'enrolment.change': ['admin'],
  'enrolment.cancel': ['self', 'ambassador', 'admin'],
  'enrolment.confirm': ['ambassador', 'admin'],
  'enrolment.refuse': ['ambassador', 'admin'],
  'enrolment.abandon': ['ambassador', 'admin'],
  /** Whoever has the secret address: calendar programs cannot sign in. */
  'calendarFeed.read': ['anyone'],
  'funding.read': ['admin'],
  'funding.write': ['admin'],
  'funderNotice.read': ['admin'],
  'funderNotice.tell': ['admin'],
} as const satisfies PermissionTable
