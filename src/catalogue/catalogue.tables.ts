import type { ColumnType } from 'kysely'
import type { Entity } from '../platform/db/columns.ts'
import type {
  ActionKind,
  Activity,
  CertificationLevel,
  Modality,
  Objective,
  Register,
  TrainingStatus,
} from './catalogue.schema.ts'

export type CertificationTable = {
  id: string
  register: Register
  code: string
  title: string
  certifier: string
  level: CertificationLevel | null
}

export type TrainingTable = Entity & {
  code: string
  status: TrainingStatus
  publishedVersionId: string | null
}

export type TrainingVersionTable = {
  id: string
  trainingId: string
  number: number
  publishedAt: Temporal.Instant | null
  title: string
  objectives: string[]
  prerequisites: string | null
  audience: string | null
  content: string | null
  methods: string | null
  assessmentMethods: string | null
  accessibility: string | null
  accessDelay: string | null
  durationMinutes: number | null
  priceCents: number | null
  modality: Modality | null
  nsfCode: string | null
  objective: Objective | null
  actionKind: ActionKind
  domain: string | null
  certificationId: string | null
  /** As `Json`; absent: none. */
  activities: ColumnType<Activity[], string | undefined, string>
}

/** Kept by triggers; null where nobody searches: unpublished, archived. */
export type TrainingSearchTable = {
  trainingId: string
  published: string | null
  edited: string | null
}

/** Every word of every training; kept by triggers. */
export type TrainingWordTable = {
  word: string
}
