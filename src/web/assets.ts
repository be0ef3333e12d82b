/** The few static files of the pages, each with the hash of its content, so that a browser keeps it until it changes. */
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { join } from 'node:path'
import { sha256Hex } from '../platform/files/files.ts'
import { isKnown } from '../platform/http/etag.ts'
import type { Router } from '../platform/http/router.ts'
import { notFound } from '../platform/problems.ts'

const { resolve } = createRequire(import.meta.url)
const here = (name: string) => () => join(import.meta.dirname, name)
const css = 'text/css; charset=utf-8'
const javascript = 'text/javascript; charset=utf-8'

const files = {
  'style.css': { path: here('style.css'), mediaType: css },
  'forms.css': { path: here('forms.css'), mediaType: css },
  'attendance.css': { path: here('attendance.css'), mediaType: css },
  'sign.js': { path: here('client/sign.js'), mediaType: javascript },
  'sheet.js': { path: here('client/sheet.js'), mediaType: javascript },
  'sheet-dialogs.js': { path: here('client/sheet-dialogs.js'), mediaType: javascript },
  'answers.js': { path: here('client/answers.js'), mediaType: javascript },
  'elements.js': { path: here('client/elements.js'), mediaType: javascript },
  'scan.js': { path: here('client/scan.js'), mediaType: javascript },
  'problem-text.js': { path: here('client/problem-text.js'), mediaType: javascript },
  'outbox.js': { path: here('client/outbox.js'), mediaType: javascript },
  'signature-pad.js': { path: here('client/signature-pad.js'), mediaType: javascript },
  'icon.svg': { path: here('icon.svg'), mediaType: 'image/svg+xml' },
  'docs.css': { path: here('docs.css'), mediaType: css },
  'docs.js': { path: here('client/docs.js'), mediaType: javascript },
  'swagger-ui.css': { path: () => resolve('swagger-ui-dist/swagger-ui.css'), mediaType: css },
  'swagger-ui-bundle.js': {
    path: () => resolve('swagger-ui-dist/swagger-ui-bundle.js'),
    mediaType: javascript,
  },
} as const

type AssetName = keyof typeof files

type Asset = { bytes: Uint8Array<ArrayBuffer>; hash: string }

const read = new Map<AssetName, Asset>()

/** Read from the disk once, when first asked for. */
function asset(name: AssetName): Asset {
  const known = read.get(name)
  if (known) return known
  const bytes = new Uint8Array(readFileSync(files[name].path()))
  const found = { bytes, hash: sha256Hex(bytes).slice(0, 16) }
  read.set(name, found)
  return found
}

/** The address of the file as it is now. */
export function assetUrl(name: AssetName): string {
  return `/assets/${name}?v=${asset(name).hash}`
}

export function assetRoutes(router: Router): void {
  router.get('/assets/:name', (c) => {
    const name = c.req.param('name')
    if (!isAssetName(name)) throw notFound()
    const { bytes, hash } = asset(name)
    // An address with another hash is of another version: it is answered, but not kept.
    const isCurrent = c.req.query('v') === hash
    c.header('ETag', `"${hash}"`)
    c.header('Cache-Control', isCurrent ? 'public, max-age=31536000, immutable' : 'no-cache')
    if (isKnown(c, `"${hash}"`)) return c.body(null, 304)
    c.header('Content-Type', files[name].mediaType)
    return c.body(bytes)
  })
}

function isAssetName(name: string): name is AssetName {
  return Object.hasOwn(files, name)
}
