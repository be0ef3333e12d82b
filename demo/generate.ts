/** Writes the demonstration's CSV files anew, byte for byte the same: `node demo/generate.ts [folder]`. */
import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { demoFiles } from './generator/files.ts'

const folder = process.argv[2] ?? import.meta.dirname
for (const [name, bytes] of Object.entries(demoFiles())) writeFileSync(join(folder, name), bytes)
