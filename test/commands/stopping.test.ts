/** How a real process ends when it is asked to: what is under way is finished, and nothing new is begun. */
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { sql } from 'kysely'
import { describe, expect, it, onTestFinished } from 'vitest'
import { type TestApp, testAppForOneTest } from '../support/app.ts'
import { type Command, dataFolder, preau } from '../support/command.ts'

type Serving = { app: TestApp; command: Command; port: number }

async function serving(): Promise<Serving> {
  const app = await testAppForOneTest()
  const command = preau(['serve', '--without-worker'], {
    DATABASE_URL: app.url,
    PREAU_DATA_DIR: dataFolder(),
    PREAU_LOG_LEVEL: 'warn',
  })
  const [, address = ''] = await command.until(/Préau answers at (\S+)/)
  return { app, command, port: Number(new URL(address).port) }
}

type Conversation = { socket: Socket; said(): string; closed: Promise<unknown> }

async function talk(port: number): Promise<Conversation> {
  const socket = connect(port, '127.0.0.1')
  let said = ''
  socket.on('data', (data) => {
    said += data
  })
  socket.on('error', () => {})
  onTestFinished(() => {
    socket.destroy()
  })
  const closed = new Promise((resolve) => socket.once('close', resolve))
  await once(socket, 'connect')
  return { socket, said: () => said, closed }
}

const get = (path: string) => `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`

/** A request that waits for the database until the returned function lets it go on. */
async function aRequestUnderWay({ app, port }: Serving) {
  const conversation = await talk(port)
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  let lock: Promise<void> = Promise.resolve()
  await new Promise<void>((locked) => {
    lock = app.deps.db.transaction().execute(async (trx) => {
      await sql`lock table chapter in access exclusive mode`.execute(trx)
      locked()
      await released
    })
  })
  conversation.socket.write(get('/api/chapters'))
  await expect
    .poll(async () => {
      const { rows } =
        await sql`select 1 from pg_stat_activity where wait_event_type = 'Lock' and datname = current_database()`.execute(
          app.deps.db,
        )
      return rows.length
    })
    .toBe(1)
  return {
    ...conversation,
    async finish() {
      release()
      await lock
    },
  }
}

describe('a server that is asked to stop', () => {
  it('finishes what is under way, takes nothing new, closes what rests, and ends well', async () => {
    const server = await serving()
    const resting = await talk(server.port)
    resting.socket.write(get('/health'))
    await expect.poll(resting.said).toContain('"ok"')
    const request = await aRequestUnderWay(server)

    // A terminal sends its signal to npm and to us, and npm passes it on: that is not somebody losing patience.
    server.command.child.kill('SIGTERM')
    server.command.child.kill('SIGINT')
    await resting.closed
    // A connection that nobody uses for a while closes by itself, perhaps before the server has read its signal.
    await expect
      .poll(() =>
        talk(server.port).then(
          () => 'taken',
          (error: Error) => error.message,
        ),
      )
      .toContain('ECONNREFUSED')
    expect(server.command.child.exitCode).toBeNull()

    await request.finish()
    await request.closed
    expect(request.said()).toMatch(/^HTTP\/1\.1 200 /)
    expect(request.said().toLowerCase()).toContain('connection: close')
    expect(await server.command.ended()).toMatchObject({ code: 0 })
  })

  it('ends at once when it is asked again', async () => {
    const server = await serving()
    const request = await aRequestUnderWay(server)
    server.command.child.kill('SIGTERM')
    await new Promise((resolve) => setTimeout(resolve, 600))
    expect(server.command.child.exitCode).toBeNull()
    server.command.child.kill('SIGTERM')
    expect(await server.command.ended()).toMatchObject({ code: 143 })
    await request.closed
    expect(request.said()).toBe('')
    await request.finish()
  })
})

describe('a first start that is cut short', () => {
  it('leaves a folder that the next start can use, however far it had come', async () => {
    const again = async (ms: number) => {
      const env = { PREAU_DATA_DIR: dataFolder() }
      const first = preau(['serve', '--without-worker'], env)
      await new Promise((resolve) => setTimeout(resolve, ms))
      first.child.kill('SIGTERM')
      // 143 during the start, 0 when the start was quick, no code before Node has begun to listen for signals.
      expect([null, 143, 0]).toContain((await first.ended()).code)
      await preau(['serve', '--without-worker'], env).until(/Préau answers at/)
    }
    await Promise.all([200, 600].map(again))
  })
})

describe('a process in which nobody caught an error', () => {
  it('ends with a line of log that says where, and nothing of what the error says', async () => {
    const file = (path: string) => JSON.stringify(join(import.meta.dirname, '../../src', path))
    const script = `
      import { logCrashes } from ${file('commands/crash.ts')}
      import { createLog } from ${file('platform/log.ts')}
      logCrashes(createLog('info'))
      setTimeout(() => { throw Object.assign(new Error('canari'), { detail: 'canari' }) }, 1)
      setTimeout(() => {}, 10_000)`
    const child = spawn(process.execPath, ['--input-type=module', '-e', script], {
      stdio: ['ignore', 'ignore', 'pipe'],
    })
    const [said, [code]] = await Promise.all([text(child.stderr), once(child, 'close')])
    expect(code).toBe(1)
    expect(JSON.parse(said)).toMatchObject({
      level: 'fatal',
      err: { type: 'Error', stack: expect.stringMatching(/^at /) },
    })
    expect(said).not.toContain('canari')
  })
})
