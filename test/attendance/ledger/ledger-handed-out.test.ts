/** What leaves Préau of the ledgers: checkpoints by mail and file, receipts of seals, exports, public keys. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { globSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { canonicalJson, genesis, signedText } from '../../../src/attendance/ledger/ledger.ts'
import { checkpointWhenMoved } from '../../../src/attendance/ledger/ledger-checkpoint.service.ts'
import { introduceKey } from '../../../src/attendance/ledger/ledger-key.ts'
import { rotateKey } from '../../../src/attendance/ledger/ledger-keys.ts'
import { readStatements } from '../../../src/attendance/ledger/ledger-statement.ts'
import { verify } from '../../../src/commands/verify.ts'
import { readConfig } from '../../../src/config.ts'
import { buildJobs } from '../../../src/jobs.ts'
import { sha256Hex } from '../../../src/platform/files/files.ts'
import { memoryKeyring } from '../../../src/platform/keyring.ts'
import { fileTransport } from '../../../src/platform/mail/mail-files.ts'
import type { Caller, TestApp } from '../../support/app.ts'
import { testApp } from '../../support/app.ts'
import { ledgerKeyPem } from '../../support/ledger-key.ts'
import { newTestFolder, removeTestFolder } from '../../support/test-folder.ts'
import { sendNow } from '../../support/worker.ts'
import { addSession, describeOrganisation, type WorldSession } from '../../support/world.ts'
import { mark, sealSlot } from '../sealing-world.ts'

let app: TestApp
let admin: Caller
let trainer: Caller
let held: WorldSession
const folder = newTestFolder()
const mails = join(folder, 'mails')

beforeAll(async () => {
  mkdirSync(folder)
  app = await testApp({ now: '2026-03-02T17:00:00Z' })
  admin = await app.signIn('admin')
  trainer = await app.signIn('trainer')
  await describeOrganisation(app)
  const { email } = (await admin.get(`/api/people/${trainer.personId}`)).body
  expect(email).toBeTruthy()
  held = await addSession(app, { trainer, learners: 3 })
  await addSession(app, { learners: 1 })
  await sealSlot(trainer, held)
  await mark(admin, held, [{ status: 'absent', reasonCode: 'illness', note: 'Fièvre «forte»' }], 1)
  for (let others = 0; others < 4; others++)
    await mark(admin, await addSession(app, { learners: 1 }), [{ status: 'present' }])
})
afterAll(async () => {
  await app.close()
  removeTestFolder(folder)
})

const configHere = () =>
  readConfig({ DATABASE_URL: app.url, PREAU_DATA_DIR: folder, PREAU_LEDGER_KEY: ledgerKeyPem })

/** The night’s job, as a worker does it. */
async function night(): Promise<void> {
  const transport = fileTransport(mails)
  const checkpointFolder = join(folder, 'checkpoints')
  const jobs = buildJobs({ transport, from: undefined, checkpointFolder })
  const job = jobs.find(({ kind }) => kind === 'checkpoint')
  const { signal } = new AbortController()
  expect(await job?.work(app.system, { id: crypto.randomUUID(), isLastTry: true, signal })).toEqual({
    state: 'done',
  })
}

/** Sends what waits of this template; the files of all mails of it. */
async function mailsOf(template: string): Promise<string[]> {
  const waiting = await app.deps.db
    .selectFrom('outgoingMail')
    .select('id')
    .where('template', '=', template as 'seal-receipt')
    .where('state', '=', 'queued')
    .execute()
  for (const { id } of waiting) await sendNow(app, id, { transport: fileTransport(mails) })
  return globSync(`*-${template}-*.eml`, { cwd: mails }).map((name) => join(mails, name))
}

const checkpointFiles = () =>
  globSync('checkpoints/*/*.json', { cwd: folder })
    .sort()
    .map((name) => join(folder, name))

async function tampered(change: string): Promise<void> {
  await app.deps.db.transaction().execute(async (trx) => {
    await sql`set local session_replication_role = replica`.execute(trx)
    await sql.raw(change).execute(trx)
  })
}

