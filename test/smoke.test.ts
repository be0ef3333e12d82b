/** The real commands, as a newcomer types them: their own processes, folders and ports. */
import { execFile } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { type AddressInfo, createServer } from 'node:net'
import { dirname, join } from 'node:path'
import { promisify } from 'node:util'
import { describe, expect, it, onTestFinished } from 'vitest'
import { testAppForOneTest } from './support/app.ts'
import { type Command, dataFolder, preau, signInAt } from './support/command.ts'

const json = { 'content-type': 'application/json' }
const readme = join(import.meta.dirname, '../README.md')

describe('npm start', () => {
  it('serves an empty organisation with a one-time link, goes on after a restart, and is no demonstration', async () => {
    const env = { PREAU_DATA_DIR: dataFolder() }
    const first = preau(['serve'], env)
    const [, address = ''] = await first.until(/Préau answers at (\S+)/)
    const [, token = ''] = await first.until(/\/setup\?token=(\S+)/)
    expect((await fetch(`${address}/ready`)).status).toBe(200)
    const person = {
      email: 'ada@example.org',
      password: 'une phrase de passe',
      firstName: 'Ada',
      lastName: 'Le Bris',
    }
    const setUp = () =>
      fetch(`${address}/api/setup`, {
        method: 'POST',
        headers: json,
        body: JSON.stringify({ token, ...person }),
      })
    expect((await setUp()).status).toBe(201)
    expect((await setUp()).status).toBe(409)

    first.child.kill('SIGTERM')
    expect((await first.ended()).code).toBe(0)

    const second = preau(['serve'], env)
    const [, again = ''] = await second.until(/Préau answers at (\S+)/)
    expect(second.output()).not.toContain('setup?token')
    const cookie = await signInAt(again, person.email, person.password)
    expect((await fetch(`${again}/api/me`, { headers: cookie })).status).toBe(200)

    const demonstration = await preau(['demo'], env).ended()
    expect(demonstration.code).toBe(1)
    expect(demonstration.output).toContain('holds a real organisation')
  })

  it('takes the first admin from the environment instead, with a password stored at the cost that OWASP names', async () => {
    const { url, deps } = await testAppForOneTest()
    const admin = { PREAU_ADMIN_EMAIL: 'chef@example.org', PREAU_ADMIN_PASSWORD: 'une phrase de passe' }
    const run = preau(['serve'], { DATABASE_URL: url, PREAU_DATA_DIR: dataFolder(), ...admin })
    const [, address = ''] = await run.until(/Préau answers at (\S+)/)
    expect(run.output()).not.toContain('setup?token')
    await signInAt(address, admin.PREAU_ADMIN_EMAIL, admin.PREAU_ADMIN_PASSWORD)
    const stored = await deps.db.selectFrom('account').select('passwordHash').executeTakeFirstOrThrow()
    expect(stored.passwordHash).toMatch(/^\$argon2id\$v=19\$m=47104,t=1,p=1\$/)
  })

  it('says in one line what is wrong with the configuration', async () => {
    const wrong = [
      [{ PORT: 'abc' }, /PORT/],
      [{ DATABASE_URL: 'mysql://x' }, /DATABASE_URL/],
      [{ SMTP_URL: 'mail.example.org' }, /SMTP_URL: must be smtp:/],
      [{ PREAU_ADMIN_EMAIL: 'a@example.org' }, /PREAU_ADMIN_PASSWORD/],
      [{ DATABASE_URL: 'postgres://127.0.0.1:1/none' }, /DATABASE_URL: the database does not answer/],
    ] as const
    const ended = await Promise.all(wrong.map(([env]) => preau(['serve'], env).ended()))
    for (const [index, { code, output }] of ended.entries()) {
      expect(code).toBe(1)
      expect(output).toMatch(wrong[index]?.[1] ?? '')
      expect(output.trim().split('\n')).toHaveLength(1)
    }
  })

  it('prints for machines with --json', async () => {
    const { url } = await testAppForOneTest()
    const run = preau(['serve', '--json'], { DATABASE_URL: url, PREAU_DATA_DIR: dataFolder() })
    const [line = ''] = await run.until(/^\{.*\}$/m)
    expect(JSON.parse(line)).toEqual({
      address: expect.stringMatching(/^http:/),
      setupUrl: expect.stringContaining('/setup?token='),
    })
    expect(JSON.parse((await preau(['serve', '--json'], { PORT: 'abc' }).ended()).output)).toEqual({
      error: expect.stringContaining('PORT'),
    })
  })

  it('says so when the port is taken', async () => {
    const { url } = await testAppForOneTest()
    const other = createServer().listen(0)
    onTestFinished(() => {
      other.close()
    })
    await once(other, 'listening')
    const { port } = other.address() as AddressInfo
    const env = { DATABASE_URL: url, PREAU_DATA_DIR: dataFolder(), PORT: String(port) }
    const { code, output } = await preau(['serve'], env).ended()
    expect(code).toBe(1)
    expect(output).toContain(`Port ${port} is taken`)
  })
})

