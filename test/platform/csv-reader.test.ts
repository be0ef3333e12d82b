import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { type CsvColumn, readCsv } from '../../src/platform/csv-reader.ts'
import { csvBytes, csvLines, type Dialect, encoded, excel } from '../support/csv.ts'

const columns: CsvColumn[] = [
  { name: 'nom', synonyms: ['last name', 'nom de famille'], required: true },
  { name: 'no_facture', synonyms: ['n° de facture'] },
  { name: 'remarque', synonyms: ['note'] },
]

const cellsOf = (bytes: Uint8Array) => readCsv(bytes, columns).lines.map(({ cells }) => cells)
const problemsOf = (bytes: Uint8Array) => readCsv(bytes, columns).problems
const reasonsOf = (bytes: Uint8Array) => problemsOf(bytes).map(({ reason }) => reason)

describe('what is written in a spreadsheet is read back', () => {
  const dialects = fc.record<Dialect>({
    delimiter: fc.constantFrom(';', ','),
    newline: fc.constantFrom('\n', '\r\n', '\r'),
    encoding: fc.constantFrom('utf-8', 'utf-8 with BOM'),
    quotes: fc.constantFrom('all', 'needed'),
  })
  const awkward = fc.constantFrom(...';,"\n\t\u00a0\u202f\'=+-@|éÉœŒ€’…łđễ', 'e\u0301', '\r\n', '😀')
  const letters = fc.string({ unit: 'grapheme', maxLength: 3 })
  const cell = fc.array(fc.oneof(awkward, letters), { maxLength: 8 }).map((parts) => parts.join(''))
  const readable = cell.filter((text) => !/[\p{Cc}\ufffd]/u.test(text.replace(/[\t\n\r]/g, '')))
  const tables = fc.array(fc.tuple(readable, readable, readable), { maxLength: 12 })

  const asRead = (text: string) => text.replace(/\r\n?/g, '\n').normalize('NFC').trim()
  const expected = (rows: readonly (readonly [string, string, string])[]) =>
    rows
      .map(([nom, no_facture, remarque]) => ({
        nom: asRead(nom),
        no_facture: asRead(no_facture),
        remarque: asRead(remarque),
      }))
      .filter((row) => Object.values(row).some((text) => text !== ''))

  test('whatever its words, delimiter, line ends and quotation marks', () => {
    fc.assert(
      fc.property(tables, dialects, (rows, dialect) => {
        const bytes = csvBytes([['nom', 'no_facture', 'remarque'], ...rows], {
          ...dialect,
          // A cell that begins with a quotation mark or ends in a space cannot be told without its own marks.
          quotes: rows.flat().some((text) => text !== text.trim()) ? 'all' : dialect.quotes,
        })
        expect(readCsv(bytes, columns)).toEqual({ lines: expect.any(Array), problems: [] })
        expect(cellsOf(bytes)).toEqual(expected(rows))
      }),
      { numRuns: 500 },
    )
  })

  test('in the Windows-1252 of an older Excel', () => {
    const french = fc.constantFrom(...'aàâçéèêëîïôùûüÿœŒÉÈÇ€’–«» ;,"\n')
    const words = fc.array(french, { maxLength: 12 }).map((parts) => `é${parts.join('')}`)
    fc.assert(
      fc.property(fc.array(fc.tuple(words, words, words), { minLength: 1, maxLength: 8 }), (rows) => {
        const bytes = csvBytes([['nom', 'no_facture', 'remarque'], ...rows], {
          ...excel,
          encoding: 'windows-1252',
          quotes: 'all',
        })
        expect(cellsOf(bytes)).toEqual(expected(rows))
      }),
    )
  })
})

