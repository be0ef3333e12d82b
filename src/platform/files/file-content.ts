/** What kind of file these bytes are, by what is in them: a sender can call anything a PDF. */
import { crc32 } from 'node:zlib'
import { invalidField, unsupportedFile } from '../problems.ts'

/** What people scan and photograph papers as. */
export const recognisedTypes = ['application/pdf', 'image/jpeg', 'image/png'] as const
export type RecognisedType = (typeof recognisedTypes)[number]

/** `isWhole`: it has its end, and what is between can be followed. */
type RecognisedFile = { mediaType: RecognisedType; isWhole: boolean }

/** Undefined when it is neither a PDF nor a JPEG nor a PNG. */
export function recogniseFile(bytes: Uint8Array): RecognisedFile | undefined {
  const buffer = Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength)
  const kind = kinds.find(({ signature }) => buffer.subarray(0, signature.length).equals(signature))
  return kind && { mediaType: kind.mediaType, isWhole: kind.isWhole(buffer) }
}

/** The media type of a paper that was sent. Throws 415 for what is no PDF, JPEG or PNG, 422 for one that is broken. */
export function mediaTypeOf(bytes: Uint8Array): RecognisedType {
  const file = recogniseFile(bytes)
  if (!file) throw unsupportedFile({ detail: 'This is neither a PDF nor a JPEG nor a PNG.' })
  if (!file.isWhole) throw invalidField('', 'broken', 'is damaged, or only a part of the file')
  return file.mediaType
}

const kinds: readonly {
  mediaType: RecognisedType
  signature: Buffer
  isWhole: (bytes: Buffer) => boolean
}[] = [
  { mediaType: 'application/pdf', signature: Buffer.from('%PDF-'), isWhole: isWholePdf },
  { mediaType: 'image/jpeg', signature: Buffer.from([0xff, 0xd8, 0xff]), isWhole: isWholeJpeg },
  { mediaType: 'image/png', signature: Buffer.from('\x89PNG\r\n\x1a\n', 'latin1'), isWhole: isWholePng },
]

/** A version, then where its table of objects is, and `%%EOF` near the end (ISO 32000-1 §7.5.5, annex H.3). */
function isWholePdf(bytes: Buffer): boolean {
  const end = bytes.subarray(-1_024).toString('latin1')
  const at = /startxref\s+(\d+)\s+%%EOF/.exec(end)?.[1]
  return /^%PDF-\d\.\d/.test(bytes.toString('latin1', 0, 8)) && at !== undefined && Number(at) < bytes.length
}

/** Segments with their lengths up to the picture, of which the size is told before, then its end (ITU-T T.81, annex B). */
function isWholeJpeg(bytes: Buffer): boolean {
  let at = 2
  let hasSize = false
  while (at + 4 <= bytes.length && bytes[at] === 0xff) {
    const marker = bytes[at + 1] ?? 0
    if (marker === 0xff) at += 1
    else {
      if (isFrame(marker)) hasSize = bytes.length >= at + 9 && bytes.readUInt32BE(at + 5) >= 0x1_0001
      at += 2 + bytes.readUInt16BE(at + 2)
      // Phones add things of their own after the picture.
      if (marker === 0xda) return hasSize && bytes.indexOf(Buffer.from([0xff, 0xd9]), at) > 0
    }
  }
  return false
}

/** SOF0 to SOF15; DHT, JPG and DAC have numbers among them. */
function isFrame(marker: number): boolean {
  return marker >= 0xc0 && marker <= 0xcf && ![0xc4, 0xc8, 0xcc].includes(marker)
}

/** Chunks each with its sum: the size first, a picture, and the end (ISO/IEC 15948 §5). */
function isWholePng(bytes: Buffer): boolean {
  let at = 8
  let hasPicture = false
  while (at + 12 <= bytes.length) {
    const length = bytes.readUInt32BE(at)
    const type = bytes.toString('latin1', at + 4, at + 8)
    const end = at + 8 + length
    if (end + 4 > bytes.length || crc32(bytes.subarray(at + 4, end)) !== bytes.readUInt32BE(end)) return false
    if (at === 8 && (type !== 'IHDR' || length !== 13)) return false
    if (type === 'IDAT') hasPicture = true
    if (type === 'IEND') return hasPicture
    at = end + 4
  }
  return false
}
