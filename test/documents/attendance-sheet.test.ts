import { inflateSync } from 'node:zlib'
import { describe, expect, test } from 'vitest'
import type { AttendanceSheetModel, SheetCell } from '../../src/documents/attendance-sheet.model.ts'
import { drawAttendanceSheet } from '../../src/documents/attendance-sheet.ts'
import { countDrawnLines, readPdf, scanQrCode, type Tag } from './read-pdf.ts'
import { aSheet, aSignature, signedCell } from './sample-attendance-sheet.ts'

const ink = '#1c2a2e'

async function read(model: AttendanceSheetModel) {
  return await readPdf(await drawAttendanceSheet(model))
}

/** One learner in one half-day, this one. */
function sheetWith(cell: Partial<SheetCell>): AttendanceSheetModel {
  const sheet = aSheet({ learners: 1, halfDays: 1 })
  const [learner] = sheet.learners
  const [whole] = learner?.cells ?? []
  if (!learner || !whole) throw new Error('there is a learner')
  return { ...sheet, learners: [{ ...learner, cells: [{ ...whole, ...cell }] }] }
}

const present = {
  status: 'present' as const,
  minutes: 210,
  reason: null,
  justified: null,
  arrivedAt: null,
  leftAt: null,
  addendum: null,
}
const signedAt = { date: '2026-03-02', time: '09:04' }

