/** Bare Hono and `pg`: what the same statements cost without Préau around them. No validation, no permission, JSON out. */
import { json } from 'node:stream/consumers'
import { serve } from '@hono/node-server'
import { Hono } from 'hono'
import pg from 'pg'
import type { Recording } from '../recording.ts'
import { bareInsert, makeTable } from './bare-insert.ts'
import { bpfAggregate } from './bpf-aggregate.ts'
import { type Renames, replay } from './replay.ts'

const recordings = (await json(process.stdin)) as Record<string, Recording>
// As many connections as Préau opens.
const pool = new pg.Pool({ connectionString: process.argv[2], max: 10 })
const app = new Hono()

app.get('/replay/:name', async (c) => c.json(await replay(pool, recordingOf(c.req.param('name')))))

app.post('/replay/:name', async (c) => {
  const renames = await c.req.json<Renames>()
  return c.json(await replay(pool, recordingOf(c.req.param('name')), renames))
})

app.get('/bpf', async (c) => {
  const { from = '', to = '' } = c.req.query()
  return c.json(await bpfAggregate(pool, from, to))
})

app.post('/signatures/table', async (c) => {
  await makeTable(pool)
  return c.body(null, 204)
})

app.post('/signatures', async (c) => c.json(await bareInsert(pool, await c.req.json())))

function recordingOf(name: string): Recording {
  const recording = recordings[name]
  if (!recording) throw new Error(`nothing recorded as ${name}`)
  return recording
}

serve({ fetch: app.fetch, port: 0, hostname: '127.0.0.1' }, ({ port }) => {
  process.stdout.write(`http://127.0.0.1:${port}\n`)
})
