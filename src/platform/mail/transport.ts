/** Where mails go, and what may become of one. */
import type { Message } from './message.ts'

/**
 * `sent`: accepted by who delivers it. `later`: certainly not accepted, worth another try. `refused`: certainly not
 * accepted, and another try would be refused as well. `unknown`: it was handed over and no answer came, so that it may
 * or may not arrive; trying again could send it twice.
 */
export type Delivery = { outcome: 'sent' } | { outcome: 'later' | 'refused' | 'unknown'; code: string }

/** Never throws. Gives up when `signal` says so, and tells how far it came. */
export type Transport = (message: Message, signal: AbortSignal) => Promise<Delivery>
