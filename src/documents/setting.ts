/** What blocks and figures are made with. */
import type { Doc, Tag } from './pdf.ts'
import type { Sheet } from './style.ts'

/** `width` is the room for them in points, `tag` what they are tagged in, `source` the Markdown they were read from. */
export type Setting = { doc: Doc; sheet: Sheet; width: number; tag: Tag; source: string }
