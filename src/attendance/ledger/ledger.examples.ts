/** Examples of the routes of the ledger: one learner marked in one half-day, and the checkpoint of the night after. */
import type { z } from '@hono/zod-openapi'
import { exampleIds as enrolmentIds } from '../../enrolment/enrolment.examples.ts'
import { exampleIds as peopleIds } from '../../people/people.examples.ts'
import { exampleIds as planningIds } from '../../planning/planning.examples.ts'
import type { exportAnswer, keysAnswer, verdictAnswer } from './ledger.schema.ts'

const keyId = '3f0f6c1d2b4a59687786a5b4c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f0'
const publicKey = 'CeKsdP53fzd7EQdFLy9RFL5y7oL_4ybKFmsnFM1vDi0'
const eventHash = '9c1185a5c5e9fc54612808977ee8f548b2258d31a6f1f7d0c3e9d7e0f5d2c1b0'
const checkpointHash = '22e97c5297bf9e8e40cc5b310f737a6f9c637bba505c77c885a584fdaa88acc4'
const previousHash = '0a54c3d2e1f00f1e2d3c4b5a69788796a5b4c3d2e1f03f0f6c1d2b4a59687786'
const signature = 'q0Yx7m4pUOaGJb1oQ2mWJZ0mJ3j1hF1rjXkq7yUe2c1kI3lq0Jb7V2b8Q5m9ZxT4a6c8E0g2I4k6M8o0Q2s4Ug'
const params = { id: planningIds.session }

const keys: z.output<typeof keysAnswer> = {
  ledger: keyId,
  keys: [
    {
      id: keyId,
      publicKey,
      createdAt: '2026-01-05T08:00:00Z',
      previousKeyId: null,
      isCurrent: true,
      body: `{"createdAt":"2026-01-05T08:00:00Z","format":1,"keyId":"${keyId}","kind":"key","previousKeyId":null,"publicKey":"${publicKey}"}`,
      signature,
      previousSignature: null,
    },
  ],
}

const verdict: z.output<typeof verdictAnswer> = {
  sessionId: planningIds.session,
  isUnaltered: true,
  fault: null,
  events: 1,
  head: { sequence: 1, hash: eventHash },
  checkpoint: { number: 2, createdAt: '2026-04-14T01:40:00Z', sequence: 1 },
  keyIds: [keyId],
}

const marked = {
  ...{ format: 2, kind: 'mark', id: '019d2f6a-6d2e-7c41-9d5b-0b8f5a1f6c11' },
  ...{ sessionId: planningIds.session, slotId: planningIds.morning, enrolmentId: enrolmentIds.enrolment },
  ...{ status: 'present', minutes: 210, recordedBy: peopleIds.memberAccount },
}

const exported: z.output<typeof exportAnswer> = {
  format: 1,
  kind: 'ledger-export',
  exportedAt: '2026-04-20T09:00:00Z',
  ledger: keyId,
  session: { id: planningIds.session, reference: 'LYO-2026-04' },
  head: { sequence: 1, hash: eventHash },
  events: [{ sequence: 1, previousHash, hash: eventHash, body: JSON.stringify(marked), keyId, signature }],
  payloads: null,
  keys: keys.keys,
  checkpoints: [
    {
      body: `{"format":1,"kind":"checkpoint","ledger":"${keyId}","sequence":2}`,
      hash: checkpointHash,
      signature,
      proof: { sequence: 1, hash: eventHash, path: [{ side: 'right' as const, hash: eventHash }] },
    },
  ],
}

export const ledgerExamples = {
  readKeys: { answer: keys },
  verifySession: { params, answer: verdict },
  exportLedger: { params, query: { payloads: 'false' as const }, answer: exported },
}
