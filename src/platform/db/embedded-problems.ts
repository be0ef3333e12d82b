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

export function isUnusableDatabase(error: unknown): error is Error {
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

/** A failed operation on the database's folder, as a message that names the folder and the reason. */
export function unusableFolder(folder: string, error: unknown): Error {
  if (isUnusableDatabase(error)) return error
  const reason =
    folderReasons[codeOf(error)] ?? `cannot be used (${error instanceof Error ? error.message : error})`
  return unusableDatabase(`The database folder ${folder} ${reason}.`, error)
}

/**
 * A PostgreSQL program that failed, with what it wrote. A full disk is said first: it is the one cause that people meet
 * on a machine that worked until yesterday.
 */
export function failedProgram(what: string, folder: string, output: string[]): Error {
  const said = output.length > 0 ? `PostgreSQL says: ${output.join(' / ')}` : 'PostgreSQL says nothing.'
  const isFull = output.some((line) => /No space left on device|Disk quota exceeded/.test(line))
  return unusableDatabase(`${isFull ? `The disk that holds ${folder} is full. ` : ''}${what}. ${said}`)
}
