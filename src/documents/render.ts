/** The door to printed documents: a frozen model and a template in, the bytes of a PDF out. */
import { createHash } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { certificateModel } from './certificate.model.ts'

export type DocumentKind = 'certificate'
type RenderedDocument = { bytes: Uint8Array; sha256: string }

const models = { certificate: certificateModel } as const satisfies Record<DocumentKind, unknown>

/**
 * Draws a document. The same model and template give the same bytes, whenever and in whatever process. `sha256` is
 * that of the bytes, in hex.
 * @throws a ZodError when the model is not one of its kind; an error naming the template and the line when the
 * template asks for what the model has not, or for what cannot be printed.
 */
export async function renderDocument(input: {
  kind: DocumentKind
  templateSource: string
  model: unknown
}): Promise<RenderedDocument> {
  const model = models[input.kind].parse(input.model)
  // Loaded at the first document: a process that prints none starts without pdfkit.
  const [{ fillTemplate }, { drawPdf }] = await Promise.all([import('./template.ts'), import('./layout.ts')])
  try {
    const bytes = await drawPdf(fillTemplate(input.templateSource, model), new Date(model.issuedAt))
    return { bytes, sha256: sha256(bytes) }
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : String(cause)
    throw new Error(`${input.kind}.md: ${reason}`, { cause })
  }
}

/** The template of a kind as it is in `templates/documents/` now; its version is the SHA-256 of the file, in hex. */
export function loadTemplate(kind: DocumentKind): { source: string; version: string } {
  const file = readFileSync(new URL(`../../templates/documents/${kind}.md`, import.meta.url))
  return { source: file.toString('utf8'), version: sha256(file) }
}

function sha256(bytes: Uint8Array): string {
  return createHash('sha256').update(bytes).digest('hex')
}
