/** What the operating system says: the account that PostgreSQL can run as, what it may reach, which processes run. */
import { spawnSync } from 'node:child_process'
import { codeOf, unusableDatabase } from './embedded-problems.ts'

export type Account = { uid: number; gid: number }

/**
 * PostgreSQL refuses to run as root, so root lends it an account that exists: `postgres`, else `nobody`. None is ever
 * created.
 */
export function accountForRoot(): Account {
  const account = accountNamed('postgres') ?? accountNamed('nobody')
  if (account) return account
  throw unusableDatabase(
    'PostgreSQL does not run as root, and there is no user postgres or nobody to run it as: ' +
      'start Préau as an ordinary user, or set DATABASE_URL.',
  )
}

export function isRoot(): boolean {
  return process.getuid?.() === 0
}

/** True when `account` (this process's own if undefined) passes a `test` of the shell, such as `-x`, on a path. */
export function accountPasses(account: Account | undefined, test: '-x' | '-r', path: string): boolean {
  return spawnSync('/bin/sh', ['-c', `test ${test} "$0"`, path], { ...account, cwd: '/' }).status === 0
}

/** True when a process has this number, whoever it belongs to. */
export function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return true
  } catch (error) {
    return codeOf(error) === 'EPERM'
  }
}

function accountNamed(name: string): Account | undefined {
  const uid = numberFrom('-u', name)
  const gid = numberFrom('-g', name)
  return uid === undefined || gid === undefined ? undefined : { uid, gid }
}

function numberFrom(option: '-u' | '-g', name: string): number | undefined {
  const { status, stdout } = spawnSync('id', [option, name], { encoding: 'utf8' })
  return status === 0 ? Number(stdout.trim()) : undefined
}
