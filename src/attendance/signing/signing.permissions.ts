import type { PermissionTable } from '../../platform/access.ts'

/** Nobody signs for another person, and an admin for nobody at all; a trainer hands over a device, and says so. */
export const signingPermissions = {
  'attendance.sign': ['self'],
  'attendance.handOver': ['trainer'],
  'signature.list': ['trainer', 'ambassador', 'admin'],
  'signingLink.send': ['trainer', 'ambassador', 'admin'],
  'signingLink.revoke': ['trainer', 'ambassador', 'admin'],
  'signingLink.show': ['trainer'],
  /** Who holds the link is believed to be its learner. */
  'signingLink.use': ['anyone'],
  'slotCode.show': ['trainer'],
  /** What is on paper is read, not signed. */
  'scan.upload': ['trainer', 'admin'],
  'scan.read': ['trainer', 'ambassador', 'admin'],
} as const satisfies PermissionTable