describe('headings', () => {
  test('match without case, accents, spaces or punctuation, in French or English', () => {
    expect(cellsOf(csvLines('Nom de Famille;N° DE FACTURE', 'Le Goff;F-1'))).toEqual([
      { nom: 'Le Goff', no_facture: 'F-1', remarque: '' },
    ])
    for (const headings of ['last_name,No-Facture', 'lastName,noFacture', 'LASTNAME,NO FACTURE'])
      expect(cellsOf(csvLines(headings, 'Le Goff,F-1'))).toEqual([
        { nom: 'Le Goff', no_facture: 'F-1', remarque: '' },
      ])
  })

  test('decide the delimiter, even when cells are full of the other one', () => {
    expect(cellsOf(csvLines('nom;remarque', 'Diop;"un, deux, trois"'))[0]?.remarque).toBe('un, deux, trois')
    expect(cellsOf(csvLines('nom,remarque', 'Diop,un; deux; trois'))[0]?.remarque).toBe('un; deux; trois')
  })

  test('may come after blank lines and the separator that Excel announces', () => {
    const { lines, problems } = readCsv(csvLines('sep=;', '', ';;', 'nom;remarque', '', 'Diop;x'), columns)
    expect(problems).toEqual([])
    expect(lines).toEqual([{ line: 6, cells: { nom: 'Diop', no_facture: '', remarque: 'x' } }])
  })

  test('that nobody knows are named, with the possible ones', () => {
    expect(problemsOf(csvLines('nom;couleur', 'Diop;bleu'))).toEqual([
      {
        line: 1,
        column: 'couleur',
        reason: 'colonne inconnue\u202f; les colonnes possibles sont\u00a0: nom, no_facture, remarque',
      },
    ])
  })

  test('that say the same twice are refused, under whichever name', () => {
    expect(problemsOf(csvLines('nom;Last name', 'Diop;Diop'))).toEqual([
      { line: 1, column: 'Last name', reason: 'la colonne nom figure deux fois' },
    ])
  })

  test('that the file must have are asked for, and nothing is read without them', () => {
    expect(readCsv(csvLines('', 'remarque', 'x'), columns)).toEqual({
      lines: [],
      problems: [{ line: 2, column: 'nom', reason: 'cette colonne manque dans la ligne de titres' }],
    })
  })
})

