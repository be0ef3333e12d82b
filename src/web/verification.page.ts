import { html } from 'hono/html'
import type { Verification } from '../certification/certification.service.ts'
import { hoursAndMinutes, typeset } from '../documents/typography.ts'
import { defaultTimeZone } from '../organisation/organisation.schema.ts'
import { dayOf } from './french.ts'
import { verificationForm } from './home.page.ts'
import { type Html, nameOf, type Page } from './layout.ts'
import type { PublicOrganisation } from './web.queries.ts'

/** The page that the QR code of a certificate leads to: read on a telephone, by someone who has never heard of us. */
export function verificationPage(
  certificate: Verification,
  organisation: PublicOrganisation | undefined,
): Page {
  const zone = organisation?.timeZone ?? defaultTimeZone
  return {
    title: `Certificat ${certificate.number}`,
    isPrivate: true,
    content: html`${verdict(certificate, organisation, zone)}
<dl class="facts-table">
  <div><dt>Numéro</dt><dd>${certificate.number}</dd></div>
  <div><dt>Titulaire</dt><dd>${certificate.holder}</dd></div>
  <div><dt>Formation</dt><dd>${typeset(certificate.training)}</dd></div>
  <div><dt>Durée suivie</dt><dd>${hoursAndMinutes(certificate.attendedMinutes)}</dd></div>
  <div><dt>Délivré le</dt><dd>${dayOf(certificate.issuedAt, zone)}</dd></div>
</dl>
<section>
  <h2>Ce que cela veut dire</h2>
  <p>Ces lignes sont celles du certificat de réalisation au moment où il a été délivré. La durée est celle que la
  personne a réellement suivie, additionnée depuis la feuille d’émargement.</p>
</section>
${fileSection(certificate.sha256)}`,
  }
}

function verdict(
  certificate: Verification,
  organisation: PublicOrganisation | undefined,
  zone: string,
): Html {
  if (!certificate.valid) {
    return banner(
      'revoked',
      'Certificat révoqué',
      html`${certificate.revokedAt && `Révoqué le ${dayOf(certificate.revokedAt, zone)}. `}Ce certificat ne vaut
        plus&nbsp;: il a été annulé ou remplacé par un autre.`,
    )
  }
  const by = organisation ? ` par ${nameOf(organisation)}` : ''
  return banner(
    'valid',
    'Certificat valable',
    html`Ce certificat a bien été délivré${by} et n’a pas été révoqué.`,
  )
}

/** Said by word, sign and colour, so that none of the three is needed alone. */
function banner(kind: keyof typeof signs, heading: string, text: Html): Html {
  return html`<div class="verdict ${kind}">
  <svg viewBox="0 0 24 24" aria-hidden="true">${signs[kind]}</svg>
  <div><h1>${heading}</h1><p>${text}</p></div>
</div>`
}

const signs = {
  valid: html`<circle cx="12" cy="12" r="10"/><path d="m7 12.5 3.5 3.5 6.5-7.5"/>`,
  revoked: html`<circle cx="12" cy="12" r="10"/><path d="m8 8 8 8m0-8-8 8"/>`,
  unknown: html`<path d="M12 3 22 20.5H2z"/><path d="M12 9.5v5.5m0 2.2v.3"/>`,
}

/** The hash in groups of eight, which a reader compares more easily than 64 characters in a row. */
function fileSection(sha256: string): Html {
  const groups = sha256.match(/.{1,8}/g) ?? []
  return html`<section>
  <h2>Vérifier le fichier PDF</h2>
  <p>Le fichier que l’on vous a remis est l’original si son empreinte SHA-256 est exactement celle-ci&nbsp;:</p>
  <p class="hash">${groups.map((group) => html`<span>${group}</span> `)}</p>
  <p>Pour la calculer, le fichier restant sur votre ordinateur&nbsp;:</p>
  <dl class="commands">
    <div><dt>Linux</dt><dd><code>sha256sum certificat.pdf</code></dd></div>
    <div><dt>macOS</dt><dd><code>shasum -a 256 certificat.pdf</code></dd></div>
    <div><dt>Windows</dt><dd><code>certutil -hashfile certificat.pdf SHA256</code></dd></div>
  </dl>
</section>`
}

/** For a code that no certificate has; it may have been misread. */
export function unknownCodePage(code: string): Page {
  return {
    title: 'Code inconnu',
    isPrivate: true,
    content: html`${banner(
      'unknown',
      'Code inconnu',
      html`Aucun certificat ne porte le code «&#8239;${code}&#8239;».`,
    )}
<p>Un caractère manque peut-être, ou a été mal lu. Si le code est bien celui du document, celui-ci n’a pas été délivré
ici.</p>
${verificationForm(code)}`,
  }
}

export const verificationFormPage: Page = {
  title: 'Vérifier un certificat',
  isShared: true,
  content: html`<h1>Vérifier un certificat</h1>
<p>Le code au bas d’un certificat de réalisation dit s’il a bien été délivré ici, à qui, et pour combien d’heures.</p>
${verificationForm()}`,
}
