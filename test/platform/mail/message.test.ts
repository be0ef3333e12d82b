/** The bytes of a mail, read back by a mail program’s parser. */
import fc from 'fast-check'
import { simpleParser } from 'mailparser'
import { describe, expect, it } from 'vitest'
import { composeMessage } from '../../../src/platform/mail/message.ts'

const id = '0199a0f0-0000-7000-8000-000000000001'
const aMail = {
  id,
  template: 'enrolment-confirmed',
  createdAt: Temporal.Instant.from('2026-03-01T12:00:00Z'),
  from: { name: 'Les Communs du Numérique', address: 'contact@example.org' },
  replyTo: 'secretariat@example.org',
  to: 'ada@example.org',
  subject: 'Inscription confirmée\u00a0: Éco-conception',
  text: 'Bonjour Ada,\n\nà bientôt\u202f!\n',
}

async function readBack(mail: Partial<typeof aMail>) {
  const { bytes } = await composeMessage({ ...aMail, ...mail })
  return { parsed: await simpleParser(bytes), source: bytes.toString('latin1') }
}

describe('a mail', () => {
  it('is plain text in UTF-8 from the organisation, in ASCII bytes with CRLF line ends', async () => {
    const { parsed, source } = await readBack({})
    expect(parsed).toMatchObject({
      subject: aMail.subject,
      text: aMail.text,
      html: false,
      date: new Date('2026-03-01T12:00:00Z'),
      messageId: `<${id}@example.org>`,
      attachments: [],
    })
    expect(parsed.from?.value).toEqual([{ name: 'Les Communs du Numérique', address: 'contact@example.org' }])
    expect(parsed.replyTo?.text).toBe('secretariat@example.org')
    expect(parsed.headers.get('auto-submitted')).toBe('auto-generated')
    expect(source).toMatch(/Content-Type: text\/plain; charset=utf-8\r\n/)
    expect(source).toMatch(/Content-Transfer-Encoding: quoted-printable\r\n/)
    expect(source).toMatch(/^[\x20-\x7e\r\n]*$/)
    expect(source.replaceAll('\r\n', '')).not.toMatch(/[\r\n]/)
  })

  it('is the same to the byte each time it is tried, and its file is named without the person', async () => {
    const [once, again] = [await composeMessage(aMail), await composeMessage(aMail)]
    expect(again).toEqual(once)
    expect(once.fileName).toBe(`2026-03-01T120000Z-enrolment-confirmed-${id}.eml`)
    expect(once.envelope).toEqual({ from: 'contact@example.org', to: 'ada@example.org' })
  })

  it('keeps long lines, dots alone and «From» at the start of a line', async () => {
    const text = `${'Une phrase qui ne finit pas, '.repeat(20)}\n.\nFrom ici\nhttps://preau.example/${'x'.repeat(1_500)}\n`
    const { parsed, source } = await readBack({ text })
    expect(parsed.text).toBe(text)
    expect(Math.max(...source.split('\r\n').map((line) => line.length))).toBeLessThan(998)
  })

  it('has the headers that we gave it and no other, whatever the names and the subject contain', async () => {
    const nasty = fc.oneof(
      fc.string({ unit: 'binary' }),
      fc.constantFrom(
        'Ada\r\nBcc: mallory@example.org',
        'Ada\nSubject: autre\n\nCorps',
        '"Ada" <mallory@example.org>, "B',
        'Ada\u2028Bcc: x',
        'a, b; c: d <e>',
        '=?utf-8?B?QmNjOg==?=',
        'Élodie «\u202fLa Fabrique\u202f»',
      ),
    )
    const expected = [...(await simpleParser((await composeMessage(aMail)).bytes)).headers.keys()].sort()
    await fc.assert(
      fc.asyncProperty(nasty, nasty, async (name, subject) => {
        fc.pre(subject.trim() !== '')
        const { parsed } = await readBack({ from: { ...aMail.from, name }, subject: `Objet ${subject}` })
        expect([...parsed.headers.keys()].sort()).toEqual(expected)
        expect(parsed.from?.value.map(({ address }) => address)).toEqual(['contact@example.org'])
        expect(parsed.to).toMatchObject({ text: 'ada@example.org' })
        expect(parsed.text).toBe(aMail.text)
      }),
      { numRuns: 30 },
    )
  })

  it('shows names with quotes, commas and accents as they are', async () => {
    for (const name of [
      'Élodie & fils',
      'L’Atelier, SCOP',
      'La «\u202fFabrique\u202f»',
      'Le "Collectif"',
      '勉強会',
    ]) {
      const { parsed } = await readBack({ from: { ...aMail.from, name } })
      expect(parsed.from?.value).toEqual([{ name, address: 'contact@example.org' }])
    }
  })
})
