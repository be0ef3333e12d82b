/** The wording of mails: every template fills in, values stay text, and mistakes are named. */
import { globSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { fillMail } from '../../src/documents/mail-template.ts'
import { mailTemplates } from '../../src/platform/mail/mail.schema.ts'

const folder = join(import.meta.dirname, '../../templates/emails')

const organisation = {
  name: 'Les Communs du Numérique',
  email: 'contact@example.org',
  street: '12 rue des Ateliers',
  postalCode: '75011',
  city: 'Paris',
  country: 'France',
  phone: null,
}

const enrolment = {
  organisation,
  baseUrl: 'https://preau.example',
  link: null,
  firstName: 'Ada',
  training: 'Éco-conception web',
  reference: 'LYO-2026-03',
  timeZone: null,
  place: 'La Fabrique, Lyon',
  remoteUrl: null,
  reason: null,
  position: null,
  slots: [
    { date: '2026-03-02', start: '09:00', end: '12:30', place: null },
    { date: '2026-04-01', start: '14:00', end: '17:30', place: 'Salle 2' },
  ],
}

describe('the templates of mails', () => {
  it('are exactly those that mails are queued with', () => {
    const files = globSync('*.txt.liquid', { cwd: folder }).map((file) => file.replace('.txt.liquid', ''))
    expect(files.sort()).toEqual([...mailTemplates, 'layout'].sort())
  })

  it('tell who is enrolled when, where and how to say no, in French down to the spaces', () => {
    const { subject, text } = fillMail('enrolment-confirmed', enrolment)
    expect(subject).toBe('Inscription confirmée\u00a0: Éco-conception web')
    expect(text.replaceAll('\u00a0', '~').replaceAll('\u202f', '^')).toBe(
      `Bonjour Ada,

Votre inscription à la formation «^Éco-conception web^» (session LYO-2026-03) est confirmée.

Dates~:
- lundi 2~mars~2026, de 9~h à 12~h~30
- mercredi 1er~avril~2026, de 14~h à 17~h~30, Salle 2

Lieu~: La Fabrique, Lyon

Un empêchement^? Répondez à ce message dès que vous le savez~: votre place profitera à la personne suivante.

--${' '}
Les Communs du Numérique
12 rue des Ateliers, 75011 Paris
contact@example.org
`,
    )
  })

  it('name the clock when it is not the organisation’s, and the room of a class on line', () => {
    const facts = {
      ...enrolment,
      timeZone: 'heure de La Réunion',
      place: null,
      remoteUrl: 'https://visio.example/x',
    }
    const { text } = fillMail('enrolment-seated', facts)
    expect(text).toContain('Dates (heure de La Réunion)\u00a0:')
    expect(text).toContain('Pour vous connecter\u00a0: https://visio.example/x')
    expect(text).not.toContain('Lieu')
  })

  it('leave no hole where there is nothing to say', () => {
    for (const template of mailTemplates.filter((name) => /enrolment|session/.test(name))) {
      const { text } = fillMail(template, { ...enrolment, slots: [], place: null })
      expect(text).not.toMatch(/\n\n\n|[ \t]\n(?!Les Communs)/)
    }
  })

  it('take values as they are: no Liquid, no second line in the subject, no control characters', () => {
    const training = 'A\r\nBcc: mallory@example.org {{ firstName }} {% if %} \u0007\u2028'
    const { subject, text } = fillMail('enrolment-cancelled', {
      ...enrolment,
      training,
      reason: 'Une ligne\r\net une autre',
    })
    expect(subject).toBe('Inscription annulée\u00a0: A Bcc: mallory@example.org {{ firstName }} {% if %}')
    expect(text).toContain('Motif\u00a0: Une ligne\net une autre\n')
    expect(text).not.toMatch(/(?!\n)[\p{Cc}\u2028]/u)
  })

  it('name the file and the line of what is missing', () => {
    const { training: _, ...without } = enrolment
    expect(() => fillMail('enrolment-refused', without)).toThrow(
      /^enrolment-refused\.txt\.liquid: .*training/,
    )
  })
})