describe('a checkpoint', () => {
  it('is made of a night in which something moved, mailed to the organisation and written into the folder', async () => {
    await night()
    const [mail = ''] = await mailsOf('ledger-checkpoint')
    const [file = ''] = checkpointFiles()
    const [mailed, written] = [mail, file].map((path) => readStatements(readFileSync(path, 'utf8'))?.[0])
    expect(mailed?.statement).toEqual(written?.statement)
    expect(written).toMatchObject({ statement: { kind: 'checkpoint', sequence: 2, heads: { count: 5 } } })
    expect(readFileSync(mail, 'utf8')).toMatch(/^To: contact@/m)
    await night()
    expect(checkpointFiles()).toHaveLength(1)
    expect(await mailsOf('ledger-checkpoint')).toHaveLength(1)
  })

  it('states the sessions that have moved since the one before, and no others', async () => {
    await mark(admin, held, [{ status: 'present' }], 1)
    await night()
    const [, file = ''] = checkpointFiles()
    expect(readStatements(readFileSync(file, 'utf8'))?.[0]?.heads?.map(({ sessionId }) => sessionId)).toEqual(
      [held.id],
    )
  })

  it('is refused once a letter of it was changed, and read however a mail program has quoted and wrapped it', async () => {
    const [mail = ''] = await mailsOf('ledger-checkpoint')
    const whole = readFileSync(mail, 'utf8')
    const plain = whole.replaceAll(/=\r?\n/g, '').replaceAll('\r', '')
    const quoted = plain.replaceAll(/(.{60})/g, '$1\n').replaceAll(/^/gm, '> ')
    const read = readStatements(whole)
    expect(read).toHaveLength(1)
    expect(readStatements(plain)).toEqual(read)
    expect(readStatements(quoted)).toEqual(read)
    expect(readStatements(plain.replace('"count": 5', '"count": 4'))).toBeUndefined()
    expect(readStatements('Bonjour')).toBeUndefined()
  })

  it('is compared by `preau verify` with what stands there now: from the folder by itself, and as it was mailed', async () => {
    const [mail = ''] = await mailsOf('ledger-checkpoint')
    const [receipt = ''] = await mailsOf('seal-receipt')
    const lines: string[] = []
    const say = (line: string) => lines.push(line)
    expect(await verify(configHere(), say, { checkpoint: [mail, receipt], json: false })).toBe(true)
    expect(lines.join('\n')).toMatch(/compared with what was handed out: 4/)
    const altered = join(folder, 'altered.txt')
    writeFileSync(altered, readFileSync(mail, 'utf8').replace('"count": 5', '"count": 4'))
    await expect(verify(configHere(), say, { checkpoint: [altered], json: false })).rejects.toThrow(
      'was changed',
    )
  })
})

describe('the receipt of a seal', () => {
  it('goes to the trainer who sealed, and proves that the seal stands', async () => {
    const [receipt = ''] = await mailsOf('seal-receipt')
    const [handedOut] = readStatements(readFileSync(receipt, 'utf8')) ?? []
    const { sequence } = handedOut?.statement ?? {}
    expect(handedOut?.statement).toMatchObject({
      kind: 'seal',
      sessionId: held.id,
      slotId: held.slots[0]?.id,
    })
    await tampered(
      `update attendance_event set hash = repeat('0', 64) where session_id = '${held.id}' and sequence = ${sequence}`,
    )
    const lines: string[] = []
    const config = readConfig({ DATABASE_URL: app.url, PREAU_DATA_DIR: join(folder, 'elsewhere') })
    expect(await verify(config, (line) => lines.push(line), { checkpoint: [receipt], json: false })).toBe(
      false,
    )
    expect(lines.join('\n')).toContain(`attendance ${held.reference} ${held.id} event ${sequence}: the seal`)
    const hash = handedOut?.statement.kind === 'seal' ? handedOut.statement.hash : ''
    await tampered(
      `update attendance_event set hash = '${hash}' where session_id = '${held.id}' and sequence = ${sequence}`,
    )
  })
})

describe('the ledger of a session, asked over HTTP', () => {
  it('holds, and says so with its keys and the checkpoint that covers it', async () => {
    const { status, body } = await trainer.get(`/api/sessions/${held.id}/ledger`)
    expect(status).toBe(200)
    expect(body).toMatchObject({ isUnaltered: true, fault: null, head: { sequence: body.events } })
    expect(body.checkpoint).toMatchObject({ number: 3, sequence: body.events })
    const keys = await app.anonymous.get('/api/ledger/keys')
    expect(keys.body.keys.map(({ id }: { id: string }) => id)).toEqual(body.keyIds)
  })

  it('names the first event that is wrong', async () => {
    const other = await addSession(app, { learners: 2 })
    await mark(admin, other, [{ status: 'present' }, { status: 'present' }])
    await tampered(
      `update attendance_event set signature = repeat('A', 86) where session_id = '${other.id}' and sequence = 2`,
    )
    const { body } = await admin.get(`/api/sessions/${other.id}/ledger`)
    expect(body).toMatchObject({ isUnaltered: false, fault: { code: 'wrong-signature', sequence: 2 } })
  })

  it('is written out with what is personal for admins alone', async () => {
    const ambassador = await app.signIn({ role: 'ambassador', chapterId: await chapterOf(held) })
    const path = `/api/sessions/${held.id}/ledger.json`
    expect((await ambassador.get(path)).body).toMatchObject({ kind: 'ledger-export', payloads: null })
    expect((await ambassador.get(`${path}?payloads=true`)).status).toBe(403)
    const { payloads } = (await admin.get(`${path}?payloads=true`)).body
    expect(JSON.stringify(payloads)).toContain('Fièvre «forte»')
  })
})

async function chapterOf({ id }: WorldSession): Promise<string> {
  const chapter = (await admin.post('/api/chapters', { name: 'Lyon', city: 'Lyon', regionCode: '84' })).body
  await app.deps.db
    .updateTable('trainingSession')
    .set({ chapterId: chapter.id })
    .where('id', '=', id)
    .execute()
  return chapter.id
}

