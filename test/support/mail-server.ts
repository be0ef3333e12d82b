/** A real SMTP server on a port of its own that receives mails, or behaves as badly as a test wants. */
import { once } from 'node:events'
import type { AddressInfo, Socket } from 'node:net'
import { buffer } from 'node:stream/consumers'
import { type ParsedMail, simpleParser } from 'mailparser'
import { SMTPServer, type SMTPServerOptions } from 'smtp-server'
import { onTestFinished } from 'vitest'

export type ReceivedMail = ParsedMail & { recipient: string; source: Buffer }

/** What happens once a mail has been handed over: `drop` closes the connection without a word, `hang` says nothing. */
type AfterData = 'accept' | 'drop' | 'hang' | { refuse: number }

type Behaviour = Pick<SMTPServerOptions, 'onConnect' | 'onMailFrom' | 'onRcptTo' | 'onAuth'> & {
  afterData?: (recipient: string) => AfterData
}

export type MailServer = {
  /** For `SMTP_URL`. */
  url: string
  received: ReceivedMail[]
  /** Waits until so many mails have come in. */
  until(count: number): Promise<ReceivedMail[]>
  /** Waits until somebody has handed over a mail and waits for the answer. */
  untilHanging(): Promise<void>
}

/** An SMTP error as a server gives it. */
export function smtpError(responseCode: number): Error {
  return Object.assign(new Error('says the server'), { responseCode })
}

/** Ends with the test. */
export async function mailServer(behaviour: Behaviour = {}): Promise<MailServer> {
  const { afterData = () => 'accept', ...hooks } = behaviour
  const received: ReceivedMail[] = []
  const sockets = new Set<Socket>()
  let hanging = 0
  const server = new SMTPServer({
    authOptional: true,
    allowInsecureAuth: true,
    hideSTARTTLS: true,
    ...hooks,
    async onData(stream, session, callback) {
      const recipient = session.envelope.rcptTo[0]?.address ?? ''
      // Who hands it over may be killed in the middle.
      const source = await buffer(stream).catch(() => undefined)
      if (!source) return
      const then = afterData(recipient)
      if (then === 'hang') hanging++
      else if (then === 'drop') for (const socket of sockets) socket.destroy()
      else if (then !== 'accept') callback(smtpError(then.refuse))
      else {
        received.push({ ...(await simpleParser(source)), recipient, source })
        callback()
      }
    },
  })
  server.on('error', () => {})
  const listener = server.listen(0, '127.0.0.1')
  listener.on('connection', (socket: Socket) => {
    sockets.add(socket)
    socket.on('close', () => sockets.delete(socket))
  })
  await once(listener, 'listening')
  onTestFinished(async () => {
    for (const socket of sockets) socket.destroy()
    await new Promise<void>((resolve) => server.close(resolve))
  })
  const waitFor = async (isThere: () => boolean) => {
    while (!isThere()) await new Promise((resolve) => setTimeout(resolve, 5))
  }
  return {
    url: `smtp://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    received,
    async until(count) {
      await waitFor(() => received.length >= count)
      return received
    },
    untilHanging: () => waitFor(() => hanging > 0),
  }
}
