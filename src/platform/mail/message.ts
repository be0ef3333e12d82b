/** A mail as the bytes that go out: headers and a plain text, the same for the same mail however often it is tried. */

export type Message = {
  envelope: { from: string; to: string }
  /** CRLF line ends, all in ASCII. */
  bytes: Buffer
  /** The Message-ID header. */
  messageId: string
  /** A name for a file: when and what, never whom. */
  fileName: string
}

type Mail = {
  id: string
  template: string
  createdAt: Temporal.Instant
  from: { name: string; address: string }
  replyTo: string
  to: string
  subject: string
  text: string
}

/**
 * Composes a mail. Its date and Message-ID are those of the outbox's row, so that a mail sent again after its outcome
 * was unknown is recognised by who received it already.
 */
export async function composeMessage(mail: Mail): Promise<Message> {
  const { default: MailComposer } = await import('nodemailer/lib/mail-composer')
  const messageId = `<${mail.id}@${mail.from.address.split('@').at(-1)}>`
  const node = new MailComposer({
    from: { name: oneLine(mail.from.name), address: mail.from.address },
    replyTo: mail.replyTo,
    to: mail.to,
    subject: oneLine(mail.subject),
    text: mail.text,
    textEncoding: 'quoted-printable',
    newline: 'windows',
    date: new Date(mail.createdAt.epochMilliseconds),
    messageId,
    headers: {
      // RFC 3834: no out-of-office message answers it.
      'Auto-Submitted': 'auto-generated',
      'Content-Language': 'fr',
    },
    disableFileAccess: true,
    disableUrlAccess: true,
  }).compile()
  return {
    envelope: { from: mail.from.address, to: mail.to },
    bytes: await node.build(),
    messageId,
    fileName: `${mail.createdAt.toString({ smallestUnit: 'second' }).replaceAll(':', '')}-${mail.template}-${mail.id}.eml`,
  }
}

/** A header is one line, whatever a name contains. */
function oneLine(value: string): string {
  return value.replaceAll(/[\p{Cc}\u2028\u2029 ]+/gu, ' ').trim()
}