describe('a sheet says', () => {
  test('whose it is, of what, where, when and by whom, as an inspector asks', async () => {
    const { text } = await read(aSheet({ learners: 2, halfDays: 4 }))
    for (const words of [
      'Feuille d’émargement Concevoir un service numérique responsable',
      'Session NUM-2026-03 , du 2 mars 2026 au 3 mars 2026 , 14 h, 2 stagiaires',
      'Client : Coopérative Les Ateliers du Canal , SIRET 809 142 674 00012 · Financement : Opco Atlas , AGEFICE',
      'Association Préau Formation 12 rue des Petites-Écuries, 75010 Paris SIRET 732 829 320 00074',
      'Déclaration d’activité enregistrée sous le numéro 11 75 61234 75',
      'Lundi 2 mars 2026 Matin, 9 h – 12 h 30 3 h 30, en présentiel Mesurer l’empreinte d’une page',
      'Mardi 3 mars 2026 Après-midi, 14 h – 17 h 30 3 h 30, classe virtuelle',
      'Benali Amina Coopérative Les Ateliers du Canal, SIRET 809 142 674 00012',
      'Claire Morel, signé, 12 h 34',
      'En présentiel : Préau, 12 rue des Petites-Écuries, 75010 Paris',
      'Classe virtuelle : visio.example/salle-7',
      'Je soussigné(e) Camille Durand , présidente, responsable de l’organisme de formation Association Préau Formation , certifie l’exactitude',
    ])
      expect(text).toContain(words)
  })

  test('who attended how long, and how long everybody did together', async () => {
    const sheet = aSheet({ learners: 2, halfDays: 2 })
    const learners = sheet.learners.map((learner, index) =>
      index === 0 ? { ...learner, attendedMinutes: 525, asynchronousMinutes: 120 } : learner,
    )
    const { text } = await read({ ...sheet, learners })
    expect(text).toContain('8 h 45 sur 7 h dont 2 h en autonomie')
    expect(text).toContain('15 h 45 en tout')
  })

  test('when it was sealed, and where the ledger ended, so that both can be compared', async () => {
    const { text, lines } = await read(aSheet({ learners: 1, halfDays: 1 }))
    expect(text).toContain(
      'Scellée le 2 mars 2026 à 12 h 35 par Claire Morel, registre n° 14, empreinte 3f2a 91bc 04de 77a1',
    )
    expect(text).toContain('après son événement n° 168, dont l’empreinte (SHA-256) est 9b7c01d4e2f3aa55')
    expect(lines.map((line) => line.text).join(' ')).toContain('code de vérification')
    expect(text).toContain('9b7c 01d4 e2f3 aa55')
  })

  test.each<[string, Partial<SheetCell>, string]>([
    ['who signed on a phone', {}, 'téléphone, 9 h'],
    [
      'who signed with the code of the room',
      { signature: { way: 'code', at: signedAt, strokes: aSignature(1), scan: null } },
      'code, 9 h 04',
    ],
    [
      'who signed on another day',
      { signature: { way: 'code', at: { date: '2026-03-05', time: '18:30' }, strokes: [], scan: null } },
      'code, 5 mars 2026 à 18 h 30',
    ],
    [
      'who signed on paper',
      { signature: { way: 'paper', at: signedAt, strokes: null, scan: 2 } },
      'signé sur papier, scan n° 2',
    ],
    [
      'whose strokes were deleted in their time',
      { signature: { way: 'trainerDevice', at: signedAt, strokes: null, scan: null } },
      'signature effacée (appareil du formateur, 9 h 04)',
    ],
    [
      'who was absent, with a paper that proves why',
      {
        signature: null,
        mark: { ...present, status: 'absent', minutes: 0, reason: 'illness', justified: true },
      },
      'Absent(e) — maladie, justifiée',
    ],
    [
      'who is marked absent and signed',
      { mark: { ...present, status: 'absent', minutes: 0, reason: 'unknown' } },
      'Absent(e) — motif inconnu a pourtant signé (téléphone, 9 h)',
    ],
    [
      'who came late and left early',
      { mark: { ...present, status: 'partial', minutes: 130, arrivedAt: '09:40', leftAt: '11:50' } },
      'arrivée 9 h 40, départ 11 h 50 2 h 10 sur 3 h 30',
    ],
    [
      'who was there for a part, in minutes',
      { mark: { ...present, status: 'partial', minutes: 45, reason: 'transport' } },
      '0 h 45 sur 3 h 30 transport',
    ],
    [
      'who was there and could not sign',
      { signature: null, waiver: { reason: 'unable', note: 'main dans le plâtre' } },
      'Présent(e), non signé : dans l’impossibilité de signer',
    ],
    ['who was there and has not signed', { signature: null }, 'Présent(e), non signé'],
    ['of whom nobody said anything', { signature: null, mark: null }, 'Non renseigné'],
    ['who was not to be there', { signature: null, mark: null, isExpected: false }, '—'],
  ])('%s', async (_, cell, words) => {
    expect((await read(sheetWith(cell))).text).toContain(words)
  })

  test('what was corrected after the seal, by whom and why', async () => {
    const { text } = await read({
      ...sheetWith({ mark: { ...present, status: 'absent', minutes: 0, addendum: 1 }, signature: null }),
      addenda: [
        {
          number: 1,
          at: { date: '2026-03-06', time: '10:12' },
          by: 'Camille Durand',
          learner: 'Amina Benali',
          halfDay: 1,
          before: { status: 'present', minutes: 210, reason: null, justified: null },
          after: { status: 'absent', minutes: 0, reason: 'work', justified: false },
          reason: 'Signée par erreur',
          sequence: 21,
        },
      ],
    })
    expect(text).toContain('Absent(e) rectifié, addendum n° 1')
    expect(text).toContain(
      'N° 1, le 6 mars 2026 à 10 h 12 par Camille Durand (registre n° 21). Amina Benali, lundi 2 mars 2026, matin : « présent(e), 3 h 30 » devient « absent(e), raison professionnelle, non justifiée » ; motif : Signée par erreur',
    )
  })

  test('why somebody did not sign, and where the papers lie', async () => {
    const sheet = sheetWith({ signature: null, waiver: { reason: 'unable', note: 'main dans le plâtre' } })
    const { text } = await read({
      ...sheet,
      scans: [
        {
          number: 1,
          mediaType: 'application/pdf',
          at: { date: '2026-03-03', time: '08:00' },
          by: 'Claire Morel',
          originalKeptAt: 'classeur 2026, bureau de Lyon',
          sha256: 'ab12'.repeat(16),
          halfDays: [1],
        },
      ],
    })
    expect(text).toContain(
      'Amina Benali, lundi 2 mars 2026, matin : dans l’impossibilité de signer, main dans le plâtre',
    )
    expect(text).toContain(
      'N° 1, PDF déposé le 3 mars 2026 à 8 h par Claire Morel, empreinte ab12 ab12 ab12 ab12 ; original : classeur 2026, bureau de Lyon ; lundi 2 mars 2026, matin',
    )
  })

  test('that a half-day was cancelled, and why', async () => {
    const sheet = aSheet({ learners: 2, halfDays: 2 })
    const halfDays = sheet.halfDays.map((slot, index) =>
      index === 0 ? { ...slot, seal: null, cancelled: { reason: 'Formatrice malade' } } : slot,
    )
    const { text } = await read({ ...sheet, halfDays })
    expect(text).toContain('Annulée : Formatrice malade')
    expect(text).toContain(', 3 h 30, 2 stagiaires')
  })
})

