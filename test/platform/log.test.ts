/** What the log says of an error: enough to find it, and not a word that somebody may have typed. */
import { sql } from 'kysely'
import { describe, expect, it } from 'vitest'
import { z } from 'zod'
import { testAppForOneTest } from '../support/app.ts'
import { captureLog } from '../support/captured-log.ts'

const canary = 'canari'

async function raisedBy(work: () => unknown): Promise<unknown> {
  try {
    await work()
  } catch (error) {
    return error
  }
  throw new Error('nothing was raised')
}

/** The `err` of the line, once it is sure that nothing typed is in it. */
function logged(error: unknown) {
  const captured = captureLog()
  captured.log.error({ err: error }, 'request failed')
  expect(captured.text()).not.toMatch(/canari/i)
  return captured.lines()[0].err
}

describe('the log of an error', () => {
  it('says where it happened and what kind it is, not what it says', () => {
    expect(logged(new TypeError(`${canary} is not iterable\n    at ${canary} (x)`))).toEqual({
      type: 'TypeError',
      stack: expect.stringMatching(/^at .*log\.test\.ts:\d+:\d+/),
    })
    expect(logged(canary)).toEqual({ type: 'string' })
  })

  it('quotes nothing that was to be parsed', async () => {
    for (const work of [
      () => JSON.parse(`{"name": ${canary}`),
      () => Temporal.PlainDate.from(canary),
      () => new URL(`//${canary}`),
      () => decodeURIComponent(`%${canary}`),
      () => new Intl.DateTimeFormat('fr', { timeZone: canary }),
      () => Buffer.from(Symbol(canary) as unknown as string),
      () => z.object({ a: z.literal('b') }).parse({ a: canary, [canary]: 1 }),
    ]) {
      expect(logged(await raisedBy(work)).stack).toMatch(/^at /)
    }
  })

  it('names the field of an answer that does not fit its own contract', async () => {
    const answer = z.object({ items: z.array(z.object({ seats: z.int() })) })
    const error = await raisedBy(() => answer.parse({ items: [{ seats: canary }] }))
    expect(logged(error).issues).toEqual(['invalid_type items 0 seats'])
  })

  it('keeps the code and the names of a database error, and neither the row nor the message that quote it', async () => {
    const { deps, signIn } = await testAppForOneTest()
    await (await signIn('admin')).post('/api/chapters', { name: canary, city: canary, regionCode: '53' })
    const error = await raisedBy(() =>
      sql`insert into chapter select (jsonb_populate_record(c, jsonb_build_object('id', gen_random_uuid()))).* from chapter c`.execute(
        deps.db,
      ),
    )
    expect(JSON.stringify(error)).toContain(canary)
    expect(logged(error)).toMatchObject({
      code: '23505',
      constraint: 'chapter_name_unique',
      table: 'chapter',
    })
    expect(logged(error).message).toBeUndefined()

    const notADate = await raisedBy(() => sql`select ${canary}::date`.execute(deps.db))
    expect(logged(notADate)).toMatchObject({ code: '22007' })
    const raised = await raisedBy(() =>
      sql`do $$ begin raise exception 'no place for canari' using detail = 'canari', hint = 'canari'; end $$`.execute(
        deps.db,
      ),
    )
    expect(logged(raised)).toMatchObject({ code: 'P0001' })
  })

  it('keeps the message of a database error that speaks of the server or the statement', async () => {
    const { deps } = await testAppForOneTest()
    const missing = await raisedBy(() => sql`select nothing from chapter`.execute(deps.db))
    expect(logged(missing)).toMatchObject({ code: '42703', message: 'column "nothing" does not exist' })
  })

  it('follows the causes', () => {
    const refused = Object.assign(new Error(`connect ${canary}`), {
      code: 'ECONNREFUSED',
      syscall: 'connect',
    })
    const mail = Object.assign(new Error(`550 <${canary}@example.org>`, { cause: refused }), {
      code: 'EENVELOPE',
      responseCode: 550,
      rejected: [canary],
    })
    expect(logged(mail)).toMatchObject({
      code: 'EENVELOPE',
      responseCode: 550,
      cause: { code: 'ECONNREFUSED', syscall: 'connect' },
    })
  })
})
