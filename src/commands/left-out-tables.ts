/** What ends with an installation and is not in its backups; every other table is, also those to come. */
export const leftOutTables: Readonly<Record<string, string>> = {
  login_session: 'Who was signed in signs in again.',
  single_use_token: 'A link that was mailed is asked for again.',
  sign_in_throttle: 'Failed sign-ins are counted anew.',
  idempotency_key: 'A request sent again after a restore is a new one.',
}
