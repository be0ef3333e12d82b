/** Instants as the calendar and the clock of a place show them. */

/** The civil date, `YYYY-MM-DD`, in an IANA time zone. */
export function civilDateOf(instant: Temporal.Instant, timeZone: string): string {
  return instant.toZonedDateTimeISO(timeZone).toPlainDate().toString()
}

/** `HH:MM` on the clock of an IANA time zone. */
export function localTimeOf(instant: Temporal.Instant, timeZone: string): string {
  return instant.toZonedDateTimeISO(timeZone).toPlainTime().toString({ smallestUnit: 'minute' })
}
