/** When people are reminded of half-days to sign or to seal: by the clock of the session, and never at night. */
import { civilDateOf } from '../../platform/civil-time.ts'

/** `ahead`: of a half-day to come; `unsigned`: of one that was not signed; `unsealed`: the trainer, of one not sealed. */
export type ReminderKind = 'ahead' | 'unsigned' | 'unsealed'

type Held = { heldOn: string; timeZone: string }

const firstHour = 8
/** Mails go out until just before. */
const lastHour = 21
const eveningHour = 17

/**
 * Whether now is the time for a reminder: of a half-day to come from 17 h the day before (a worker that was away then
 * makes up for it in the morning), to a trainer from the morning after.
 */
export function isTimeFor(kind: ReminderKind, { heldOn, timeZone }: Held, now: Temporal.Instant): boolean {
  const { hour } = now.toZonedDateTimeISO(timeZone)
  if (hour < firstHour || hour >= lastHour) return false
  const today = civilDateOf(now, timeZone)
  switch (kind) {
    case 'ahead':
      return today === heldOn || (hour >= eveningHour && today === dayBefore(heldOn))
    case 'unsigned':
      return true
    case 'unsealed':
      return today > heldOn
  }
}

function dayBefore(date: string): string {
  return Temporal.PlainDate.from(date).subtract({ days: 1 }).toString()
}
