/** Why a database cannot be used, in words that the person who started Préau can act on. */

const errorName = 'UnusableDatabase'

/**
 * An error named `UnusableDatabase`: the command prints its message in one line, without a stack, because the cause is
 * on the machine (a folder, a full disk, another version) and not in the code.
 */
export function unusableDatabase(message: string, cause?: unknown): Error {
  const error = new Error(message, { cause })
  error.name = errorName
  return error
}

/** Whether the message of an error is meant for people: `unusableDatabase` made it. */
export function isUnusableDatabase(error: unknown): error is Error & { name: typeof errorName } {
  return error instanceof Error && error.name === errorName
}

/** The code of a system or driver error (`ENOENT`, `57P03`), or an empty string. */
export function codeOf(error: unknown): string {
  return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

const folderReasons: Record<string, string> = {
  EACCES: 'may not be written by this user',
  EPERM: 'may not be written by this user',
  EROFS: 'is on a read-only disk',
  ENOSPC: 'is on a disk that is full',
  EDQUOT: 'is on a disk whose quota is used up',
  ENOTDIR: 'is not a folder',
  EEXIST: 'is not a folder',
}

/** A system error met on the database's folder, as a message that names both; any other error as it is. */
export function explainFolder(folder: string, error: unknown): unknown {
  if (!(error instanceof Error) || isUnusableDatabase(error) || codeOf(error) === '') return error
  const reason = folderReasons[codeOf(error)] ?? `cannot be used (${error.message})`
  return unusableDatabase(`The database folder ${folder} ${reason}.`, error)
}

/**
 * A PostgreSQL program that failed, with the last it wrote. A full disk is said first: it is the one cause that people
 * meet on a machine that worked until yesterday.
 */
export function failedProgram(what: string, folder: string, output: string): Error {
  const isFull = /No space left on device|Disk quota exceeded/.test(output)
  const said = lastMessages(output).join(' / ') || 'nothing'
  return unusableDatabase(
    `${isFull ? `The disk that holds ${folder} is full. ` : ''}${what}. PostgreSQL says: ${said}`,
  )
}

/** Without their time and process number, nor what is no message. */
function lastMessages(output: string): string[] {
  return output
    .split('\n')
    .map((line) =>
      line
        .replace(/^\d{4}-\d\d-\d\d .*? \[\d+\] /, '')
        .replace(/\s+/g, ' ')
        .trim(),
    )
    .filter((line) => line !== '' && !/^(STATEMENT:|initdb: (warning|hint|removing))/.test(line))
    .slice(-5)
}
