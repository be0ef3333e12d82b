/** From the bytes of a text file as people have it to its text, or why it cannot be read. */

type Decoded = { text: string } | { line: number; reason: string }

const mostBytes = 20_000_000

/** What people pick by mistake, known by its first bytes (in latin1). */
const otherFormats: readonly (readonly [start: string, reason: string])[] = [
  ['%PDF-', 'le fichier est un PDF\u202f; il faut un fichier CSV'],
  [
    'PK\u0003\u0004',
    'le fichier est un classeur (XLSX, ODS…)\u202f; dans le tableur, enregistrez la feuille au format CSV UTF-8',
  ],
  [
    '\u00d0\u00cf\u0011\u00e0',
    'le fichier est un classeur (XLS)\u202f; dans le tableur, enregistrez la feuille au format CSV UTF-8',
  ],
  ['\u00ff\u00fe', 'le fichier est encodé en UTF-16\u202f; enregistrez-le au format CSV UTF-8'],
  ['\u00fe\u00ff', 'le fichier est encodé en UTF-16\u202f; enregistrez-le au format CSV UTF-8'],
]

/**
 * Decodes UTF-8 (with or without BOM) or else Windows-1252, which is what Excel writes in France under « CSV ».
 * Line breaks of every system become `\n`, so that one line of the answer is one line of the file.
 */
export function decodeText(bytes: Uint8Array): Decoded {
  if (bytes.length > mostBytes)
    return { line: 1, reason: 'le fichier dépasse 20\u00a0Mo\u202f; partagez-le en plusieurs fichiers' }
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const start = buffer.toString('latin1', 0, 4096)
  for (const [signature, reason] of otherFormats) if (start.startsWith(signature)) return { line: 1, reason }
  if (looksBinary(start)) return { line: 1, reason: 'le fichier n’est pas un fichier texte' }
  const decoded = decodeBytes(buffer)
  if ('reason' in decoded) return decoded
  const text = decoded.text.replace(/\r\n?/g, '\n')
  return text.trim() === '' ? { line: 1, reason: 'le fichier est vide' } : { text }
}

/** More than one control character in twenty: compressed bytes have twice as many, a text none. */
function looksBinary(start: string): boolean {
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what it looks for
  const controls = start.match(/[\u0000-\u0008\u000e-\u001f]/g)?.length ?? 0
  return controls * 20 > start.length
}

function decodeBytes(buffer: Buffer): Decoded {
  try {
    return { text: new TextDecoder('utf-8', { fatal: true }).decode(buffer) }
  } catch {
    // Bytes that are UTF-8 in one place and not in another come from files glued together: either reading
    // would spoil names in silence.
    const latin1 = buffer.toString('latin1')
    const utf8Letter = /^\u00ef\u00bb\u00bf|[\u00c2\u00c3][\u0080-\u00bf]/.exec(latin1)
    if (utf8Letter) {
      const line = latin1.slice(0, utf8Letter.index).split(/\r\n?|\n/).length
      return {
        line,
        reason: 'le fichier mélange deux encodages\u202f; enregistrez-le de nouveau au format CSV UTF-8',
      }
    }
    return { text: new TextDecoder('windows-1252').decode(buffer) }
  }
}
