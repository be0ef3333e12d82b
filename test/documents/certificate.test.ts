import { spawnSync } from 'node:child_process'
import { describe, expect, test } from 'vitest'
import type { CertificateModel } from '../../src/documents/certificate.model.ts'
import { loadTemplate, renderDocument } from '../../src/documents/render.ts'
import { readPdf, scanQrCode, type Tag } from './read-pdf.ts'
import { longSample, sample } from './sample-certificate.ts'

const template = loadTemplate('certificate')

async function print(model: CertificateModel): Promise<Uint8Array> {
  const { bytes } = await renderDocument({ kind: 'certificate', templateSource: template.source, model })
  return bytes
}

async function read(model: CertificateModel) {
  return await readPdf(await print(model))
}

const withLearner = (learner: Partial<CertificateModel['learner']>): CertificateModel => ({
  ...sample,
  learner: { ...sample.learner, ...learner },
})

describe('the wording', () => {
  test('a certificate says what the form of the ministry says, word for word', async () => {
    const { text } = await read(sample)
    for (const sentence of [
      'Certificat de réalisation',
      'Je soussigné(e) Camille Durand , représentant légal du dispensateur de l’action concourant au développement des compétences Association Préau Formation ,',
      'atteste que :',
      'Amina Benali salarié(e) de l’entreprise Coopérative Les Ateliers du Canal a suivi l’action Concevoir un service numérique responsable',
      'Nature de l’action concourant au développement des compétences :',
      '☑ action de formation (1) ☐ bilan de compétences ☐ action de VAE ☐ action de formation par apprentissage',
      'qui s’est déroulée du 2 mars 2026 au 4 mars 2026',
      'pour une durée de 18 h 30 (nombre d’heures réalisées ou, s’agissant d’une formation par apprentissage, nombre de mois réalisés) (2)',
      'Sans préjudice des délais imposés par les règles fiscales, comptables ou commerciales, je m’engage à conserver l’ensemble des pièces justificatives qui ont permis d’établir le présent certificat pendant une durée de 3 ans à compter de la fin de l’année du dernier paiement. En cas de cofinancement des fonds européens la durée de conservation est étendue conformément aux obligations conventionnelles spécifiques.',
      'Fait à Paris Le 20 mars 2026 Camille Durand présidente Cachet et signature du responsable du dispensateur de formation (nom, prénom, qualité du signataire)',
      '(1) Lorsque l’action est mise en œuvre dans le cadre d’un projet de transition professionnelle, le certificat de réalisation doit être transmis mensuellement.',
      '(2) Dans le cadre des formations à distance prendre en compte la réalisation des activités pédagogiques et le temps estimé pour les réaliser.',
    ]) {
      expect(text).toContain(sentence)
    }
  })

  test.each([
    ['training', '☑ action de formation (1)'],
    ['skillsAssessment', '☑ bilan de compétences'],
    ['vae', '☑ action de VAE'],
    ['apprenticeship', '☑ action de formation par apprentissage'],
  ] as const)('for the nature %s only the box "%s" is ticked', async (actionKind, box) => {
    const { text } = await read({ ...sample, training: { ...sample.training, actionKind } })
    expect(text).toContain(box)
    expect(text.match(/☑/g)).toHaveLength(1)
    expect(text.match(/☐/g)).toHaveLength(3)
  })

  test('the hours printed are those attended, not those planned', async () => {
    const { text } = await read({ ...sample, attendedMinutes: 45, onsiteMinutes: 45, plannedMinutes: 1260 })
    expect(text).toContain('pour une durée de 0 h 45 (')
    expect(text).not.toContain('21 h')
  })

  test('a learner who is nobody’s employee has no company on the certificate', async () => {
    const { text } = await read(withLearner({ isEmployee: false }))
    expect(text).toContain('Amina Benali a suivi l’action')
    expect(text).not.toContain('salarié')
  })

  test('an employee whose company is not known is not said to be one', async () => {
    const { text } = await read(withLearner({ employerName: null }))
    expect(text).toContain('Amina Benali a suivi l’action')
  })

  test('a birth name is printed when it is another than the name in use', async () => {
    expect((await read(withLearner({ birthName: 'Haddad' }))).text).toContain(
      'Amina Benali (nom de naissance : Haddad), salarié(e) de l’entreprise',
    )
    expect((await read(withLearner({ birthName: 'Benali' }))).text).not.toContain('naissance')
  })

  test('hours on site and at a distance are told apart when there are both', async () => {
    const { text } = await read({
      ...sample,
      onsiteMinutes: 720,
      synchronousMinutes: 270,
      asynchronousMinutes: 120,
    })
    expect(text).toContain(
      'Dont 12 h sur site et 6 h 30 à distance, soit 4 h 30 en direct et 2 h en activités autonomes.',
    )
    expect((await read(sample)).text).not.toContain('distance,')
  })

  test('a class held online only is said to be so', async () => {
    const { text } = await read({ ...sample, onsiteMinutes: 0, synchronousMinutes: 1110 })
    expect(text).toContain('Entièrement à distance.')
  })

  test('the letterhead and the declaration of activity are in the words of the law', async () => {
    const { text } = await read(sample)
    expect(text).toContain('Préau Association Préau Formation 12 rue des Petites-Écuries 75010 Paris')
    expect(text).toContain('SIRET 732 829 320 00074')
    expect(text).toContain(
      'déclaration d’activité enregistrée sous le numéro 11 75 61234 75 auprès du préfet de région d’Île-de-France.',
    )
  })

  test('Qualiopi is mentioned by those who hold it, with every category of theirs', async () => {
    const { organisation } = sample
    const one = await read(sample)
    expect(one.text).toContain('au titre de la catégorie d’action suivante : ACTIONS DE FORMATION.')
    const two = await read({
      ...sample,
      organisation: {
        ...organisation,
        qualiopi: { certificateNumber: 'Q-1', categories: ['training', 'vae'], validUntil: '2027-06-30' },
      },
    })
    expect(two.text).toContain(
      'des catégories d’actions suivantes : ACTIONS DE FORMATION, ACTIONS PERMETTANT DE FAIRE VALIDER LES ACQUIS DE L’EXPÉRIENCE.',
    )
    const none = await read({ ...sample, organisation: { ...organisation, qualiopi: null } })
    expect(none.text).not.toMatch(/qualiopi|certification/i)
  })
})

