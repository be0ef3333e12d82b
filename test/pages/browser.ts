/** The application behind a real port, and Chromium to look at it. */

import { once } from 'node:events'
import { existsSync } from 'node:fs'
import type { AddressInfo } from 'node:net'
import { createAdaptorServer } from '@hono/node-server'
import { type Browser, chromium } from 'playwright-core'
import { type TestApp, testApp } from '../support/app.ts'

const executablePath = '/usr/bin/chromium'

/** Throws when there is no Chromium: pages that nobody looked at have not passed. */
export async function openBrowser(): Promise<Browser> {
  if (!existsSync(executablePath)) {
    throw new Error(
      `The pages are tested in Chromium, and ${executablePath} does not exist: install chromium`,
    )
  }
  return chromium.launch({ executablePath, args: ['--no-sandbox', '--disable-gpu'] })
}

export type ServedApp = TestApp & { address: string }

/** `testApp` that also listens on a free port of this machine. */
export async function servedApp(options: { now?: string; baseUrl?: string } = {}): Promise<ServedApp> {
  const preau = await testApp(options)
  const server = createAdaptorServer({ fetch: preau.app.fetch })
  server.listen(0, '127.0.0.1')
  await once(server, 'listening')
  const { port } = server.address() as AddressInfo
  return {
    ...preau,
    address: `http://127.0.0.1:${port}`,
    async close() {
      await new Promise((resolve) => server.close(resolve))
      await preau.close()
    },
  }
}
