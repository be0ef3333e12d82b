/** How an attendance sheet looks: A4 lying, small type, one row for a learner and one column for a half-day. */
import {
  bodySheet,
  colors,
  headerSheet,
  type PageFrame,
  type Sheet,
  type TextStyle,
  widthWithin,
} from './style.ts'

export const frame = {
  width: 841.89,
  height: 595.28,
  left: 34,
  right: 34,
  top: 28,
  bottom: 20,
} as const satisfies PageFrame
export const frameWidth = widthWithin(frame)

const { ink, grey, accent } = colors

/** Behind headings of tables, and behind half-days that were cancelled. */
export const fills = { heading: '#edf3f3', cancelled: '#f1f1f1' } as const

const small: TextStyle = { size: 7, leading: 9.2, before: 3, color: grey, face: 'regular' }
const facts: TextStyle = { size: 8, leading: 11, before: 3, color: ink, face: 'regular' }

/** What the sheet is about, at the left of the first page's head. */
export const titleSheet: Sheet = {
  ...bodySheet,
  text: facts,
  lead: { size: 12.5, leading: 15.5, before: 2, color: ink, face: 'bold' },
  longLead: { size: 10, leading: 12.5, before: 2, color: ink, face: 'bold' },
  small,
  headings: [
    { size: 18, leading: 21, before: 0, color: accent, face: 'bold' },
    { ...facts, face: 'bold' },
    { ...facts, face: 'bold' },
  ],
  qrSize: 78,
}

/** Whose sheet it is, at the right. */
export const ownerSheet: Sheet = {
  ...headerSheet,
  text: { size: 7.4, leading: 9.8, before: 1, color: grey, face: 'regular' },
  lead: { size: 11, leading: 14, before: 0, color: accent, face: 'bold' },
  longLead: { size: 9, leading: 11.5, before: 0, color: accent, face: 'bold' },
}

/** What stands below the tables. */
export const closingSheet: Sheet = {
  ...bodySheet,
  text: { ...facts, before: 7 },
  small: { ...small, before: 6 },
  headings: [
    { size: 10, leading: 13, before: 12, color: accent, face: 'bold' },
    { size: 10, leading: 13, before: 12, color: accent, face: 'bold' },
    { ...facts, face: 'bold', before: 8 },
  ],
}

export const text = {
  running: { size: 7.4, leading: 10, before: 0, color: grey, face: 'regular' },
  headingDay: { size: 7.4, leading: 9, before: 0, color: ink, face: 'bold' },
  heading: { size: 6.5, leading: 8, before: 0, color: ink, face: 'regular' },
  topic: { size: 6.5, leading: 8, before: 0, color: grey, face: 'regular' },
  name: { size: 8, leading: 9.6, before: 0, color: ink, face: 'bold' },
  beside: { size: 6.3, leading: 7.8, before: 0, color: grey, face: 'regular' },
  caption: { size: 6.3, leading: 7.6, before: 0, color: ink, face: 'regular' },
  faint: { size: 6.3, leading: 7.6, before: 0, color: grey, face: 'regular' },
  total: { size: 8, leading: 9.6, before: 0, color: ink, face: 'bold' },
  detail: { size: 7, leading: 9, before: 0, color: ink, face: 'regular' },
  detailBold: { size: 7, leading: 9, before: 0, color: ink, face: 'bold' },
} as const satisfies Record<string, TextStyle>