describe('verification', () => {
  test('a phone held over the certificate reads the verification address, which is also printed', async () => {
    const bytes = await print(sample)
    expect(await scanQrCode(bytes)).toBe(sample.verification.url)
    expect((await readPdf(bytes)).text).toContain(
      `Certificat CR-2026-0001 · authenticité à vérifier sur ${sample.verification.url}`,
    )
  })

  test('an address with a port and an underscore survives the way into the QR code', async () => {
    const url = 'http://127.0.0.1:3000/verify/a_b-c~d*e'
    expect(await scanQrCode(await print({ ...sample, verification: { code: 'a_b-c', url } }))).toBe(url)
  })
})

describe('the page', () => {
  test('a certificate with the longest names and title is one page, nothing cut and nothing overlapping', async () => {
    const { pages, lines, text } = await read(longSample)
    expect(pages).toBe(1)
    expect(text).toContain(longSample.training.title.trim())
    for (const line of lines) {
      expect(line.x).toBeGreaterThanOrEqual(59)
      expect(line.x + line.width).toBeLessThanOrEqual(595.28 - 59)
      expect(line.y).toBeGreaterThan(30)
    }
    for (const [index, one] of lines.entries()) {
      for (const other of lines.slice(index + 1))
        expect(overlap(one, other), `${one.text} / ${other.text}`).toBe(false)
    }
  })

  test('a word longer than the line is broken, not cut', async () => {
    const title = 'Wolfeschlegelsteinhausenbergerdorff'.repeat(7)
    const { text, lines } = await read({ ...sample, training: { ...sample.training, title } })
    expect(text.replaceAll(' ', '')).toContain(title)
    expect(Math.max(...lines.map((line) => line.x + line.width))).toBeLessThanOrEqual(595.28 - 59)
  })

  test.each([
    ['Vietnamese', 'Nguyễn Thị Ánh Nguyệt'],
    ['Polish', 'Świętosława Żółkiewska-Łącka'],
    ['Greek', 'Ελένη Παπαδοπούλου'],
    ['Cyrillic', 'Олександра Щербаківська'],
    ['Turkish and Romanian', 'Işıl Çağlayan Ștefănescu'],
  ])('a %s name is printed and can be searched', async (_language, lastName) => {
    expect((await read(withLearner({ lastName }))).text).toContain(`Amina ${lastName}`)
  })

  test('a character the fonts lack shows its code instead of an empty box', async () => {
    expect((await read(withLearner({ lastName: '王' }))).text).toContain('Amina [U+738B]')
  })

  test('a name that looks like markup is printed as it was typed', async () => {
    const { text, tags } = await read(
      withLearner({ firstName: 'Jean | x\n# Titre', lastName: '**{{ number }}** <b>[x] ![](qr:a)&amp;' }),
    )
    expect(text).toContain('Jean | x # Titre **{{ number }}** <b>[x] ![](qr:a)&amp; salarié(e)')
    expect(rolesOf(tags).filter((role) => role === 'H1')).toHaveLength(1)
  })

  test('a screen reader meets title, text, boxes, code and address in order, in French', async () => {
    const { title, lang, isTagged, tags } = await read(sample)
    expect(title).toBe('Certificat de réalisation CR-2026-0001')
    expect(lang).toBe('fr-FR')
    expect(isTagged).toBe(true)
    const roles = rolesOf(tags)
    expect(roles.indexOf('H1')).toBeLessThan(roles.indexOf('L'))
    expect(roles.indexOf('L')).toBeLessThan(roles.indexOf('Figure'))
    expect(roles.indexOf('Figure')).toBeLessThan(roles.indexOf('Link'))
    expect(roles.filter((role) => role === 'LI')).toHaveLength(4)
    expect(figuresOf(tags).map((figure) => figure.alt)).toEqual(['Code QR menant à la page de vérification'])
  })

  test('a title that XML would take for markup leaves the metadata readable', async () => {
    const bytes = await print({ ...sample, number: 'A&B <1>' })
    expect((await readPdf(bytes)).title).toBe('Certificat de réalisation AetB ‹1›')
    expect(Buffer.from(bytes).toString('utf8')).toContain('Certificat de réalisation AetB ‹1›</rdf:li>')
  })
})

