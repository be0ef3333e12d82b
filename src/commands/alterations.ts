import type { Alteration } from '../platform/alteration.ts'

/** One line: what, which, since which event, how. */
export function describeAlteration({ kind, id, reference, code, sequence, detail }: Alteration): string {
  const which = [kind, reference, id, sequence !== null && `event ${sequence}`].filter(Boolean).join(' ')
  return `${which}: ${detail} [${code}]`
}
