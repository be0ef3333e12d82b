/** What is known of a mail after each thing that a server can do, from real conversations. */
import { createServer } from 'node:net'
import { describe, expect, it, onTestFinished } from 'vitest'
import { composeMessage } from '../../../src/platform/mail/message.ts'
import { smtpTransport } from '../../../src/platform/mail/smtp.ts'
import { mailServer, smtpError } from '../../support/mail-server.ts'

const aMail = {
  id: '0199a0f0-0000-7000-8000-000000000001',
  template: 'enrolment-confirmed',
  createdAt: Temporal.Instant.from('2026-03-01T12:00:00Z'),
  from: { name: 'Les Communs du Numérique', address: 'contact@example.org' },
  replyTo: 'contact@example.org',
  to: 'ada@example.org',
  subject: 'Inscription confirmée',
  text: 'Bonjour',
}

async function deliver(url: string, signal = new AbortController().signal) {
  return smtpTransport(url)(await composeMessage(aMail), signal)
}

const refusing = (status: number) => (_: unknown, __: unknown, callback: (error: Error) => void) =>
  callback(smtpError(status))

/** A server that says its lines, whatever it is told, and then what it does. */
async function rawServer(
  lines: readonly string[],
  then: 'close' | 'hang',
  heard: string[] = [],
): Promise<string> {
  const server = createServer((socket) => {
    socket.on('error', () => {})
    const rest = [...lines]
    const next = () => {
      const line = rest.shift()
      if (line !== undefined) socket.write(`${line}\r\n`)
      else if (then === 'close') socket.destroy()
    }
    socket.on('data', (data) => {
      heard.push(String(data))
      next()
    })
    next()
    onTestFinished(() => {
      socket.destroy()
    })
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => {
    server.close()
  })
  const address = server.address()
  return `smtp://127.0.0.1:${typeof address === 'object' ? address?.port : ''}`
}

describe('a mail that the server accepts', () => {
  it('is sent, once', async () => {
    const server = await mailServer()
    expect(await deliver(server.url)).toEqual({ outcome: 'sent' })
    expect(server.received.map((mail) => mail.recipient)).toEqual(['ada@example.org'])
  })

  it('is sent with the account of the URL', async () => {
    const seen: unknown[] = []
    const server = await mailServer({
      onAuth({ username, password }, _, callback) {
        seen.push([username, password])
        callback(null, { user: username })
      },
    })
    const url = server.url.replace('smtp://', 'smtp://preau:p%40sse@')
    expect(await deliver(url)).toEqual({ outcome: 'sent' })
    expect(seen).toEqual([['preau', 'p@sse']])
  })
})

describe('a mail that was certainly not accepted is tried again later', () => {
  it('when nobody listens', async () => {
    expect(await deliver('smtp://127.0.0.1:1')).toEqual({ outcome: 'later', code: 'smtp/connection' })
  })

  it('when the server has no address', async () => {
    expect(await deliver('smtp://mail.invalid')).toEqual({ outcome: 'later', code: 'smtp/name' })
  })

  it('when the server is busy (421), or asks to come back at the recipient (450) or after the data (451)', async () => {
    const busy = await mailServer({ onConnect: (_, callback) => callback(smtpError(421)) })
    expect(await deliver(busy.url)).toEqual({ outcome: 'later', code: 'smtp/421' })
    const greylisting = await mailServer({ onRcptTo: refusing(450) })
    expect(await deliver(greylisting.url)).toEqual({ outcome: 'later', code: 'smtp/450' })
    const full = await mailServer({ afterData: () => ({ refuse: 451 }) })
    expect(await deliver(full.url)).toEqual({ outcome: 'later', code: 'smtp/451' })
  })

  it('when the account or the sender is refused, which is about us and not about the recipient', async () => {
    const wrongPassword = await mailServer({ onAuth: (_, __, callback) => callback(smtpError(535)) })
    const url = wrongPassword.url.replace('smtp://', 'smtp://preau:faux@')
    expect(await deliver(url)).toEqual({ outcome: 'later', code: 'smtp/535' })
    const wrongSender = await mailServer({ onMailFrom: refusing(553) })
    expect(await deliver(wrongSender.url)).toEqual({ outcome: 'later', code: 'smtp/553' })
  })

  it('when the connection is lost, or the server goes silent, before the mail was handed over', async () => {
    const atGreeting = await rawServer([], 'close')
    expect(await deliver(`${atGreeting}?connectionTimeout=300`)).toMatchObject({ outcome: 'later' })
    const beforeData = await rawServer(['220 hello', '250 hello', '250 ok', '250 ok'], 'close')
    expect(await deliver(beforeData)).toEqual({ outcome: 'later', code: 'smtp/connection' })
    const silent = await rawServer(['220 hello', '250 hello'], 'hang')
    expect(await deliver(`${silent}?socketTimeout=200`)).toEqual({ outcome: 'later', code: 'smtp/timeout' })
  })

  it('when a password would go over the network in the clear, which it then does not', async () => {
    const heard: string[] = []
    const server = await rawServer(['220 hello', '250-hello\r\n250 AUTH PLAIN', '502 no'], 'hang', heard)
    // The same machine, under an address that does not look like it.
    const elsewhere = server.replace('//127.0.0.1', '//preau:secret@[::ffff:127.0.0.1]')
    expect(await deliver(elsewhere)).toEqual({ outcome: 'later', code: 'smtp/502' })
    expect(heard.join('')).toMatch(/^EHLO .*\r\nSTARTTLS\r\n$/)
  })
})

describe('a mail that the server refuses for good', () => {
  it('is not tried again: nobody there (550), or the contents refused (554)', async () => {
    const nobody = await mailServer({ onRcptTo: refusing(550) })
    expect(await deliver(nobody.url)).toEqual({ outcome: 'refused', code: 'smtp/550' })
    const contents = await mailServer({ afterData: () => ({ refuse: 554 }) })
    expect(await deliver(contents.url)).toEqual({ outcome: 'refused', code: 'smtp/554' })
  })
})

describe('nobody knows what became of a mail', () => {
  const unknown = { outcome: 'unknown', code: 'smtp/no-answer' }

  it('when the connection is lost after the last line of the data', async () => {
    const server = await mailServer({ afterData: () => 'drop' })
    expect(await deliver(server.url)).toEqual(unknown)
  })

  it('when no answer comes to it', async () => {
    const server = await mailServer({ afterData: () => 'hang' })
    expect(await deliver(`${server.url}?socketTimeout=200`)).toEqual(unknown)
  })

  it('when the process has to end before the answer', async () => {
    const server = await mailServer({ afterData: () => 'hang' })
    const end = new AbortController()
    const delivery = deliver(server.url, end.signal)
    await server.untilHanging()
    end.abort()
    expect(await delivery).toEqual(unknown)
  })
})

describe('a process that is ending', () => {
  it('begins no mail any more', async () => {
    const server = await mailServer()
    expect(await deliver(server.url, AbortSignal.abort())).toMatchObject({ outcome: 'later' })
    expect(server.received).toEqual([])
  })
})
