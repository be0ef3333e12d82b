/** The client of the measurements: keep-alive on loopback, as little around the sockets as Node allows. */
import { Agent, request } from 'node:http'

const agent = new Agent({ keepAlive: true, maxSockets: 64 })

export type Call = {
  method?: 'GET' | 'POST' | 'PUT' | 'DELETE'
  path: string
  body?: unknown
  cookie?: string
}
export type Answer = { status: number; text: string; headers: Record<string, string | string[] | undefined> }

/** Sends one request and reads the whole answer. Throws on a status of 400 and above. */
export function send(address: string, { method = 'GET', path, body, cookie }: Call): Promise<Answer> {
  const payload = body === undefined ? undefined : JSON.stringify(body)
  const headers = {
    ...(payload !== undefined && {
      'content-type': 'application/json',
      'content-length': Buffer.byteLength(payload),
    }),
    ...(cookie !== undefined && { cookie }),
  }
  return new Promise((resolve, reject) => {
    const sent = request(new URL(path, address), { method, headers, agent }, (response) => {
      const chunks: Buffer[] = []
      response.on('data', (chunk) => chunks.push(chunk))
      response.on('error', reject)
      response.on('end', () => {
        const { statusCode: status = 0, headers } = response
        const text = Buffer.concat(chunks).toString('utf8')
        if (status < 400) resolve({ status, text, headers })
        else reject(new Error(`${method} ${path} answered ${status}: ${text.slice(0, 500)}`))
      })
    })
    sent.on('error', reject)
    sent.end(payload)
  })
}

/** Somebody who calls Préau; `get` and `post` give the parsed answer. */
export type Caller = {
  cookie: string
  /** What is not JSON. */
  fetch(path: string): Promise<Answer>
  // biome-ignore lint/suspicious/noExplicitAny: the preparation takes the ids out of whatever came back
  get(path: string): Promise<any>
  // biome-ignore lint/suspicious/noExplicitAny: as above
  post(path: string, body?: unknown): Promise<any>
  put(path: string, body: unknown): Promise<void>
}

/** Signs in over HTTP, through the public door. */
export async function signIn(address: string, email: string, password: string): Promise<Caller> {
  const { headers } = await send(address, {
    method: 'POST',
    path: '/api/auth/login',
    body: { email, password },
  })
  const cookie = headers['set-cookie']?.[0]?.split(';')[0] ?? ''
  return {
    cookie,
    fetch: (path) => send(address, { path, cookie }),
    get: async (path) => JSON.parse((await send(address, { path, cookie })).text),
    post: async (path, body = {}) => {
      const { text } = await send(address, { method: 'POST', path, body, cookie })
      return text === '' ? undefined : JSON.parse(text)
    },
    put: async (path, body) => {
      await send(address, { method: 'PUT', path, body, cookie })
    },
  }
}
