/** `preau admin create`: another admin, for instance when the only one has left. */
import { text } from 'node:stream/consumers'
import type { Config } from '../config.ts'
import { systemCtx } from '../deps.ts'
import { createAccount } from '../people/account.service.ts'
import { accountInput } from '../people/people.schema.ts'
import { check } from '../platform/http/validate.ts'
import { openRuntime, type Say } from './runtime.ts'

type NewAdmin = { email: string; firstName: string; lastName: string; json?: boolean }

/** Throws 422 on an address or password that is none, 409 when the address is taken. */
export async function createAdmin(config: Config, say: Say, options: NewAdmin): Promise<void> {
  const password = config.adminPassword ?? (await readPassword())
  const { json, ...person } = options
  const input = check(accountInput, { ...person, password, roleGrants: [{ role: 'admin' }] })
  const runtime = await openRuntime(config)
  try {
    const account = await createAccount(systemCtx(runtime.deps, 'admin create'), input)
    say(
      json
        ? JSON.stringify({ id: account.id, personId: account.personId })
        : `Admin created: ${account.email}`,
    )
  } finally {
    await runtime.close()
  }
}

/** From standard input, so that it stands neither in the history of the shell nor in the list of processes. */
async function readPassword(): Promise<string> {
  if (process.stdin.isTTY) process.stderr.write('Password, then Ctrl-D: ')
  return (await text(process.stdin)).replace(/\r?\n$/, '')
}
