export type LedgerCheckpointTable = {
  sequence: number
  createdAt: Temporal.Instant
  keyId: string
  /** Canonical JSON (RFC 8785) as the text that was hashed. */
  body: string
  previousHash: string
  hash: string
  signature: string
}

/** The head of a session as a checkpoint states it. */
export type LedgerCheckpointHeadTable = {
  checkpointSequence: number
  sessionId: string
  sequence: number
  hash: string
}