describe('lines', () => {
  test('keep the number that an editor shows, through blank lines and line breaks in cells', () => {
    const { lines } = readCsv(
      encoded('nom;remarque\r\n\r\nA;"une\r\ndeux\r\ntrois"\r\n;\r\nB;x\r\n\r\n', 'utf-8 with BOM'),
      columns,
    )
    expect(lines.map(({ line, cells }) => [line, cells.nom, cells.remarque])).toEqual([
      [3, 'A', 'une\ndeux\ntrois'],
      [7, 'B', 'x'],
    ])
  })

  test('may be shorter than the headings, or longer by empty cells', () => {
    expect(cellsOf(csvLines('nom;no_facture;remarque;;', 'A', 'B;F-1;x;;;;'))).toEqual([
      { nom: 'A', no_facture: '', remarque: '' },
      { nom: 'B', no_facture: 'F-1', remarque: 'x' },
    ])
  })

  test('with text beyond the headings are refused, and the others are read', () => {
    const { lines, problems } = readCsv(csvLines('nom;remarque', 'A;un;deux', 'B;x'), columns)
    expect(lines.map(({ cells }) => cells.nom)).toEqual(['B'])
    expect(problems).toEqual([
      { line: 2, column: null, reason: expect.stringContaining('hors des colonnes') },
    ])
  })

  test('with a quotation mark that is not closed are named by the line where it opens', () => {
    const { lines, problems } = readCsv(csvLines('nom;remarque', 'A;x', 'B;"ouvert', 'C;"y"', 'D;z'), columns)
    expect(lines.map(({ cells }) => cells.nom)).toEqual(['A'])
    expect(problems).toEqual([
      { line: 3, column: null, reason: expect.stringContaining('la lecture s’arrête ici') },
    ])
  })

  test('may hold quotation marks inside a cell without doubling them', () => {
    expect(cellsOf(csvLines('nom;remarque', 'A;dit "le grand"; ', 'B; "entre ; marques" ;'))).toEqual([
      { nom: 'A', no_facture: '', remarque: 'dit "le grand"' },
      { nom: 'B', no_facture: '', remarque: 'entre ; marques' },
    ])
  })

  test('keep the text of a formula that was made harmless', () => {
    expect(cellsOf(csvLines('nom;remarque', `A;'=1+1`))[0]?.remarque).toBe(`'=1+1`)
  })

  test('with invisible control characters or lost letters are refused in the cell that has them', () => {
    const padding = 'une remarque assez longue pour que le fichier reste un texte'
    expect(
      problemsOf(csvLines('nom;remarque', `A\u0000;${padding}`, `B;${padding}\u0007`, `C;Andr\ufffd`)),
    ).toEqual([
      { line: 2, column: 'nom', reason: 'la cellule contient un caractère de commande invisible' },
      { line: 3, column: 'remarque', reason: 'la cellule contient un caractère de commande invisible' },
      { line: 4, column: 'remarque', reason: expect.stringContaining('abîmé') },
    ])
  })

  test('have cells of at most 50,000 characters', () => {
    expect(reasonsOf(csvLines('nom;remarque', `A;${'x'.repeat(50_000)}`))).toEqual([])
    expect(problemsOf(csvLines('nom;remarque', `A;${'x'.repeat(50_001)}`))).toEqual([
      { line: 2, column: 'remarque', reason: 'la cellule dépasse 50\u202f000 caractères' },
    ])
  })

  test('are at most 200,000', () => {
    const file = (count: number) => Buffer.from(`nom\n${'A\n'.repeat(count)}`)
    expect(readCsv(file(200_000), columns).lines).toHaveLength(200_000)
    expect(readCsv(file(200_001), columns)).toEqual({
      lines: [],
      problems: [{ line: 200_002, column: null, reason: expect.stringContaining('200\u202f000 lignes') }],
    })
  })
})

describe('a file that is not a CSV file is refused with one clear reason', () => {
  test.each<[string, Uint8Array, string]>([
    ['an empty one', new Uint8Array(), 'le fichier est vide'],
    ['a blank one', Buffer.from('\ufeff\r\n  \r\n'), 'le fichier est vide'],
    ['a PDF', Buffer.from('%PDF-1.7\n%\u00e2\u00e3\u00cf\u00d3\n', 'latin1'), 'est un PDF'],
    ['a workbook', Buffer.from('PK\u0003\u0004\u0014\u0000\u0006\u0000', 'latin1'), 'est un classeur (XLSX'],
    ['an older workbook', Uint8Array.of(0xd0, 0xcf, 0x11, 0xe0, 0xa1, 0xb1), 'est un classeur (XLS)'],
    ['a text in UTF-16', Buffer.from('\ufeffnom;remarque\r\n', 'utf16le'), 'UTF-16'],
    [
      'a text in UTF-16 that does not say so',
      Buffer.from('nom;remarque\r\n', 'utf16le'),
      'n’est pas un fichier texte',
    ],
    [
      'a picture',
      Buffer.from('\u0089PNG\r\n\u001a\n\u0000\u0000\u0000\rIHDR', 'latin1'),
      'n’est pas un fichier texte',
    ],
    ['one of more than 20 MB', Buffer.alloc(20_000_001, 'a'), '20\u00a0Mo'],
  ])('%s', (_, bytes, reason) => {
    expect(readCsv(bytes, columns)).toEqual({
      lines: [],
      problems: [{ line: 1, column: null, reason: expect.stringContaining(reason) }],
    })
  })

  test('one glued together from two encodings, at the line where the second shows', () => {
    const glued = Buffer.concat([encoded('nom\nAndré\n', 'windows-1252'), encoded('Zoé\n', 'utf-8')])
    expect(problemsOf(glued)).toEqual([
      { line: 3, column: null, reason: expect.stringContaining('mélange deux encodages') },
    ])
  })
})
