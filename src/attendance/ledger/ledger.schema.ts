import { z } from '@hono/zod-openapi'
import { idAnswer } from '../../platform/http/entity.ts'
import { instant } from '../../platform/text.ts'

const help = {
  ledger: 'Which ledger this is: the id of its first key.',
  keyId: 'SHA-256 of the public key, in hex.',
  publicKey: 'Ed25519 (RFC 8032), 32 bytes in base64url.',
  body: 'Canonical JSON (RFC 8785): the text that was hashed.',
  signature: 'Ed25519, in base64url.',
}

const sha256 = (description: string) => z.string().describe(description)
const signature = (description = help.signature) => z.string().describe(description)

const keyAnswer = z
  .object({
    id: sha256(help.keyId),
    publicKey: z.string().describe(help.publicKey),
    createdAt: instant(),
    previousKeyId: sha256('Whose place it took; null for the first.').nullable(),
    isCurrent: z.boolean().describe('Events are signed with it now.'),
    body: z.string().describe(help.body),
    signature: signature('Its own, over `preau ledger key`, a line break and the body.'),
    previousSignature: signature(
      'That of its predecessor over the same; null where that was lost.',
    ).nullable(),
  })
  .openapi('LedgerKey')

export const keysAnswer = z
  .object({
    ledger: sha256(help.ledger).nullable(),
    keys: z.array(keyAnswer).describe('In the order in which they followed each other.'),
  })
  .openapi('LedgerKeys')

const linkAnswer = z.object({
  sequence: z.int().describe('The place of the event in the ledger.'),
  hash: sha256('SHA-256, in hex.'),
})

export const verdictAnswer = z
  .object({
    sessionId: idAnswer(),
    isUnaltered: z.boolean().describe('Whether nothing was found wrong.'),
    fault: z
      .object({
        code: z.string().describe('What kind of thing is wrong, such as `wrong-hash`.'),
        sequence: z
          .int()
          .nullable()
          .describe('The first event that is wrong; null where the fault is in none.'),
        detail: z.string().describe('In words.'),
      })
      .nullable(),
    events: z.int().describe('How many there are.'),
    head: linkAnswer.nullable().describe('Its last event; null before the first.'),
    checkpoint: z
      .object({
        number: z.int().describe('Checkpoints are numbered from 1 on.'),
        createdAt: instant(),
        sequence: z.int().describe('The last event that it covers.'),
      })
      .nullable()
      .describe('The last checkpoint that covers events of this session.'),
    keyIds: z.array(sha256(help.keyId)).describe('With which its events are signed.'),
  })
  .openapi('LedgerVerdict')

export const exportQuery = z.strictObject({
  payloads: z
    .enum(['true', 'false'])
    .default('false')
    .describe('Also what is personal beside the events; for admins.'),
})

const exportedEvent = z.object({
  sequence: z.int().describe('Its place in the ledger, from 1 on.'),
  previousHash: sha256('Of the event before.'),
  hash: sha256('SHA-256 over the hash before, a line break and the body.'),
  body: z.string().describe(help.body),
  keyId: sha256(help.keyId).nullable(),
  signature: signature(
    'Over `preau attendance event`, a line break and the hash; null before there were keys.',
  ).nullable(),
})

const exportedCheckpoint = z.object({
  body: z.string().describe(help.body),
  hash: sha256('SHA-256 over the body.'),
  signature: signature('Over `preau ledger checkpoint`, a line break and the hash.'),
  proof: z
    .object({
      sequence: z.int().describe('Of the event.'),
      hash: z.string().describe('Of the event.'),
      path: z.array(
        z.object({
          side: z.enum(['left', 'right']).describe('On which side of ours it stands.'),
          hash: z.string().describe('The other half of the node above.'),
        }),
      ),
    })
    .nullable()
    .describe(
      'That the checkpoint has this event of the session: the way to its root. Null where it has none.',
    ),
})

export const exportAnswer = z
  .object({
    format: z.literal(1).describe('Of this file.'),
    kind: z.literal('ledger-export').describe('What this file is.'),
    exportedAt: instant(),
    ledger: sha256(help.ledger).nullable(),
    session: z.object({ id: idAnswer(), reference: z.string().describe('As people know it.') }),
    head: linkAnswer.nullable(),
    events: z.array(exportedEvent),
    payloads: z
      .array(
        z.object({
          eventId: idAnswer(),
          salt: z.string().describe('What the hash in the event begins with.'),
          content: z.record(z.string(), z.unknown()).describe('What is hashed, as canonical JSON.'),
        }),
      )
      .nullable()
      .describe('Null unless asked for; what retention has deleted is not among them.'),
    keys: z.array(keyAnswer),
    checkpoints: z
      .array(exportedCheckpoint)
      .describe('From the first that covers events of this session to the last.'),
  })
  .openapi('LedgerExport')
