/** What `preau verify` says of evidence that is not as Préau wrote it. */
export type Alteration = {
  kind:
    | 'attendance'
    | 'document'
    | 'numbers'
    | 'file'
    | 'reference'
    | 'trigger'
    | 'audit'
    | 'key'
    | 'checkpoint'
  /** Of the session, document, file, key or row; the number of a checkpoint. */
  id: string
  /** As people know it: a session's reference, a certificate's number. */
  reference: string | null
  code: string
  /** The event with which it begins; null where it is in no event. */
  sequence: number | null
  detail: string
}

/** Takes alterations one by one as they are found, since nobody knows how many there are. */
export type OnAlteration = (alteration: Alteration) => void
