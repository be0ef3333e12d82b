import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { readConfig } from '../src/config.ts'
import { dataFolder } from './support/command.ts'

describe('the configuration', () => {
  it('takes secrets from files too, as containers and systemd hand them over', () => {
    const folder = dataFolder()
    mkdirSync(folder)
    const file = join(folder, 'database-url')
    writeFileSync(file, 'postgres://preau:secret@db.example.org/preau\n')
    expect(readConfig({ DATABASE_URL_FILE: file })).toMatchObject({
      databaseUrl: 'postgres://preau:secret@db.example.org/preau',
    })
    expect(readConfig({ DATABASE_URL: 'postgres:///other', DATABASE_URL_FILE: file })).toMatchObject({
      databaseUrl: 'postgres:///other',
    })
    expect(readConfig({ PREAU_METRICS_TOKEN_FILE: '' }).metricsToken).toBeUndefined()
    expect(() => readConfig({ SMTP_URL_FILE: join(file, 'none') })).toThrow(/SMTP_URL_FILE: ENOTDIR/)
  })

  it('is refused without repeating the value, which may be a secret', () => {
    const wrong = { DATABASE_URL: 'canari', PREAU_METRICS_TOKEN: 'canari', SMTP_URL: 'canari' }
    expect(() => readConfig(wrong)).toThrow(
      /^((?!canari).)*DATABASE_URL((?!canari).)*PREAU_METRICS_TOKEN((?!canari).)*$/,
    )
  })
})
