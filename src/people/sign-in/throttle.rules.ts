/**
 * How guessing is slowed down, without a clock or a database. Each account, each address and each pair of them has a
 * leaky bucket: a failure pours in, time drains. While a bucket is full nothing is answered, and since only answered
 * failures pour in, nobody ever waits longer than one failure takes to drain.
 */

/** `burst` failures at once, then one for every `seconds`. */
export type Allowance = { burst: number; seconds: number }

export const allowances = {
  /** One person mistypes; one attacker tries three hundred passwords of an account a day. */
  accountAndClient: { burst: 5, seconds: 300 },
  /** A room full of learners behind one address mistypes; one attacker tries fifteen hundred accounts a day. */
  client: { burst: 30, seconds: 60 },
  /** More than six addresses at once: an attack on this account. */
  account: { burst: 30, seconds: 60 },
  /** A room full of learners asks for links to sign in. */
  linkRequests: { burst: 60, seconds: 60 },
  /**
   * Of one kind, so that who asks for links to sign in keeps nobody from a new password. No mailbox is flooded; and
   * since a link works for ten minutes at least, and whoever asks, it goes to its owner, the last one received works at
   * any time, however many others ask.
   */
  linksToAccount: { burst: 3, seconds: 600 },
} as const satisfies Record<string, Allowance>

export type Bucket = {
  /** When it would be empty if nothing more were poured in; in the past: it is. */
  drainedAt: Temporal.Instant
  /** While the account is attacked: from when on this pair's next guess is answered; null: it has not asked. */
  admittedAt: Temporal.Instant | null
}

/** How many seconds until one more failure fits; 0: now. Rounded up, so that who waits that long is not told again. */
export function secondsUntilRoom(
  bucket: Bucket | undefined,
  now: Temporal.Instant,
  allowance: Allowance,
): number {
  if (!bucket || isOfAnotherTime(bucket, now, allowance)) return 0
  const filled = now.until(bucket.drainedAt).total('seconds')
  return Math.max(0, Math.ceil(filled - (allowance.burst - 1) * allowance.seconds))
}

/**
 * Fuller than it can be by more than clocks differ: filled while a clock was ahead that has been set right since. It
 * counts as empty, or its owner would wait until that time has come.
 */
function isOfAnotherTime(bucket: Bucket, now: Temporal.Instant, { burst, seconds }: Allowance): boolean {
  return now.until(bucket.drainedAt).total('seconds') > (burst + 1) * seconds
}

/** The bucket after one more failure; it holds `burst`, also when a failure was answered although it was full. */
export function afterFailure(
  bucket: Bucket | undefined,
  now: Temporal.Instant,
  allowance: Allowance,
): Bucket {
  const { burst, seconds } = allowance
  const isFilled = bucket && Temporal.Instant.compare(bucket.drainedAt, now) > 0
  const from = isFilled && !isOfAnotherTime(bucket, now, allowance) ? bucket.drainedAt : now
  const full = now.add({ seconds: burst * seconds })
  const drainedAt = from.add({ seconds })
  return { drainedAt: Temporal.Instant.compare(drainedAt, full) > 0 ? full : drainedAt, admittedAt: null }
}

export type Buckets = { accountAndClient?: Bucket; client?: Bucket; account?: Bucket }

type Decision =
  | { answered: true }
  | {
      answered: false
      retryAfterSeconds: number
      /** To be kept with the pair: from when on its next guess is answered. */
      admittedAt?: Temporal.Instant
    }

/**
 * Whether a guess is answered. A full bucket of the pair or of the address refuses. A full bucket of the account means
 * an attack from many addresses: then each pair is told once to wait, at most `allowances.account.seconds`, and is
 * answered afterwards however the attack goes on, so that the account's holder is never kept out.
 */
export function decide(buckets: Buckets, now: Temporal.Instant): Decision {
  const wait = Math.max(
    secondsUntilRoom(buckets.accountAndClient, now, allowances.accountAndClient),
    secondsUntilRoom(buckets.client, now, allowances.client),
  )
  if (wait > 0) return { answered: false, retryAfterSeconds: wait }
  const accountWait = secondsUntilRoom(buckets.account, now, allowances.account)
  if (accountWait === 0) return { answered: true }
  const admittedAt = buckets.accountAndClient?.admittedAt
  if (!admittedAt) {
    return { answered: false, retryAfterSeconds: accountWait, admittedAt: now.add({ seconds: accountWait }) }
  }
  const rest = Math.ceil(now.until(admittedAt).total('seconds'))
  // Longer than anybody is told to wait: it was said while a clock was ahead.
  const isToWait = rest > 0 && rest <= 2 * allowances.account.seconds
  return isToWait ? { answered: false, retryAfterSeconds: rest } : { answered: true }
}
