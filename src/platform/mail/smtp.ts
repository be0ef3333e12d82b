/** Sends mails by SMTP (RFC 5321), and tells what is known of each from what is not. */
import { once } from 'node:events'
import { Readable } from 'node:stream'
import type SMTPConnection from 'nodemailer/lib/smtp-connection'
import type { SMTPConnectionOptions } from 'nodemailer/lib/smtp-connection'
import type { Message } from './message.ts'
import type { Delivery, Transport } from './transport.ts'

/** One mail, from connecting to the server's last word; below the time after which its job is given to another. */
const deadlineMs = 180_000
const timeouts = { connectionTimeout: 30_000, greetingTimeout: 30_000, socketTimeout: 120_000 }

type Account = { user: string; pass: string }

/**
 * A transport for `smtp://` (STARTTLS where the server offers it) or `smtps://` URLs, with a connection for each mail.
 * Further options of nodemailer may stand in the query: `?tls.rejectUnauthorized=false`, `?socketTimeout=5000`.
 */
export function smtpTransport(url: string): Transport {
  return async (message, signal) => {
    const { default: Connection } = await import('nodemailer/lib/smtp-connection')
    const { options, account } = await readUrl(url)
    const connection = new Connection(options)
    const data = dataOf(message)
    const end = AbortSignal.any([signal, AbortSignal.timeout(deadlineMs)])
    try {
      await transmit(connection, account, message, data.stream, end)
      connection.quit()
      return { outcome: 'sent' }
    } catch (error) {
      return outcomeOf(error, data.isHandedOver())
    } finally {
      connection.close()
    }
  }
}

async function readUrl(
  url: string,
): Promise<{ options: SMTPConnectionOptions; account: Account | undefined }> {
  const { parseConnectionUrl } = await import('nodemailer/lib/shared')
  const { auth, ...given } = parseConnectionUrl(url)
  const account = auth?.user ? { user: auth.user, pass: auth.pass ?? '' } : undefined
  const isLocal = ['localhost', '127.0.0.1', '[::1]', '::1'].includes(given.host ?? '')
  // A password goes over the network encrypted or not at all, even if somebody on the way hides STARTTLS.
  const requireTLS = account !== undefined && !isLocal && !given.secure
  return { options: { ...timeouts, requireTLS, ...given }, account }
}

/** The mail's bytes as a stream that knows whether any of them has been asked for: from then on they may have arrived. */
function dataOf(message: Message): { stream: Readable; isHandedOver(): boolean } {
  let isHandedOver = false
  function* bytes() {
    isHandedOver = true
    yield message.bytes
  }
  return { stream: Readable.from(bytes()), isHandedOver: () => isHandedOver }
}

/** Resolves when the server has accepted the mail. Rejects with nodemailer's error, or when `end` comes first. */
async function transmit(
  connection: SMTPConnection,
  account: Account | undefined,
  message: Message,
  data: Readable,
  end: AbortSignal,
): Promise<void> {
  end.throwIfAborted()
  const ended = once(end, 'abort')
  const accepted = new Promise<void>((resolve, reject) => {
    const settle = (error?: Error | null) => (error ? reject(error) : resolve())
    const send = () => connection.send(message.envelope, data, settle)
    connection.on('error', reject)
    connection.on('end', () => reject(new Error('Connection ended')))
    connection.connect((error) => {
      if (error) reject(error)
      else if (account && connection.allowsAuth)
        connection.login(account, (error) => (error ? reject(error) : send()))
      else send()
    })
  })
  await Promise.race([accepted, ended.then(() => Promise.reject(new Error('Given up')))])
}

type SmtpError = { code?: string; command?: string; responseCode?: number }

const causes: Record<string, string> = {
  EDNS: 'smtp/name',
  ECONNECTION: 'smtp/connection',
  ESOCKET: 'smtp/connection',
  ETIMEDOUT: 'smtp/timeout',
  ETLS: 'smtp/tls',
  EAUTH: 'smtp/sign-in',
}

/**
 * A reply of 400 or more says that the server has not taken the mail, whenever it comes. Without any reply it depends on
 * whether the mail was handed over.
 */
function outcomeOf(error: unknown, isHandedOver: boolean): Delivery {
  const { code = '', command, responseCode: status } = error as SmtpError
  if (status !== undefined && status >= 400) {
    // 5xx at sign-in or MAIL FROM is about this server and its account, which somebody may yet put right; 503 is about
    // the conversation.
    const isAboutThisMail = command === 'RCPT TO' || command === 'DATA'
    const isFinal = status >= 500 && status !== 503 && isAboutThisMail
    return { outcome: isFinal ? 'refused' : 'later', code: `smtp/${status}` }
  }
  if (isHandedOver) return { outcome: 'unknown', code: 'smtp/no-answer' }
  return { outcome: 'later', code: causes[code] ?? 'smtp/connection' }
}
