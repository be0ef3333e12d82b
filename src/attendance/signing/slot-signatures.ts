/** The signatures of a half-day as the trainer sees them, with those that are too much alike. */
import type { Ctx } from '../../platform/ctx.ts'
import { findSlotTo } from '../slot-access.ts'
import { listSignatures, type SignatureRow } from './signature.queries.ts'
import { signingPermissions as may } from './signing.permissions.ts'
import { isSameDrawing } from './strokes.ts'

type StrokesWarning = {
  kind: 'same-strokes' | 'repeated-strokes'
  enrolmentIds: string[]
  slotIds: string[]
}

/** In the order in which they were made. Throws 401, 403 and 404. */
export async function listSlotSignatures(
  ctx: Ctx,
  slotId: string,
): Promise<{ signatures: SignatureRow[]; warnings: StrokesWarning[] }> {
  const { session } = await findSlotTo(ctx, slotId, may['signature.list'])
  const ofSession = await listSignatures(ctx.db, { sessionId: session.id })
  return {
    signatures: ofSession.filter((signature) => signature.slotId === slotId),
    warnings: strokesWarnings(slotId, ofSession),
  }
}

type Drawn = Pick<SignatureRow, 'slotId' | 'enrolmentId' | 'fingerprint'>

/**
 * Which drawings of a half-day are also elsewhere in its session: under another name, or again under the same one. No
 * hand draws twice alike.
 */
function strokesWarnings(slotId: string, ofSession: readonly Drawn[]): StrokesWarning[] {
  const told = new Set<Drawn>()
  return ofSession.flatMap((one) => {
    if (one.slotId !== slotId || one.fingerprint === null || told.has(one)) return []
    const alike = ofSession.filter(
      ({ fingerprint }) => fingerprint !== null && isSameDrawing(fingerprint, one.fingerprint ?? ''),
    )
    for (const other of alike) told.add(other)
    if (alike.length < 2) return []
    const enrolmentIds = [...new Set(alike.map(({ enrolmentId }) => enrolmentId))]
    const slotIds = [...new Set(alike.map((other) => other.slotId))]
    return [{ kind: enrolmentIds.length > 1 ? 'same-strokes' : 'repeated-strokes', enrolmentIds, slotIds }]
  })
}
