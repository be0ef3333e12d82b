/** To be imported first (`node --import`): documents are then drawn in Helvetica, which a PDF names and does not hold. */
import { registerHooks } from 'node:module'

const substitute = new URL('core-font-pdfkit.ts', import.meta.url).href

registerHooks({
  resolve(specifier, context, next) {
    const isOurs = specifier === 'pdfkit' && context.parentURL !== substitute
    return isOurs
      ? { url: substitute, format: 'module-typescript', shortCircuit: true }
      : next(specifier, context)
  },
})