describe('the same for ever', () => {
  test('a certificate has the same bytes in another process that printed other things before', async () => {
    // Letters that share their glyphs with those of the names printed before: Ω with Ohm, μ with micro, ı with ị.
    const model = withLearner({ firstName: 'Işıl', lastName: 'Ωμέγα' })
    const before = [withLearner({ firstName: 'Thị', lastName: '\u2126\u00b5' }), longSample]
    const { sha256 } = await renderDocument({
      kind: 'certificate',
      templateSource: template.source,
      model,
    })
    const module = new URL('../../src/documents/render.ts', import.meta.url).href
    const script = `
      const { renderDocument, loadTemplate } = await import(${JSON.stringify(module)})
      const templateSource = loadTemplate('certificate').source
      for (const model of ${JSON.stringify([...before, model])}) {
        const { sha256 } = await renderDocument({ kind: 'certificate', templateSource, model })
        console.log(sha256)
      }`
    const run = spawnSync(process.execPath, ['--input-type=module', '-e', script], { encoding: 'utf8' })
    expect(run.stderr).toBe('')
    expect(run.stdout.trim().split('\n')[2]).toBe(sha256)
  })

  test('the only date in the file is the instant of issue', async () => {
    const { created } = await read(sample)
    expect(created).toBe('D:20260320093000Z')
  })

  test('another model is another file', async () => {
    const shas = await Promise.all(
      [sample, longSample, { ...sample, attendedMinutes: 1109, onsiteMinutes: 1109 }].map(
        async (model) =>
          (await renderDocument({ kind: 'certificate', templateSource: template.source, model })).sha256,
      ),
    )
    expect(new Set(shas).size).toBe(3)
  })

  test('the version of a template is the SHA-256 of its file', () => {
    expect(template.version).toMatch(/^[0-9a-f]{64}$/)
    expect(loadTemplate('certificate')).toEqual(template)
  })
})

test.each([
  ['minutes whose parts do not add up', { ...sample, onsiteMinutes: 1000 }],
  ['a day that does not exist', { ...sample, issuedOn: '2026-02-30' }],
  ['half a minute', { ...sample, attendedMinutes: 0.5, onsiteMinutes: 0.5 }],
  ['a field nobody knows', { ...sample, civility: 'Mme' }],
  [
    'an address that is not of the web',
    { ...sample, verification: { code: 'x', url: 'javascript:alert(1)' } },
  ],
])('a model with %s is refused before anything is drawn', async (_what, model) => {
  const drawing = renderDocument({ kind: 'certificate', templateSource: template.source, model })
  await expect(drawing).rejects.toThrow(/invalid|must add up|unrecognized/i)
})

type Box = { page: number; x: number; y: number; width: number; height: number }

/** Whether the ink of two lines meets: descenders and ascenders may come close, baselines may not. */
function overlap(a: Box, b: Box): boolean {
  const inX = a.x < b.x + b.width - 0.5 && b.x < a.x + a.width - 0.5
  const inY = Math.abs(a.y - b.y) < Math.min(a.height, b.height) * 0.9
  return a.page === b.page && inX && inY
}

function rolesOf(tag: Tag): string[] {
  return [tag.role, ...tag.children.flatMap(rolesOf)]
}

function figuresOf(tag: Tag): Tag[] {
  return [...(tag.role === 'Figure' ? [tag] : []), ...tag.children.flatMap(figuresOf)]
}

test('a template that asks for what a certificate has not is refused, naming the template and the line', async () => {
  const templateSource = template.source.replace('atteste que :', 'atteste que {{ learner.civility }} :')
  const line = templateSource.split('\n').findIndex((text) => text.includes('civility')) + 1
  await expect(renderDocument({ kind: 'certificate', templateSource, model: sample })).rejects.toThrow(
    `certificate.md: undefined variable: learner.civility, line:${line}`,
  )
})
