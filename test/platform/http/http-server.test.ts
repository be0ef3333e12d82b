/** Node's server with its limits, spoken to over real sockets: slow, too large, broken, too many. */
import { once } from 'node:events'
import type { Server } from 'node:http'
import { type AddressInfo, connect, type Socket } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import {
  createHttpServer,
  drain,
  type ServerLimits,
  serverLimits,
} from '../../../src/platform/http/http-server.ts'

/** Time is short here, so that a test of a time limit is. */
const short: ServerLimits = {
  ...serverLimits,
  headersMs: 150,
  requestMs: 300,
  keepAliveMs: 150,
  silenceMs: 250,
  checkMs: 25,
  connections: 4,
}

type Served = { port: number; server: Server; refused: string[] }

async function serve(fetch = async (_: Request): Promise<Response> => new Response('done')): Promise<Served> {
  const refused: string[] = []
  const server = createHttpServer({ fetch, onRefused: (reason) => refused.push(reason), limits: short })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  onTestFinished(async () => {
    server.closeAllConnections()
    await new Promise((resolve) => server.close(resolve))
  })
  return { port: (server.address() as AddressInfo).port, server, refused }
}

type Conversation = { socket: Socket; said(): string; closed: Promise<unknown> }

async function open(port: number): Promise<Conversation> {
  const socket = connect(port, '127.0.0.1')
  let text = ''
  socket.on('data', (data) => {
    text += data
  })
  socket.on('error', () => {})
  const closed = new Promise((resolve) => socket.once('close', resolve))
  await once(socket, 'connect')
  onTestFinished(() => {
    socket.destroy()
  })
  return { socket, said: () => text, closed }
}

/** Sends it, waits until the server closes, and reads the answer. */
async function answerTo(port: number, sent: string) {
  const { socket, said, closed } = await open(port)
  socket.write(sent)
  await closed
  return readAnswer(said())
}

function readAnswer(text: string) {
  const [head = '', body = ''] = text.split('\r\n\r\n')
  const headers = new Headers(
    head
      .split('\r\n')
      .slice(1)
      .map((line) => line.split(': ') as [string, string]),
  )
  return { status: Number(head.split(' ')[1]), headers, body: body === '' ? undefined : JSON.parse(body) }
}

function drip(socket: Socket, piece: string): void {
  const timer = setInterval(() => socket.write(piece), 30)
  socket.on('close', () => clearInterval(timer))
  onTestFinished(() => clearInterval(timer))
}

const get = 'GET / HTTP/1.1\r\nHost: x\r\n'
const post = 'POST / HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n'

describe('a client that is slow', () => {
  it('to send its headers is told 408, however steadily it drips', async () => {
    const { port, refused } = await serve()
    const { socket, said, closed } = await open(port)
    socket.write(get)
    drip(socket, 'X: y\r\n')
    await closed
    expect(readAnswer(said())).toMatchObject({ status: 408, body: { code: 'platform/too-slow' } })
    expect(refused).toEqual(['408'])
  })

  it('to say anything at all is told the same', async () => {
    const { port } = await serve()
    expect(await answerTo(port, '')).toMatchObject({ status: 408 })
  })

  it('to send its body is told 408, though the application waits for it', async () => {
    const { port } = await serve(async (request) => new Response(await request.text()))
    const { socket, said, closed } = await open(port)
    socket.write(`${post}Content-Length: 1000\r\n\r\n`)
    drip(socket, 'x')
    await closed
    expect(readAnswer(said())).toMatchObject({ status: 408 })
  })

  it('to ask again loses its connection', async () => {
    const { port } = await serve()
    const { socket, said, closed } = await open(port)
    socket.write(`${get}\r\n`)
    await closed
    expect(said()).toMatch(/^HTTP\/1\.1 200 /)
  })

  it('to read does not keep the answer in memory for ever', async () => {
    const { port } = await serve(async () => new Response('x'.repeat(40_000_000)))
    const { socket, closed } = await open(port)
    socket.pause()
    socket.write(`${get}\r\n`)
    // A paused socket learns of its end only when it is read again.
    setTimeout(() => socket.resume(), 4 * short.silenceMs)
    await closed
    expect(socket.bytesRead).toBeLessThan(40_000_000)
  })
})