/** Reads the API as the admin whose sign-in the demonstration prints. */
async function adminOf(run: Command) {
  const [, address = ''] = await run.until(/Préau answers at (\S+)/)
  const [, email = ''] = await run.until(/(\S+@\S+) +admin/)
  const [, password = ''] = await run.until(/password for all: (\S+)/)
  const headers = await signInAt(address, email, password)
  // biome-ignore lint/suspicious/noExplicitAny: the test reads whatever came back and asserts on it
  return async (path: string): Promise<any> => (await fetch(`${address}${path}`, { headers })).json()
}

/** Pastes the README's tour into a shell, in a folder of its own beside the documentation. */
async function takeTour(run: Command): Promise<void> {
  const [, address = ''] = await run.until(/Préau answers at (\S+)/)
  const [, commands = ''] =
    /^## A first tour$[\s\S]*?^```sh\n([\s\S]*?)^```$/m.exec(readFileSync(readme, 'utf8')) ?? []
  const folder = dataFolder()
  mkdirSync(folder, { recursive: true })
  symlinkSync(join(dirname(readme), 'docs'), join(folder, 'docs'))
  const script = commands.replaceAll('http://localhost:3000', address)
  const { stdout } = await promisify(execFile)('bash', ['-euo', 'pipefail', '-c', script], { cwd: folder })
  expect([...stdout.matchAll(/urn:preau:problem:([a-z/-]+)/g)].map(([, code]) => code)).toEqual([
    'attendance/not-ready-to-seal',
  ])
  expect(stdout).toContain('Contresigner la demi-journée')
  expect(stdout).toMatch(/\d+ events hold, signed with keys of ledger [0-9a-f]{64}$/m)
  for (const file of ['certificate.pdf', 'sheet.pdf'])
    expect(readFileSync(join(folder, file), 'latin1')).toMatch(/^%PDF-/)
}

describe('npm run demo', () => {
  it('is a running training organisation: catalogue, sessions, certificates that verify, a BPF that adds up', async () => {
    const env = { PREAU_DATA_DIR: dataFolder() }
    const run = preau(['demo'], env)
    const get = await adminOf(run)

    const catalogue = await get('/api/catalogue')
    expect(catalogue.items.length).toBeGreaterThanOrEqual(12)
    const { items: sessions } = await get('/api/sessions?limit=200')
    expect(new Set(sessions.map((session: { status: string }) => session.status))).toEqual(
      new Set(['draft', 'open', 'closed', 'cancelled']),
    )
    const recent = sessions.find((session: { reference: string }) => session.reference === 'BRE-ECO-RECENTE')
    const { items: certificates } = await get(`/api/sessions/${recent.id}/certificates`)
    expect(certificates).toHaveLength(9)
    expect(await get(`/api/verify/${certificates[0].verificationCode}`)).toMatchObject({ valid: true })
    expect(await get(`/api/certificates/${certificates[0].id}`)).toMatchObject({ attendedMinutes: 840 })

    const today = Temporal.Now.plainDateISO('Europe/Paris')
    for (const year of [today.year - 2, today.year - 1]) {
      const { frames, checks } = await get(`/api/reports/bpf?from=${year}-01-01&to=${year}-12-31`)
      expect(checks.filter((check: { ok: boolean }) => !check.ok)).toEqual([])
      expect(frames.F1.total.hours).toBeGreaterThan(100)
      expect(frames.F3.total).toEqual(frames.F1.total)
      expect(frames.F4.total).toEqual(frames.F1.total)
      const lines = Object.entries(frames.C).filter(([line]) => /^([1-9]|1[01]|[a-h])$/.test(line))
      expect(lines.filter(([, euros]) => euros === 0)).toEqual([])
    }

    const period = `from=${today.year - 2}-01-01&to=${today.year}-12-31`
    const before = await get(`/api/reports/bpf?${period}`)
    run.child.kill('SIGTERM')
    await run.ended()
    const second = preau(['demo'], env)
    const again = await adminOf(second)
    expect(await again(`/api/reports/bpf?${period}`)).toEqual(before)
    expect((await again('/api/sessions?limit=200')).items).toHaveLength(sessions.length)
    await takeTour(second)
  }, 60_000)
})
