/** Node's HTTP server with its limits said aloud, and with problems for what it refuses before there is a request. */
import { createServer, type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http'
import type { Duplex } from 'node:stream'
import { getRequestListener } from '@hono/node-server'
import { newId } from '../ids.ts'
import type { ProblemFactory } from '../problem.ts'
import { expectationFailed, headersTooLarge, malformed, tooSlow, uriTooLong } from '../problems.ts'
import { maxUrlLength } from './limits.ts'
import { problemBody, problemMediaType } from './problem-responses.ts'

export type ServerLimits = {
  /** From the first byte, or from the connection when nothing comes, to the end of the headers. */
  headersMs: number
  /** From the first byte to the end of the body: a phone sends a mebibyte in it. */
  requestMs: number
  /** How long a connection may rest between requests: longer than reverse proxies keep theirs, which are 60 s. */
  keepAliveMs: number
  /** How long a connection may be silent in the middle of a request: more than the longest report takes. */
  silenceMs: number
  /** How often the time limits are looked at. */
  checkMs: number
  connections: number
  headerBytes: number
  headers: number
}

export const serverLimits: ServerLimits = {
  headersMs: 10_000,
  requestMs: 60_000,
  keepAliveMs: 65_000,
  silenceMs: 180_000,
  checkMs: 2_000,
  connections: 1_000,
  headerBytes: 16_384,
  headers: 100,
}

type Fetch = Parameters<typeof getRequestListener>[0]

type ServerOptions = {
  fetch: Fetch
  /** Called for what never became a request: with the status and the id of the answer, or 'connection' when too many are open. */
  onRefused: (reason: string, requestId?: string) => void
  limits?: ServerLimits
}

/** Not listening yet. Every refusal is a problem with an id of its own, told to `onRefused`. */
export function createHttpServer({ fetch, onRefused, limits = serverLimits }: ServerOptions): Server {
  const refuse = (problem: ProblemFactory): Refusal => {
    const requestId = newId()
    onRefused(String(problem.definition.status), requestId)
    return { problem, requestId }
  }
  const listener = getRequestListener(fetch, {
    // An address or a host that is none; whatever else went wrong has been answered by the application.
    errorHandler: () => refusalResponse(refuse(malformed)),
  })
  const underWay = new WeakMap<Duplex, ServerResponse>()
  const server = createServer(
    {
      headersTimeout: limits.headersMs,
      requestTimeout: limits.requestMs,
      keepAliveTimeout: limits.keepAliveMs,
      connectionsCheckingInterval: limits.checkMs,
      maxHeaderSize: limits.headerBytes,
      // Answered by `malformed` above, as every other request without a host.
      requireHostHeader: false,
    },
    (request, response) => {
      underWay.set(request.socket, response)
      if (request.rawHeaders.length > 2 * limits.headers) send(response, refuse(headersTooLarge))
      else void listener(request, response)
    },
  )
  // One more than may be: Node leaves out what is beyond, and nobody would know.
  server.maxHeadersCount = limits.headers + 1
  server.maxConnections = limits.connections
  server.timeout = limits.silenceMs
  server.on('drop', () => onRefused('connection'))
  server.on('checkExpectation', (_: IncomingMessage, response: ServerResponse) =>
    send(response, refuse(expectationFailed)),
  )
  const answerBroken = (error: ClientError, socket: Duplex) => {
    const answer = underWay.get(socket)
    const isUnderWay = answer !== undefined && !answer.writableFinished
    // A request whose body breaks off is told about by the application, which waits for it.
    const refusal = isUnderWay ? { problem: problemOf(error), requestId: newId() } : refuse(problemOf(error))
    if (socket.writable && !(isUnderWay && answer.headersSent)) socket.end(rawAnswer(refusal))
    else socket.destroy()
  }
  server.on('clientError', (error: ClientError, socket) => {
    // Whoever went away without a word has asked nothing.
    if (error.code === 'ECONNRESET') socket.destroy()
    else answerBroken(error, socket)
  })
  return server
}

/**
 * Takes no connection from now on. Those without a request are closed at once, the others after their answer, and all
 * after `ms`.
 */
export async function drain(server: Server, ms: number): Promise<void> {
  const closed = new Promise<void>((resolve) => {
    server.close(() => resolve())
  })
  // What was being answered when the process was asked to stop may have promised to keep its connection.
  const idle = setInterval(() => server.closeIdleConnections(), 50)
  const end = setTimeout(() => server.closeAllConnections(), ms)
  await closed
  clearInterval(idle)
  clearTimeout(end)
}

type Refusal = { problem: ProblemFactory; requestId: string }
type ClientError = Error & { code?: string; rawPacket?: Buffer }

function problemOf({ code, rawPacket }: ClientError): ProblemFactory {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return tooSlow
  if (code === 'HPE_HEADER_OVERFLOW') return hasLongFirstLine(rawPacket) ? uriTooLong : headersTooLarge
  return malformed
}

/** Then it is the address that is too long, for it stands in the first line. */
function hasLongFirstLine(packet: Buffer | undefined): boolean {
  if (!packet || !/^[A-Z]+ /.test(packet.toString('latin1', 0, 20))) return false
  const end = packet.indexOf('\n')
  return end < 0 || end > maxUrlLength
}

function headersOf({ requestId }: Refusal, body: string): Record<string, string> {
  return {
    'Content-Type': problemMediaType,
    'Content-Length': String(Buffer.byteLength(body)),
    'Cache-Control': 'no-store',
    'X-Content-Type-Options': 'nosniff',
    'X-Request-Id': requestId,
    Connection: 'close',
  }
}

function bodyOf({ problem, requestId }: Refusal): string {
  return JSON.stringify(problemBody(problem(), requestId))
}

function refusalResponse(refusal: Refusal): Response {
  const body = bodyOf(refusal)
  return new Response(body, { status: refusal.problem.definition.status, headers: headersOf(refusal, body) })
}

function send(response: ServerResponse, refusal: Refusal): void {
  const body = bodyOf(refusal)
  response.writeHead(refusal.problem.definition.status, headersOf(refusal, body)).end(body)
}

/** For a socket on which there is no request to answer. */
function rawAnswer(refusal: Refusal): string {
  const { status } = refusal.problem.definition
  const body = bodyOf(refusal)
  const headers = Object.entries(headersOf(refusal, body)).map(([name, value]) => `${name}: ${value}\r\n`)
  return `HTTP/1.1 ${status} ${STATUS_CODES[status]}\r\n${headers.join('')}\r\n${body}`
}