describe('the program of the documentation', () => {
  const page = readFileSync(join(import.meta.dirname, '../../../docs/ledger.md'), 'utf8')
  const program = /^```js\n([\s\S]*?)^```/m.exec(page)?.[1] ?? ''
  let exported: string

  beforeAll(async () => {
    writeFileSync(join(folder, 'check-ledger.mjs'), program)
    await rotateKey(app.system, { isLost: false })
    await mark(admin, held, [{ status: 'absent', reasonCode: 'family' }], 1)
    await checkpointWhenMoved(app.system)
    const { body } = await admin.get(`/api/sessions/${held.id}/ledger.json?payloads=true`)
    exported = JSON.stringify(body)
  })

  /** Runs it where there is nothing of Préau, on the export and what was handed out. */
  async function check(
    ledger: object,
    handedOut: readonly string[] = [],
  ): Promise<{ code: number; output: string }> {
    const file = join(folder, `${crypto.randomUUID()}.json`)
    writeFileSync(file, JSON.stringify(ledger))
    const child = spawn(process.execPath, ['check-ledger.mjs', file, ...handedOut], { cwd: folder, env: {} })
    const [[code], output] = await Promise.all([once(child, 'close'), text(child.stdout)])
    return { code, output }
  }

  it('finds an export in order, with the mails of checkpoints and seals', async () => {
    const handedOut = [
      ...(await mailsOf('ledger-checkpoint')),
      ...(await mailsOf('seal-receipt')),
      ...checkpointFiles(),
    ]
    const { code, output } = await check(JSON.parse(exported), handedOut)
    expect(output).toMatch(/^\d+ events hold, signed with keys of ledger [0-9a-f]{64}\n$/)
    expect(code).toBe(0)
  })

  it('finds what was altered in one, wherever it is', async () => {
    const alterations: [string, (ledger: Export) => void][] = [
      ['event 2: its hash', ({ events }) => edit(events[1], 'body', (body) => body.replace('2026', '2027'))],
      ['event 2: its place', ({ events }) => events.splice(1, 1)],
      ['the last event', ({ events }) => events.pop()],
      ['event 1: its signature', ({ events }) => edit(events[0], 'signature', () => 'A'.repeat(86))],
      [
        'event 3: its signature',
        ({ events }) => Object.assign(events[2] ?? {}, { keyId: null, signature: null }),
      ],
      ['the payload of event', ({ payloads }) => edit(payloads[0], 'salt', (salt) => `${salt}x`)],
      ['its id', ({ keys }) => edit(keys[0], 'id', (id) => id.replace(/^./, 'g'))],
      ['not introduced', ({ keys }) => edit(keys[1], 'previousSignature', () => 'A'.repeat(86))],
      ['its body', ({ keys }) => edit(keys[1], 'signature', () => 'A'.repeat(86))],
      [
        'checkpoint 3: its signature',
        ({ checkpoints }) => edit(checkpoints[1], 'body', (body) => body.replace('2026', '2027')),
      ],
      ['its root', ({ checkpoints }) => checkpoints[0]?.proof?.path.pop()],
      ['the one before it', ({ checkpoints }) => checkpoints.splice(1, 1)],
    ]
    const found = await Promise.all(
      alterations.map(([, alter]) => {
        const ledger = JSON.parse(exported)
        alter(ledger)
        return check(ledger)
      }),
    )
    for (const [index, [what]] of alterations.entries()) {
      expect(found[index]?.code, what).toBe(1)
      expect(found[index]?.output).toContain(what)
    }
  })

  it('finds that an export is not the one that was handed out, though it was all signed anew', async () => {
    const ledger = forged(JSON.parse(exported))
    expect((await check(ledger)).code).toBe(0)
    const { code, output } = await check(ledger, await mailsOf('seal-receipt'))
    expect(output).toContain('the export does not agree')
    expect(code).toBe(1)
  })
})

type Part = Record<string, unknown>
type Export = {
  events: Part[]
  payloads: Part[]
  keys: Part[]
  checkpoints: (Part & { proof?: { path: unknown[] } })[]
}

/** One event says something else, and all is chained and signed with another key. */
function forged(ledger: Export & { session: { id: string } }): object {
  const forger = memoryKeyring().create()
  const key = introduceKey(forger, app.deps.clock(), undefined)
  let last = genesis(ledger.session.id).hash
  const events = ledger.events.map(({ sequence, body }, index) => {
    const stated = JSON.parse(String(body))
    const text = canonicalJson(index === 0 ? { ...stated, recordedBy: null } : stated)
    const previousHash = last
    last = sha256Hex(`${last}\n${text}`)
    const signature = forger.sign(signedText(last))
    return { sequence, previousHash, hash: last, body: text, keyId: forger.keyId, signature }
  })
  const head = { sequence: events.length, hash: last }
  return { ...ledger, ledger: forger.keyId, head, events, keys: [key], checkpoints: [] }
}

function edit(part: Part | undefined, name: string, change: (value: string) => string): void {
  if (part) part[name] = change(String(part[name]))
}
