/**
 * Links `node_modules/.bin/node` to the Node of this platform after `npm ci`. npm 9 and 10 make the link and then
 * remove it with the packages of the other platforms, which have a program of the same name; our scripts would run on
 * the machine's own Node. Runs on that one, however old it is.
 */
import { existsSync, readdirSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'

const modules = fileURLToPath(new URL('../node_modules', import.meta.url))
const link = join(modules, '.bin/node')
const name = readdirSync(modules).find((entry) => /^node-(bin-)?(linux|darwin)-/.test(entry))
if (name && !existsSync(link)) symlinkSync(`../${name}/bin/node`, link)