describe('signatures', () => {
  test('are drawn as the strokes they were made of, trainers’ included', async () => {
    const bytes = await drawAttendanceSheet(aSheet({ learners: 3, halfDays: 2 }))
    // Six of learners and two of the trainer, each one path of three strokes.
    expect(await countDrawnLines(bytes, ink)).toBe(8)
    expect(await countDrawnLines(await drawAttendanceSheet(sheetWith({ signature: null })), ink)).toBe(1)
  })

  test('that are one dot, or have a half point, are drawn as far as they go', async () => {
    for (const strokes of [[[500, 200]], [[0, 0, 7]], [[]], []]) {
      const signature = { way: 'code' as const, at: signedAt, strokes, scan: null }
      expect((await read(sheetWith({ signature }))).text).toContain('code, 9 h 04')
    }
  })

  test('eighty-four of them, of twelve learners in six half-days, make a file of less than 80 kB', async () => {
    const sheet = aSheet({ learners: 12, halfDays: 6 })
    const second = { name: 'Yann Kerdoncuff', signature: { at: signedAt, strokes: aSignature(7) } }
    const halfDays = sheet.halfDays.map((slot) => ({ ...slot, trainers: [...slot.trainers, second] }))
    const bytes = await drawAttendanceSheet({ ...sheet, halfDays })
    expect(await countDrawnLines(bytes, ink)).toBe(84)
    expect(bytes.length).toBeLessThan(80_000)
  })
})

describe('pages', () => {
  test('of forty learners and twenty half-days repeat the heading, and lose nobody', async () => {
    const sheet = aSheet({ learners: 40, halfDays: 20 })
    const bytes = await drawAttendanceSheet(sheet)
    const { pages, lines, tags } = await readPdf(bytes)
    const grids = lines
      .filter(({ text }) => text.trim() === 'Nom, prénom, entreprise')
      .map(({ page }) => page)
    const withSignatures = new Set(
      lines.filter(({ text }) => /^téléphone, /.test(text)).map(({ page }) => page),
    )
    expect([...new Set(grids)]).toEqual([...withSignatures])
    const tables = 4
    for (const { lastName, firstName } of sheet.learners) {
      const rows = lines.filter(({ text }) => text.trim() === `${lastName} ${firstName}`)
      expect(rows, lastName).toHaveLength(tables)
    }
    for (let page = 1; page <= pages; page++) {
      const words = lines.filter((line) => line.page === page).map((line) => line.text)
      expect(words.join('').replaceAll(/\s+/g, '')).toContain(`${page}/${pages}`)
    }
    // Read out once, however often it is seen.
    expect(rolesOf(tags).filter((role) => role === 'Table')).toHaveLength(1)
    expect(bytes.length).toBeLessThan(800 * 900)
  })

  test('hold the longest names, places and reasons without cutting or overlapping anything', async () => {
    const { lines, text } = await read(longSheet())
    for (const line of lines) {
      expect(line.x, line.text).toBeGreaterThanOrEqual(33)
      expect(line.x + line.width, line.text).toBeLessThanOrEqual(841.89 - 33)
      expect(line.y, line.text).toBeGreaterThan(18)
      expect(line.y, line.text).toBeLessThan(595.28 - 26)
    }
    const meeting = lines.flatMap((one, index) =>
      lines
        .slice(index + 1)
        .filter((other) => overlap(one, other))
        .map((other) => `${one.text} / ${other.text}`),
    )
    expect(meeting).toEqual([])
    expect(text).toContain('Anticonstitutionnellement')
    expect(text.replaceAll(' ', '')).toContain('fin-du-motif')
  })

  test('are tagged as tables with headings for those who listen', async () => {
    const { isTagged, lang, title, tags } = await read(aSheet({ learners: 2, halfDays: 2 }))
    expect({ isTagged, lang }).toEqual({ isTagged: true, lang: 'fr-FR' })
    expect(title).toBe(
      'Feuille d’émargement, Concevoir un service numérique responsable, session NUM-2026-03',
    )
    const [grid] = tablesOf(tags)
    // Heading, two learners, the trainer; a name, two half-days and the hours in each.
    expect(grid?.children.map((row) => row.children.map((cell) => cell.role).join(' '))).toEqual([
      'TH TH TH TH',
      'TH TD TD TD',
      'TH TD TD TD',
      'TH TD TD TD',
    ])
  })

  test('are the same bytes for the same sheet, whatever was printed between', async () => {
    const sheet = aSheet({ learners: 3, halfDays: 2 })
    const first = await drawAttendanceSheet(sheet)
    await drawAttendanceSheet(longSheet())
    expect((await drawAttendanceSheet(sheet)).equals(first)).toBe(true)
  })
})

describe('a name that the fonts lack', () => {
  test('is printed by its codes, and is itself in the text of the file', async () => {
    const sheet = sheetWith({})
    const [learner] = sheet.learners
    const bytes = await drawAttendanceSheet({
      ...sheet,
      learners: learner ? [{ ...learner, firstName: '小明', lastName: '王' }] : [],
    })
    const { text } = await readPdf(bytes)
    expect(text).toContain('[U+738B] [U+5C0F][U+660E]')
    expect(text).toContain('Les caractères que cette police n’a pas')
    expect(actualTexts(bytes)).toContain('王 小明')
  })

  test('is not explained where everybody’s can be printed', async () => {
    expect((await read(aSheet({ learners: 8, halfDays: 1 }))).text).not.toContain('Les caractères que')
  })
})

