/** pdfkit, but for its fonts: whichever is asked for, it takes one of the fourteen that every reader of PDF has. */
import PDFDocument from 'pdfkit'

type Options = ConstructorParameters<typeof PDFDocument>[0]

const coreFonts: Record<string, string> = {
  'SourceSans3-SemiBold': 'Helvetica-Bold',
  'SourceSans3-Italic': 'Helvetica-Oblique',
}

// biome-ignore lint/style/noDefaultExport: it stands in the place of pdfkit's own
export default class CoreFontDocument extends PDFDocument {
  constructor(options?: Options) {
    super({ ...options, font: 'Helvetica' })
  }

  override registerFont(): this {
    return this
  }

  override font(name: string): this {
    return super.font(coreFonts[name] ?? 'Helvetica')
  }
}
