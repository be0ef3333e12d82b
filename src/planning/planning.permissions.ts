import type { PermissionTable } from '../platform/access.ts'

export const planningPermissions = {
  /** Of those that one may read. */
  'session.list': ['signedIn'],
  /** Learners of the session are `self`, its trainers `trainer`; `public` only once it is open. */
  'session.read': ['public', 'self', 'trainer', 'ambassador', 'admin'],
  /** The address of the virtual room is for those who take part: of the learners, those who have a seat. */
  'session.readRemoteUrl': ['self', 'trainer', 'ambassador', 'admin'],
  /** It may speak of a person: learners are told why a session was cancelled, not why it was opened again. */
  'session.readStatusReason': ['self', 'trainer', 'ambassador', 'admin'],
  /** Who gave the session out or ordered it, and why the BPF leaves it out: business of the organisation. */
  'session.readBusiness': ['trainer', 'ambassador', 'admin'],
  'session.create': ['ambassador', 'admin'],
  'session.change': ['ambassador', 'admin'],
  'session.open': ['ambassador', 'admin'],
  'session.close': ['ambassador', 'admin'],
  'session.cancel': ['ambassador', 'admin'],
  'session.reopen': ['admin'],
} as const satisfies PermissionTable
