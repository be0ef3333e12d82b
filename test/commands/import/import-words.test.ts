import { expect, test } from 'vitest'
import { importFile } from '../../../src/commands/import/import.ts'
import { progressOn } from '../../../src/commands/import/import-progress.ts'
import { failureReport, successReport } from '../../../src/commands/import/import-report.ts'
import { readConfig } from '../../../src/config.ts'

const nothing = { created: 0, updated: 0, unchanged: 0, besides: {}, notices: [], problems: [] }

test('what was done is said in French, with its plurals', () => {
  const outcome = {
    ...nothing,
    created: 1_240,
    updated: 1,
    besides: { people: 12, sessions: 1, closedSessions: 1 },
    notices: [{ line: 7, column: null, reason: 'LYO-1 reste ouverte' }],
  }
  expect(successReport('attendance', outcome, { file: 'a.csv', dryRun: true }).split('\n')).toEqual([
    'a.csv\u00a0: 1\u202f240 émargements ajoutés, 1 modifié, 0 inchangé',
    '  12 personnes ajoutées',
    '  1 session ajoutée',
    '  1 session close',
    '  ligne 7\u00a0: LYO-1 reste ouverte',
    'Essai\u00a0: rien n’a été écrit.',
  ])
  expect(successReport('funding', { ...nothing, updated: 2 }, { file: 'f.csv', dryRun: false })).toBe(
    'f.csv\u00a0: 0 ligne de financement ajoutée, 2 modifiées, 0 inchangée',
  )
})

test('of many errors a hundred are said, and how many others there are', () => {
  const problems = Array.from({ length: 150 }, (_, index) => ({
    line: index + 2,
    column: 'nom',
    reason: 'vide',
  }))
  const lines = failureReport('p.csv', problems).split('\n')
  expect([lines.length, lines[0], lines[1], lines.at(-1)]).toEqual([
    102,
    'p.csv\u00a0: 150 erreurs, rien n’a été écrit',
    '  ligne 2, colonne nom\u00a0: vide',
    '  … et 50 autres erreurs',
  ])
})

test.each([
  [
    'personnes',
    'people.csv',
    'personnes cannot be imported; choose one of people, trainings, attendance, funding',
  ],
  ['people', '/nowhere/people.csv', '/nowhere/people.csv cannot be read: there is no such file'],
  ['people', '/', '/ cannot be read: it is a folder'],
])('%s from %s is not possible, and no database is asked', async (kind, file, message) => {
  const config = readConfig({ DATABASE_URL: 'postgres://127.0.0.1:1/none' })
  const said: string[] = []
  const done = importFile(config, (line) => said.push(line), { kind, file, dryRun: false, json: false })
  await expect(done).rejects.toThrow(message)
  expect(said).toEqual([])
})

test('a log hears now and then how far a long import is, a terminal all the time', () => {
  const heardBy = (isTTY: boolean) => {
    const written: string[] = []
    const progress = progressOn({ isTTY, write: (text) => written.push(text) })
    for (let done = 4_000; done <= 24_000; done += 4_000) progress(done, 24_000)
    return written
  }
  expect(heardBy(false)).toEqual(['12000 / 24000\n'])
  expect(heardBy(true)).toEqual([4, 8, 12, 16, 20].map((done) => `\r${done}000 / 24000`).concat('\r\u001b[K'))
})
