/** The keys that attendance is signed with: changed while people sign, on several machines, lost, and backed up apart. */
import { copyFileSync, existsSync, mkdirSync, readdirSync, readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { listEvents } from '../../../src/attendance/ledger/ledger.queries.ts'
import { introduceKey, verifyKeys } from '../../../src/attendance/ledger/ledger-key.ts'
import { holdLedgerKey, rotateKey } from '../../../src/attendance/ledger/ledger-keys.ts'
import { verifySessionLedger } from '../../../src/attendance/ledger/ledger-verification.ts'
import { backup } from '../../../src/commands/backup.ts'
import { createKey, listKeys, rotate } from '../../../src/commands/keys.ts'
import { restore } from '../../../src/commands/restore.ts'
import { verify } from '../../../src/commands/verify.ts'
import { readConfig } from '../../../src/config.ts'
import { folderKeyring, memoryKeyring, type Signer } from '../../../src/platform/keyring.ts'
import { type Caller, type TestApp, testApp } from '../../support/app.ts'
import { databaseOfPlainOwner } from '../../support/evidence.ts'
import { ledgerKeyPem } from '../../support/ledger-key.ts'
import { newTestFolder, removeTestFolder } from '../../support/test-folder.ts'
import { addSession, describeOrganisation } from '../../support/world.ts'
import { mark } from '../sealing-world.ts'

let app: TestApp
let admin: Caller
const folder = newTestFolder()

beforeAll(async () => {
  mkdirSync(folder)
  app = await testApp({ now: '2026-03-02T17:00:00Z', maxConnections: 12 })
  admin = await app.signIn('admin')
  await describeOrganisation(app)
})
afterAll(async () => {
  await app.close()
  removeTestFolder(folder)
})

const at = Temporal.Instant.from('2026-03-02T17:00:00Z')
const idsOf = (keys: ReadonlyMap<string, string>) => [...keys.keys()]

/** Two keys, of which the second may be introduced by the first, or follow it after it was lost. */
function line(isLost = false) {
  const ring = memoryKeyring()
  const [first, second] = [ring.create(), ring.create()] as [Signer, Signer]
  const rows = [
    introduceKey(first, at, undefined),
    introduceKey(second, at, { keyId: first.keyId, signer: isLost ? undefined : first }),
  ]
  return { first, second, rows }
}

describe('a key is believed', () => {
  it('when one that is kept outside introduced it, or was introduced by it', () => {
    const { first, second, rows } = line()
    for (const held of [first, second])
      expect(verifyKeys(rows, new Set([held.keyId]))).toMatchObject({ faults: [], afterLoss: [] })
  })

  it('after the one before was lost, when it is itself kept outside', () => {
    const { first, second, rows } = line(true)
    const known = verifyKeys(rows, new Set([second.keyId]))
    expect(known).toMatchObject({ faults: [], afterLoss: [second.keyId] })
    const unknown = verifyKeys(rows, new Set([first.keyId]))
    expect(unknown.faults).toMatchObject([{ keyId: second.keyId, code: 'key-not-vouched-for' }])
    expect(idsOf(unknown.believed)).toEqual([first.keyId])
  })

  it('where none is kept, as far as the line holds together', () => {
    const { rows } = line()
    expect(verifyKeys(rows, new Set())).toMatchObject({ faults: [] })
    const broken = rows.map((row) => ({ ...row, previousSignature: row.previousSignature && 'A'.repeat(86) }))
    expect(verifyKeys(broken, new Set()).faults).toMatchObject([{ code: 'key-not-introduced' }])
  })
})

describe('changing the key', () => {
  it('while people sign loses nothing, and no event of the old key comes after it', async () => {
    const sessions = []
    for (let n = 0; n < 6; n++) sessions.push(await addSession(app, { learners: 3 }))
    const marks = sessions.flatMap((held) =>
      [0, 1, 2].map((index) =>
        admin.put(`/api/slots/${held.slots[0]?.id}/attendance`, {
          marks: [{ enrolmentId: held.learners[index]?.enrolmentId, status: 'present' }],
        }),
      ),
    )
    const [{ from, to }, ...answers] = await Promise.all([rotateKey(app.system, { isLost: false }), ...marks])
    expect(answers.map(({ status }) => status)).toEqual(marks.map(() => 200))
    for (const held of sessions) {
      await mark(admin, held, [{ status: 'absent', reasonCode: 'other' }])
      expect(await verifySessionLedger(app.deps.db, held.id, [from, to])).toBeUndefined()
      expect((await listEvents(app.deps.db, held.id)).at(-1)?.keyId).toBe(to)
    }
  })

  it('elsewhere stops whoever lacks it with 503 until it is brought, without a restart', async () => {
    const held = await addSession(app)
    const keysHere = join(folder, 'here')
    const { keyring } = app.deps
    const { to } = await rotateKey(app.system, { isLost: false })
    const here = folderKeyring(keysHere)
    app.deps.keyring = here
    expect(await holdLedgerKey({ ...app.system, keyring: here })).toBe(false)
    const refused = await mark(admin, held, [{ status: 'present' }])
    expect(refused).toMatchObject({ status: 503, body: { code: 'attendance/ledger-key-missing' } })
    folderKeyring(keysHere).add(keyring.pemOf(to) ?? '')
    expect((await mark(admin, held, [{ status: 'present' }])).status).toBe(200)
    app.deps.keyring = keyring
  })

  it('to one that every machine was given first', async () => {
    const lines: string[] = []
    const config = { ...configOf('given'), ledgerKey: currentPem() }
    createKey(config, (line) => lines.push(line), true)
    const { id, file } = JSON.parse(lines.pop() ?? '')
    expect(statSync(file).mode & 0o777).toBe(0o600)
    await rotate(config, (line) => lines.push(line), { to: id, isLost: false, removesOld: true, json: true })
    expect(JSON.parse(lines.pop() ?? '')).toMatchObject({
      to: id,
      checkpoint: expect.stringContaining('checkpoints'),
    })
    await listKeys(config, (line) => lines.push(line), true)
    const { keys } = JSON.parse(lines.pop() ?? '')
    expect(keys.at(-1)).toMatchObject({ id, isCurrent: true, isHere: true })
    app.deps.keyring.add(readFileSync(file, 'utf8'))
  })

  it('is refused where the current one is not, unless it is said to be lost', async () => {
    const config = configOf('without')
    const rotateHere = (isLost: boolean) =>
      rotate(config, () => {}, { isLost, removesOld: false, json: true })
    await expect(rotateHere(false)).rejects.toThrow('is not here')
    expect(readdirSync(join(folder, 'without', 'keys'))).toEqual([])
    await expect(rotateKey(app.system, { isLost: true })).rejects.toThrow('rotate without --lost')
  })
})

describe('the private keys in a backup', () => {
  it('lie in a file of their own, come back with it, and are not needed to prove what it holds', async () => {
    const held = await addSession(app)
    await mark(admin, held, [{ status: 'present' }])
    const file = join(folder, 'backup.zip')
    const config = { ...configOf('given'), ledgerKey: undefined }
    const lines: string[] = []
    await backup(config, (line) => lines.push(line), { file, force: false, json: true })
    const { keys } = JSON.parse(lines.pop() ?? '')
    expect(keys).toBe(`${file}.keys.pem`)
    expect(statSync(keys).mode & 0o777).toBe(0o600)
    expect(readFileSync(file).includes('PRIVATE KEY')).toBe(false)

    const options = { file, demonstration: false, acceptAlterations: false, json: true }
    for (const [name, given] of [
      ['restored', {}],
      ['bare', { file: join(folder, 'alone.zip') }],
    ] as const) {
      const target = { ...configOf(name), databaseUrl: await databaseOfPlainOwner() }
      if ('file' in given) copyFileSync(file, given.file)
      await restore(target, (line) => lines.push(line), { ...options, ...given })
      const said = JSON.parse(lines.pop() ?? '')
      expect(said).toMatchObject(name === 'bare' ? { keys: 0, lacksKey: true } : { keys: 1, lacksKey: false })
      expect(existsSync(join(folder, name, 'keys'))).toBe(name === 'restored')
      expect(await verify(target, (line) => lines.push(line), { json: false })).toBe(true)
      const doubt = lines.some((line) => line.includes('could vouch for the keys'))
      expect(doubt).toBe(name === 'bare')
    }
  })
})

/** A machine of its own on the same database. */
function configOf(name: string) {
  return readConfig({ DATABASE_URL: app.url, PREAU_DATA_DIR: join(folder, name) })
}

/** All the keys that the application of this test holds, as a configuration gives them. */
function currentPem(): string {
  const { keyring } = app.deps
  return [ledgerKeyPem, ...keyring.keyIds().map((id) => keyring.pemOf(id) ?? '')].join('\n')
}
