export type SigningLinkTable = {
  id: string
  enrolmentId: string
  /** Null: for every half-day of the session. */
  slotId: string | null
  via: 'mail' | 'screen'
  /** The trainer on whose screen it was shown; null when mailed. */
  shownBy: string | null
  tokenHash: string | null
  createdAt: Temporal.Instant
  expiresAt: Temporal.Instant | null
  revokedAt: Temporal.Instant | null
}

export type SlotCodeTable = {
  slotId: string
  /** 32 bytes in base64url. */
  secret: string
  createdAt: Temporal.Instant
}

export type SlotCodeGuessTable = {
  slotId: string
  enrolmentId: string
  drainedAt: Temporal.Instant
}
