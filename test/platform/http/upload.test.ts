/** A route that takes a file, over a real socket: what it takes, from whom, and how much of it is read. */
import { once } from 'node:events'
import { type AddressInfo, connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { ctxFor } from '../../../src/deps.ts'
import { sha256Hex } from '../../../src/platform/files/files.ts'
import { handleError } from '../../../src/platform/http/errors.ts'
import { createHttpServer } from '../../../src/platform/http/http-server.ts'
import { requestLimits } from '../../../src/platform/http/limits.ts'
import { createRouter, route } from '../../../src/platform/http/router.ts'
import { mebibyte } from '../../../src/platform/http/upload.ts'
import { type TestApp, testApp } from '../../support/app.ts'

let app: TestApp
let server: ReturnType<typeof createHttpServer>
let address: string
let read = 0
beforeAll(async () => {
  app = await testApp()
  const member = { kind: 'account', accountId: 'a', personId: 'p', roleGrants: [] } as const
  const router = createRouter()
  router.onError(handleError)
  router.use(async (c, next) => {
    const actor = c.req.header('authorization') ? member : ({ kind: 'anonymous' } as const)
    c.set('ctx', ctxFor(app.deps, actor))
    await next()
  })
  router.use(requestLimits)
  route(
    router,
    {
      method: 'post',
      path: '/api/files',
      tag: 'Files',
      summary: 'Takes a file',
      access: ['signedIn'],
      upload: { mediaTypes: ['application/pdf', 'text/csv'], mostBytes: 3 * mebibyte },
      produces: 'text/plain',
    },
    async ({ upload, c }) => {
      read++
      return c.text(`${upload.mediaType} ${sha256Hex(upload.bytes)}`)
    },
  )
  server = createHttpServer({ fetch: router.fetch, onRefused: () => {} })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  address = `http://127.0.0.1:${(server.address() as AddressInfo).port}/api/files`
})
afterAll(async () => {
  server.closeAllConnections()
  await new Promise((resolve) => server.close(resolve))
  await app.close()
})

const send = async (
  body: string | Uint8Array<ArrayBuffer> | ReadableStream,
  headers: Record<string, string> = {},
) => {
  const answer = await fetch(address, {
    method: 'POST',
    body,
    duplex: 'half',
    headers: { 'content-type': 'application/pdf', authorization: 'x', ...headers },
  } as RequestInit)
  return { status: answer.status, text: await answer.text() }
}

const bytesOf = (size: number) => new Uint8Array(size).fill(65)

/** Without a length in advance. */
const streamOf = (bytes: Uint8Array) => new Blob([bytes as Uint8Array<ArrayBuffer>]).stream()

describe('a route that takes a file', () => {
  it('takes one of the largest size, byte by byte, whether its length is announced or not', async () => {
    const file = bytesOf(3 * mebibyte)
    const taken = { status: 200, text: `application/pdf ${sha256Hex(file)}` }
    expect(await send(file)).toEqual(taken)
    expect(await send(streamOf(file))).toEqual(taken)
  })

  it('refuses one byte more, another kind of file, and a file with nothing in it', async () => {
    const before = read
    const large = bytesOf(3 * mebibyte + 1)
    expect(await send(large)).toMatchObject({ status: 413 })
    expect(await send(streamOf(large))).toMatchObject({ status: 413 })
    const other = await send('{}', { 'content-type': 'application/json' })
    expect(other).toMatchObject({ status: 415 })
    expect(JSON.parse(other.text)).toMatchObject({
      code: 'platform/unsupported-file',
      detail: 'Send application/pdf or text/csv.',
    })
    expect(await send('')).toMatchObject({ status: 422 })
    expect(read).toBe(before)
  })

  it('refuses who is not signed in before their file is read, and their connection ends', async () => {
    const socket = connect(Number(new URL(address).port), '127.0.0.1')
    const closed = once(socket, 'close')
    let said = ''
    socket.on('data', (data) => {
      said += data
    })
    socket.on('error', () => {})
    socket.write('POST /api/files HTTP/1.1\r\nHost: x\r\nContent-Type: application/pdf\r\n')
    socket.write(`Content-Length: ${3 * mebibyte}\r\n\r\nbeginning`)
    await closed
    expect(said).toMatch(/^HTTP\/1\.1 401 /)
  })
})