describe('a request that is too large', () => {
  it('in its headers is 431: all together, one of them, or too many', async () => {
    const { port } = await serve()
    const one = `X-Long: ${'x'.repeat(17_000)}\r\n`
    const together = Array.from({ length: 40 }, (_, index) => `X-${index}: ${'x'.repeat(500)}\r\n`).join('')
    const many = Array.from({ length: 101 }, (_, index) => `X-${index}: y\r\n`).join('')
    for (const headers of [one, together, many]) {
      const answer = await answerTo(port, `${get}${headers}\r\n`)
      expect(answer).toMatchObject({ status: 431, body: { code: 'platform/headers-too-large' } })
    }
  })

  it('in its address is 414', async () => {
    const { port } = await serve()
    const answer = await answerTo(port, `GET /${'x'.repeat(20_000)} HTTP/1.1\r\nHost: x\r\n\r\n`)
    expect(answer).toMatchObject({ status: 414, body: { code: 'platform/uri-too-long' } })
  })

  it('with a hundred headers is taken', async () => {
    const { port } = await serve()
    const headers = Array.from({ length: 98 }, (_, index) => `X-${index}: y\r\n`).join('')
    const { status } = await answerToText(port, `${get}Connection: close\r\n${headers}\r\n`)
    expect(status).toBe(200)
  })
})

async function answerToText(port: number, sent: string): Promise<{ status: number; text: string }> {
  const { socket, said, closed } = await open(port)
  socket.write(sent)
  await closed
  return { status: Number(said().split(' ')[1]), text: said() }
}

describe('what is no request', () => {
  const broken: Record<string, string> = {
    'not HTTP at all': 'hello\r\n\r\n',
    'a line without its version': 'GET /\r\n\r\n',
    'a header with a control character': `${get}X: a\x01b\r\n\r\n`,
    'two lengths': `${post}Content-Length: 1\r\nContent-Length: 2\r\n\r\nx`,
    // RFC 9112 §6.1: how requests are smuggled past a proxy that believes the other one.
    'a length beside chunks': `${post}Content-Length: 5\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n`,
    'an unknown transfer coding': `${post}Transfer-Encoding: chunked, identity\r\n\r\n0\r\n\r\n`,
    'no host': 'GET / HTTP/1.1\r\nConnection: close\r\n\r\n',
    'a host that is none': 'GET / HTTP/1.1\r\nHost: a/b@c\r\nConnection: close\r\n\r\n',
  }

  it.for(Object.keys(broken))('%s is 400, as a problem with an id and nothing else', async (what) => {
    const { port, refused } = await serve()
    const { status, headers, body } = await answerTo(port, broken[what] ?? '')
    expect(status).toBe(400)
    expect(headers.get('content-type')).toBe('application/problem+json')
    expect(headers.get('connection')).toBe('close')
    expect(headers.get('x-content-type-options')).toBe('nosniff')
    expect(body).toEqual({
      type: 'urn:preau:problem:platform/malformed',
      title: expect.any(String),
      status: 400,
      code: 'platform/malformed',
      requestId: headers.get('x-request-id'),
    })
    expect(refused).toEqual(['400'])
  })

  it('an expectation that nobody meets is 417', async () => {
    const { port } = await serve()
    const answer = await answerTo(port, `${get}Expect: a miracle\r\n\r\n`)
    expect(answer).toMatchObject({ status: 417, body: { code: 'platform/expectation-failed' } })
  })
})

describe('connections', () => {
  it('are refused when there are too many, and the others go on', async () => {
    const { port, refused } = await serve()
    const kept = await Promise.all(Array.from({ length: short.connections }, () => open(port)))
    const surplus = await open(port)
    await surplus.closed
    expect(refused).toEqual(['connection'])
    kept[0]?.socket.write(`${get}Connection: close\r\n\r\n`)
    await kept[0]?.closed
    expect(kept[0]?.said()).toMatch(/^HTTP\/1\.1 200 /)
  })
})

describe('a server that is drained', () => {
  it('waits for an answer that is on its way, closes its connection after it, and takes no other', async () => {
    const [asked, answered] = [Promise.withResolvers<void>(), Promise.withResolvers<void>()]
    const { port, server } = await serve(async () => {
      asked.resolve()
      await answered.promise
      return new Response('done')
    })
    const [resting, asking] = [await open(port), await open(port)]
    asking.socket.write(`${get}\r\n`)
    await asked.promise
    const drained = drain(server, 5_000)
    await resting.closed
    await expect(open(port)).rejects.toThrow('ECONNREFUSED')
    answered.resolve()
    await asking.closed
    expect(asking.said()).toContain('done')
    await drained
  })

  it('cuts off what does not end in time', async () => {
    const asked = Promise.withResolvers<void>()
    const { port, server } = await serve(() => {
      asked.resolve()
      return new Promise(() => {})
    })
    const { socket, said, closed } = await open(port)
    socket.write(`${get}\r\n`)
    await asked.promise
    await drain(server, 100)
    await closed
    expect(said()).toBe('')
  })
})