describe('a sheet to sign by hand', () => {
  const sheet = { ...aSheet({ learners: 14, halfDays: 8 }), isBlank: true }

  test('shows the same people and half-days, no signature, and where to write', async () => {
    const bytes = await drawAttendanceSheet(sheet)
    const { text } = await readPdf(bytes)
    expect(await countDrawnLines(bytes, ink)).toBe(0)
    for (const words of [
      'Benali Amina',
      'Lundi 2 mars 2026 Matin, 9 h – 12 h 30',
      'Claire Morel',
      'N° de dossier',
    ])
      expect(text).toContain(words)
    expect(text).not.toMatch(/téléphone|Scellée|code de vérification|en tout/)
  })

  test('names by a QR code the half-days that each page bears', async () => {
    const bytes = await drawAttendanceSheet(sheet)
    const halves = [sheet.halfDays.slice(0, 4), sheet.halfDays.slice(4)]
    const expected = halves.map(
      (slots) => `${sheet.scanUrl}?slots=${slots.map(({ id }) => id.slice(-8)).join('-')}`,
    )
    // Fourteen learners: two pages for each half.
    const read = await Promise.all([2, 3].map((page) => scanQrCode(bytes, { page, scale: 2.5 })))
    expect(read).toEqual(expected)
  })
})

test('a sheet whose learners have not a cell for each half-day is refused', async () => {
  const sheet = aSheet({ learners: 1, halfDays: 2 })
  const learners = sheet.learners.map((learner) => ({ ...learner, cells: learner.cells.slice(1) }))
  await expect(drawAttendanceSheet({ ...sheet, learners })).rejects.toThrow('a cell for each half-day')
})

/** Whatever people write, all at once. */
function longSheet(): AttendanceSheetModel {
  const sheet = aSheet({ learners: 9, halfDays: 6 })
  const long = 'Marie-Antoinette Éléonore Philippine Hélène Clotilde Bathilde de La Rochefoucauld-Montmorency'
  const word = 'Anticonstitutionnellement'.repeat(6)
  const halfDays = sheet.halfDays.map((slot) => ({
    ...slot,
    topic: `Découvrir, comprendre et mettre en œuvre ${'les pratiques de la conception responsable '.repeat(6)}`,
    place: `Tiers-lieu coopératif ${'de la rue des Petites-Écuries '.repeat(6)}`,
    trainers: [long, word, 'Claire Morel'].map((name, index) => ({
      name,
      signature: index === 1 ? null : { at: signedAt, strokes: aSignature(index) },
    })),
  }))
  const learners = sheet.learners.map((learner, index) => ({
    ...learner,
    firstName: index % 2 ? word : long,
    lastName: long,
    company: { name: `Société ${word}`, siret: '80914267400012' },
    startedOn: '2026-03-03',
    interruptedOn: '2026-03-04',
    hasLeft: true,
    cells: halfDays.map((slot, place) => ({
      ...signedCell(slot, place),
      mark: {
        ...present,
        status: 'partial' as const,
        minutes: 100,
        reason: 'forceMajeure' as const,
        justified: false,
        arrivedAt: '10:10',
        leftAt: '11:50',
        addendum: 1,
      },
    })),
  }))
  const addendum = {
    number: 1,
    at: signedAt,
    by: long,
    learner: long,
    halfDay: 1,
    before: null,
    after: { status: 'partial' as const, minutes: 100, reason: null, justified: null },
    reason: `${'Une correction dont la raison ne tient pas en une ligne, ni en deux. '.repeat(27)} fin-du-motif`,
    sequence: 99,
  }
  const title =
    'Concevoir, mesurer et maintenir un service numérique responsable et accessible à toutes et à tous'
  return {
    ...sheet,
    training: { title: `${title}, ${title}` },
    halfDays,
    learners,
    addenda: [addendum, addendum],
  }
}

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

function tablesOf(tag: Tag): Tag[] {
  return tag.role === 'Table' ? [tag] : tag.children.flatMap(tablesOf)
}

/** The texts that stand for what is seen, from the streams of the file. */
function actualTexts(bytes: Buffer): string[] {
  const file = bytes.toString('latin1')
  const streams = [...file.matchAll(/stream\n([\s\S]*?)\nendstream/g)].flatMap(([, stream = '']) => {
    try {
      return [inflateSync(Buffer.from(stream, 'latin1')).toString('latin1')]
    } catch {
      return []
    }
  })
  return streams.flatMap((stream) =>
    [...stream.matchAll(/\/ActualText \(\xfe\xff((?:\\[\s\S]|[^)\\])*)\)/g)].map(([, text = '']) =>
      Buffer.from(text.replaceAll(/\\([\s\S])/g, '$1'), 'latin1')
        .swap16()
        .toString('utf16le'),
    ),
  )
}
