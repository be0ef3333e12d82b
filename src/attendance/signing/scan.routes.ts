import { slotCancelled } from '../../planning/planning.problems.ts'
import { tagOfHash } from '../../platform/http/etag.ts'
import { answerFile } from '../../platform/http/file-answer.ts'
import { type Router, route } from '../../platform/http/router.ts'
import { sessionClosed, sessionNotHeld, sheetSealed, slotNotStarted } from '../attendance.problems.ts'
import { scanMediaTypes } from '../ledger/ledger-event.ts'
import { readPaperSignatures, readScan, readScanFile, uploadScan } from './scan.service.ts'
import { scanExamples as examples } from './signing.examples.ts'
import { signingPermissions as may } from './signing.permissions.ts'
import { scanExists } from './signing.problems.ts'
import {
  paperSignaturesAnswer,
  paperSignaturesInput,
  scanAnswer,
  scanFile,
  scanQuery,
} from './signing.schema.ts'

const tag = 'Signatures'

export function scanRoutes(router: Router): void {
  route(
    router,
    {
      method: 'post',
      path: '/api/sessions/{id}/scans',
      tag,
      summary: 'Attaches the scan of a sheet signed on paper («feuille d’émargement») to its half-days',
      access: may['scan.upload'],
      query: scanQuery,
      upload: scanFile,
      idempotent: true,
      status: 201,
      answer: scanAnswer,
      location: '/api/scans/{id}',
      problems: [slotNotStarted, slotCancelled, sheetSealed, sessionNotHeld, scanExists],
      example: examples.upload,
    },
    ({ ctx, params, query, upload }) => uploadScan(ctx, params.id, query, upload.bytes),
  )

  route(
    router,
    {
      method: 'get',
      path: '/api/scans/{id}',
      tag,
      summary: 'What is known of a scan: its half-days, who uploaded it, where the paper lies',
      access: may['scan.read'],
      answer: scanAnswer,
      alternates: scanMediaTypes.map((type) => ({ path: '/api/scans/{id}/file', type })),
      example: examples.read,
    },
    ({ ctx, params }) => readScan(ctx, params.id),
  )

  route(
    router,
    {
      method: 'get',
      path: '/api/scans/{id}/file',
      tag,
      summary: 'A scan as it was uploaded, byte by byte',
      access: may['scan.read'],
      produces: scanMediaTypes,
      isTagged: true,
      example: examples.readFile,
    },
    async ({ ctx, params, c }) => {
      const { scan, bytes } = await readScanFile(ctx, params.id)
      const { sha256, mediaType } = scan
      const name = `emargement-${scan.id}.${mediaType.split('/')[1]}`
      return answerFile(c, { tag: tagOfHash(sha256), mediaType, disposition: 'inline', name }, () => bytes)
    },
  )

  route(
    router,
    {
      method: 'post',
      path: '/api/scans/{id}/signatures',
      tag,
      summary:
        'Says which signatures a scanned paper bears: read by a trainer or an admin, not signed by them',
      access: may['scan.upload'],
      body: paperSignaturesInput,
      idempotent: true,
      answer: paperSignaturesAnswer,
      problems: [sheetSealed, sessionNotHeld, sessionClosed, slotNotStarted, slotCancelled],
      example: examples.readSignatures,
    },
    async ({ ctx, params, body }) => ({ signatures: await readPaperSignatures(ctx, params.id, body) }),
  )
}
