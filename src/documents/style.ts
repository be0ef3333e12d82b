/** How printed documents look: one accent, two greys, one family of type. Lengths are points, 72 to the inch. */
import type { Face } from './fonts.ts'

export const colors = { ink: '#1c2a2e', grey: '#566469', line: '#cfd8da', accent: '#0f5257' } as const

/** A page and its margins. */
export type PageFrame = {
  width: number
  height: number
  left: number
  right: number
  top: number
  bottom: number
}

export function widthWithin({ width, left, right }: PageFrame): number {
  return width - left - right
}

/** A4 upright. Nothing but the footer goes below `footerTop` of a page, which depends on the footer's height. */
export const page = {
  width: 595.28,
  height: 841.89,
  left: 60,
  right: 60,
  top: 46,
  bottom: 32,
} as const satisfies PageFrame
export const contentWidth = widthWithin(page)

/** `leading`: from one baseline to the next. `before`: space above, which may be tightened to save a page. */
export type TextStyle = { size: number; leading: number; before: number; color: string; face: Face }

/** The styles of one part of the page: body, header or footer. */
export type Sheet = {
  text: TextStyle
  /** A paragraph that is bold from end to end: what the document is about. */
  lead: TextStyle
  /** The same for a paragraph of more than two lines. */
  longLead: TextStyle
  /** What stands in a block quote: small print. */
  small: TextStyle
  /** Headings of level 1, 2, and 3 or deeper. */
  headings: readonly [TextStyle, TextStyle, TextStyle]
  /** Side of a QR code. */
  qrSize: number
}

const { ink, grey, accent } = colors

const text: TextStyle = { size: 10.5, leading: 15.5, before: 9, color: ink, face: 'regular' }

export const bodySheet: Sheet = {
  text,
  lead: { size: 16, leading: 20, before: 5, color: ink, face: 'bold' },
  longLead: { size: 13, leading: 16.5, before: 5, color: ink, face: 'bold' },
  small: { size: 8, leading: 11, before: 8, color: grey, face: 'regular' },
  headings: [
    { size: 26, leading: 31, before: 30, color: accent, face: 'bold' },
    { size: 12.5, leading: 17, before: 16, color: accent, face: 'bold' },
    { ...text, face: 'bold', before: 12 },
  ],
  qrSize: 76,
}

const letterhead: TextStyle = { size: 8.4, leading: 11.6, before: 2, color: grey, face: 'regular' }

export const headerSheet: Sheet = {
  ...bodySheet,
  text: letterhead,
  lead: { size: 15, leading: 19, before: 0, color: accent, face: 'bold' },
  longLead: { size: 12, leading: 15, before: 0, color: accent, face: 'bold' },
  small: letterhead,
}

const legal: TextStyle = { size: 7.6, leading: 10.4, before: 2, color: grey, face: 'regular' }

export const footerSheet: Sheet = {
  ...bodySheet,
  text: legal,
  lead: { ...legal, face: 'bold' },
  longLead: { ...legal, face: 'bold' },
  small: legal,
  qrSize: 62,
}

/** The same sheet with all its type smaller, for a document that is a little too long for its page. */
export function scaled(sheet: Sheet, factor: number): Sheet {
  const scale = (style: TextStyle): TextStyle => ({
    ...style,
    size: style.size * factor,
    leading: style.leading * factor,
    before: style.before * factor,
  })
  const [first, second, third] = sheet.headings
  return {
    text: scale(sheet.text),
    lead: scale(sheet.lead),
    longLead: scale(sheet.longLead),
    small: scale(sheet.small),
    headings: [scale(first), scale(second), scale(third)],
    qrSize: sheet.qrSize,
  }
}
