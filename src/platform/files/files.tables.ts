export type StoredFileTable = {
  sha256: string
  mediaType: string
  size: number
  bytes: Buffer
  createdAt: Temporal.Instant
}
