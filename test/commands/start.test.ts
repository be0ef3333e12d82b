/** The start of the command, before any of its own sources: what Node makes of them is kept for the next one. */
import { execFileSync } from 'node:child_process'
import { cpSync, globSync, mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, it, onTestFinished } from 'vitest'
import { newTestFolder, removeTestFolder } from '../support/test-folder.ts'

/** An installation whose command says one word, in TypeScript. */
function anInstallation(): string {
  const folder = newTestFolder()
  onTestFinished(() => removeTestFolder(folder))
  mkdirSync(join(folder, 'src'), { recursive: true })
  writeFileSync(join(folder, 'package.json'), '{ "type": "module" }')
  writeFileSync(join(folder, 'src/main.ts'), "const word: string = 'started'\nconsole.log(word)\n")
  cpSync(join(import.meta.dirname, '../../src/preau.js'), join(folder, 'src/preau.js'))
  return folder
}

/** Whatever it printed, on both ways out. */
function start(folder: string): string {
  return execFileSync(process.execPath, [join(folder, 'src/preau.js')], { encoding: 'utf8', env: {} })
}

it('keeps what Node makes of the sources beside the packages, and starts from it', () => {
  const folder = anInstallation()
  expect(start(folder)).toBe('started\n')
  const kept = globSync('node_modules/.cache/preau/*/*', { cwd: folder })
  expect(kept.length).toBeGreaterThan(0)
  expect(start(folder)).toBe('started\n')
  expect(globSync('node_modules/.cache/preau/*/*', { cwd: folder })).toEqual(kept)
})

it('runs the sources as they are now, whatever was kept of them', () => {
  const folder = anInstallation()
  start(folder)
  writeFileSync(join(folder, 'src/main.ts'), "const word: string = 'changed'\nconsole.log(word)\n")
  expect(start(folder)).toBe('changed\n')
})

it('starts where nothing can be kept', () => {
  const folder = anInstallation()
  writeFileSync(join(folder, 'node_modules'), 'not a folder')
  expect(start(folder)).toBe('started\n')
})
