/** What a browser says of itself, in two words that its owner recognises: the rest of the header is nobody's business. */

const browsers: readonly [RegExp, string][] = [
  [/\bEdg(e|A|iOS)?\//, 'Edge'],
  [/\b(OPR|Opera)\//, 'Opera'],
  [/\bSamsungBrowser\//, 'Samsung Internet'],
  [/\b(Firefox|FxiOS)\//, 'Firefox'],
  [/\b(Chrome|Chromium|CriOS)\//, 'Chrome'],
  [/\bVersion\/\S+ .*\bSafari\//, 'Safari'],
  [/^curl\//, 'curl'],
]

const systems: readonly [RegExp, string][] = [
  [/\biPad\b/, 'iPad'],
  [/\biPhone\b/, 'iPhone'],
  [/\bAndroid\b/, 'Android'],
  [/\bWindows\b/, 'Windows'],
  [/\bCrOS\b/, 'ChromeOS'],
  [/\bMac OS X\b|\bMacintosh\b/, 'macOS'],
  [/\bLinux\b|\bX11\b/, 'Linux'],
]

/** `Firefox · Linux`, one of the two, or null for a `User-Agent` that says neither. */
export function deviceOf(userAgent: string | undefined): string | null {
  if (userAgent === undefined) return null
  // Long enough for every browser; what is longer is not one.
  const said = userAgent.slice(0, 500)
  const known = [browsers, systems].flatMap((names) => names.find(([sign]) => sign.test(said))?.[1] ?? [])
  return known.length > 0 ? known.join(' · ') : null
}
