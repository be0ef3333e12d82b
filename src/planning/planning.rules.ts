/** Rules of planning without any I/O: which moves of a session's state exist, where a half-day lies. */
import type { SessionStatus } from './planning.schema.ts'

/** The states of a session and the moves between them; `closed → open` is an admin's, with a reason. */
export const sessionMoves = {
  draft: ['open', 'cancelled'],
  open: ['closed', 'cancelled'],
  closed: ['open'],
  cancelled: [],
} as const satisfies Record<SessionStatus, readonly SessionStatus[]>

export function canMove(from: SessionStatus, to: SessionStatus): boolean {
  return (sessionMoves[from] as readonly SessionStatus[]).includes(to)
}
