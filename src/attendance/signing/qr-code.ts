/** A QR code as an SVG of its own, for a screen: black on white whatever the page, with the quiet zone that scanners want. */
export async function qrCode(text: string): Promise<string> {
  const { toString: draw } = await import('qrcode')
  return draw(text, { type: 'svg', margin: 4, errorCorrectionLevel: 'M' })
}
