/** `preau keys`: which keys attendance is signed with, and the change to another. */
import { join, resolve } from 'node:path'
import { writeCheckpointFile } from '../attendance/ledger/ledger-checkpoint.files.ts'
import { readLastCheckpoint } from '../attendance/ledger/ledger-checkpoint.service.ts'
import { type Rotation, rotateKey } from '../attendance/ledger/ledger-keys.ts'
import { readKeys } from '../attendance/ledger/ledger-signatories.ts'
import type { Config } from '../config.ts'
import { systemCtx } from '../deps.ts'
import { folderKeyring, type Keyring } from '../platform/keyring.ts'
import { defaultDataDirectory, openRuntime, type Say } from './runtime.ts'

/** The first one first; the last one signs. */
export async function listKeys(config: Config, say: Say, json: boolean): Promise<void> {
  const { deps, close } = await openRuntime(config)
  try {
    const { line } = await readKeys(deps.db, [])
    const keys = line.map(({ id, createdAt, previousSignature, previousKeyId }, index) => ({
      id,
      createdAt: createdAt.toString(),
      isCurrent: index === line.length - 1,
      isHere: deps.keyring.signer(id) !== undefined,
      isAfterLoss: previousKeyId !== null && previousSignature === null,
    }))
    if (json) return say(JSON.stringify({ keys }))
    if (keys.length === 0) say('There is no key yet: the first start of `preau serve` makes it')
    for (const key of keys)
      say(
        [
          key.id,
          key.createdAt,
          ...(key.isCurrent ? ['current'] : []),
          ...(key.isHere ? [] : ['its private key is not here']),
          ...(key.isAfterLoss ? ['the one before was lost'] : []),
        ].join('  '),
      )
  } finally {
    await close()
  }
}

/** Needs no database: the key is nobody's until `rotate` introduces it. */
export function createKey(config: Config, say: Say, json: boolean): void {
  const folder = keyFolder(config)
  const { keyId, publicKey } = folderKeyring(folder).create()
  const file = join(folder, `${keyId}.pem`)
  const lines = [
    `${file}: a new private key, not in use yet`,
    `Copy it to every machine that records attendance, then: npm run preau -- keys rotate --to ${keyId}`,
  ]
  say(json ? JSON.stringify({ id: keyId, publicKey, file }) : lines.join('\n'))
}

/**
 * Changes to another key, and writes the checkpoint that it opens with. Throws an error for people where the current key
 * is not here.
 */
export async function rotate(
  config: Config,
  say: Say,
  { removesOld, json, ...rotation }: Rotation & { removesOld: boolean; json: boolean },
): Promise<void> {
  const { deps, close } = await openRuntime(config)
  try {
    const ctx = systemCtx(deps, 'keys')
    const { from, to } = await rotateKey(ctx, rotation)
    const last = await readLastCheckpoint(ctx)
    const folder = resolve(config.dataDirectory ?? defaultDataDirectory, 'checkpoints')
    const checkpoint = last && (await writeCheckpointFile(folder, last))
    if (removesOld) remove(deps.keyring, from)
    if (json) return say(JSON.stringify({ from, to, checkpoint: checkpoint ?? null }))
    say(`${to} signs from now on, in the place of ${from}`)
    say(`${checkpoint}: the checkpoint that it opened with`)
    say('Every other machine needs its file from the folder keys/ now; and make a backup')
  } finally {
    await close()
  }
}

function remove(keyring: Keyring, keyId: string): void {
  if (keyring.given?.keyId === keyId) return // it is in the configuration, where people take it away
  keyring.discard(keyId)
}

function keyFolder({ dataDirectory }: Config): string {
  return resolve(dataDirectory ?? defaultDataDirectory, 'keys')
}
