/** The clock: the only place that asks what time it is; tests give another. */
export type Clock = () => Temporal.Instant

export const systemClock: Clock = () => Temporal.Now.instant()
