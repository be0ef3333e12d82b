/** Examples of the routes of signing: one learner, one half-day, and the paper of another. */
import type { z } from '@hono/zod-openapi'
import { exampleIds as enrolmentIds } from '../../enrolment/enrolment.examples.ts'
import { exampleIds as peopleIds } from '../../people/people.examples.ts'
import { exampleIds as planningIds } from '../../planning/planning.examples.ts'
import type {
  paperSignaturesAnswer,
  scanAnswer,
  screenLinkAnswer,
  signatureAnswer,
  signingAnswer,
  slotCodeAnswer,
  slotSignaturesAnswer,
} from './signing.schema.ts'

export const exampleScanId = '0197f3a6-7e90-7c1d-8a4b-3f5d6e7c8b9a'
/** The end of every personal link in the examples; it opens nothing. */
export const exampleSigningToken = 'q3Zt8yNcL0wKx5Bv1RmJ7dHs2GpFe6uAaTiOoXlWnUE'

const strokes = [
  [120, 210, 180, 120, 240, 260, 300, 140, 360, 240],
  [420, 180, 520, 200, 640, 170],
]

const signature: z.output<typeof signatureAnswer> = {
  slotId: planningIds.morning,
  enrolmentId: enrolmentIds.enrolment,
  way: 'ownDevice',
  signedAt: '2026-04-13T10:21:07.482Z',
  deviceAt: '2026-04-13T10:21:05.1Z',
}

const listed = { ...signature, handedOverBy: null, scanId: null }

const signing: z.output<typeof signingAnswer> = {
  session: {
    id: planningIds.session,
    title: 'Éco-conception de services numériques',
    reference: 'ECO-2026-04',
    timeZone: 'Europe/Paris',
    place: '12 rue des Ateliers, Paris',
  },
  learner: { enrolmentId: enrolmentIds.enrolment, name: 'Maëlle Le Bihan' },
  slots: [
    {
      id: planningIds.morning,
      date: '2026-04-13',
      halfDay: 'morning',
      startTime: '09:00',
      endTime: '12:30',
      topic: 'Mesurer l’empreinte d’une page',
      state: 'toSign',
      signedAt: null,
    },
  ],
}

const qrSvg =
  '<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 45 45" shape-rendering="crispEdges">…</svg>'

const code: z.output<typeof slotCodeAnswer> = {
  code: '482016',
  url: `https://communs.example/signing/code?slot=${planningIds.morning}&code=482016`,
  qrSvg,
  nextCodeAt: '2026-04-13T10:21:20Z',
  validUntil: '2026-04-13T10:21:40Z',
}

const screenLink: z.output<typeof screenLinkAnswer> = {
  url: `https://communs.example/signing/${exampleSigningToken}`,
  qrSvg,
  expiresAt: '2026-04-13T10:31:07Z',
}

const signatures: z.output<typeof slotSignaturesAnswer> = { signatures: [listed], warnings: [] }

const deviceAt = '2026-04-13T10:21:05.1Z'
const slotParams = { id: planningIds.morning }
const sessionParams = { id: planningIds.session }
const enrolmentParams = { id: enrolmentIds.enrolment }
const tokenParams = { token: exampleSigningToken }

export const signingExamples = {
  signSlot: {
    params: slotParams,
    body: { enrolmentId: enrolmentIds.enrolment, strokes, deviceAt },
    answer: { ...signature, way: 'trainerDevice' as const },
  },
  listSignatures: { params: slotParams, answer: signatures },
  showCode: { params: slotParams, answer: code },
  readOwnSigning: { params: sessionParams, answer: signing },
  sendLinks: {
    params: sessionParams,
    body: { enrolmentIds: [enrolmentIds.enrolment] },
    answer: { sent: [enrolmentIds.enrolment], unreachable: [] },
  },
  showLink: { params: slotParams, body: { enrolmentId: enrolmentIds.enrolment }, answer: screenLink },
  revokeLinks: { params: enrolmentParams },
  readByLink: { params: tokenParams, answer: signing },
  signByLink: {
    params: tokenParams,
    body: { slotId: planningIds.morning, strokes, deviceAt },
    answer: signature,
  },
}

const scan: z.output<typeof scanAnswer> = {
  id: exampleScanId,
  sessionId: planningIds.session,
  slotIds: [planningIds.morning],
  sha256: '9f2c4b1e8d7a60535f1c2e9b8a7d6c5b4a39281706f5e4d3c2b1a09f8e7d6c5b',
  mediaType: 'application/pdf',
  size: 184_320,
  originalKeptAt: 'Classeur 2026, armoire du bureau de Lyon',
  uploadedAt: '2026-04-13T16:05:00Z',
  uploadedBy: peopleIds.memberAccount,
}

const onPaper: z.output<typeof paperSignaturesAnswer> = {
  signatures: [
    {
      ...signature,
      way: 'paper',
      signedAt: '2026-04-13T16:07:00Z',
      deviceAt: null,
      handedOverBy: peopleIds.trainer,
      scanId: exampleScanId,
    },
  ],
}

export const scanExamples = {
  upload: {
    params: sessionParams,
    query: { slotIds: planningIds.morning, originalKeptAt: scan.originalKeptAt },
    answer: scan,
  },
  read: { params: { id: exampleScanId }, answer: scan },
  readFile: { params: { id: exampleScanId } },
  readSignatures: {
    params: { id: exampleScanId },
    body: { signatures: [{ slotId: planningIds.morning, enrolmentId: enrolmentIds.enrolment }] },
    answer: onPaper,
  },
}
