export const markStatuses = ['present', 'partial', 'absent'] as const
export type MarkStatus = (typeof markStatuses)[number]

export const reasonCodes = ['illness', 'work', 'transport', 'family', 'forceMajeure', 'unknown', 'other'] as const
export type ReasonCode = (typeof reasonCodes)[number]

/** How the minutes were attended: on site, remote in real time, or remote in one's own time (FOAD). */
export const attendanceKinds = ['onsite', 'synchronous', 'asynchronous'] as const
export type AttendanceKind = (typeof attendanceKinds)[number]
