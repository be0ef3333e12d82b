export type IdempotencyKeyTable = {
  accountId: string
  route: string
  keyHash: string
  requestHash: string
  answer: string | null
  createdAt: Temporal.Instant
}
