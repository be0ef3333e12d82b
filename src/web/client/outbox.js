/**
 * What was recorded on this device and has not reached the server yet. It is kept in the browser until the server has
 * answered for it, so that a hall without a network loses nothing; the server knows each event by its `clientId`, and takes
 * it from whoever recorded it alone: it waits while somebody else is signed in on this device.
 */
import { postJson } from './answers.js'

const retryMs = 15_000
/** Signatures at their longest, and still well below what the server reads at once. */
const mostAtOnce = 40

/**
 * @typedef {{clientId: string, type: string, slotId: string, at: string, enrolmentId?: string,
 *   strokes?: number[][], status?: string, reasonCode?: string, arrivedAt?: string, leftAt?: string}} RecordedEvent
 * @typedef {{clientId: string, outcome: string, code?: string}} Result
 * @param {{sessionId: string, personId: string | null}} whose of which session, recorded by whom
 * @param {{onChange: () => void, onResults: (results: (Result & {event: RecordedEvent | undefined})[]) => void}} tell
 */
export function createOutbox({ sessionId, personId }, tell) {
  const key = `preau-outbox-${sessionId}-${personId}`
  /** @type {RecordedEvent[]} */
  let waiting = JSON.parse(localStorage.getItem(key) ?? '[]')
  let isSending = false
  let isOffline = false
  let isSignedOut = false

  /** @param {RecordedEvent[]} next */
  function keep(next) {
    waiting = next
    localStorage.setItem(key, JSON.stringify(waiting))
    tell.onChange()
  }

  async function send() {
    if (isSending || waiting.length === 0) return
    isSending = true
    const events = waiting.slice(0, mostAtOnce)
    try {
      const deviceNow = new Date().toISOString()
      const answer = await postJson('/api/attendance/events', { deviceNow, personId, events })
      isOffline = answer.status >= 500
      isSignedOut = answer.status === 401 || answer.status === 403
      if (answer.ok) settle((await answer.json()).results)
      else if (answer.status === 422) refuse(await answer.json(), events)
    } catch {
      isOffline = true
    }
    isSending = false
    tell.onChange()
  }

  /** @param {Result[]} results */
  function settle(results) {
    const settled = new Map(results.map((result) => [result.clientId, result]))
    const told = results.map((result) => ({
      ...result,
      event: waiting.find(({ clientId }) => clientId === result.clientId),
    }))
    keep(waiting.filter(({ clientId }) => !settled.has(clientId)))
    tell.onResults(told)
    if (waiting.length > 0) void send()
  }

  /**
   * One that the server cannot even read would hold up all the others.
   * @param {{errors?: {pointer: string}[]}} problem
   * @param {RecordedEvent[]} events
   */
  function refuse({ errors = [] }, events) {
    const wrong = new Set(errors.map(({ pointer }) => events[Number(pointer.split('/')[2])]?.clientId))
    settle(
      events
        .filter(({ clientId }) => wrong.has(clientId))
        .map(({ clientId }) => ({ clientId, outcome: 'refused', code: 'invalid' })),
    )
  }

  addEventListener('online', () => void send())
  setInterval(() => void send(), retryMs)

  return {
    /** @param {Omit<RecordedEvent, 'clientId' | 'at'>} event */
    add(event) {
      keep([...waiting, { ...event, clientId: newId(), at: new Date().toISOString() }])
      void send()
    },
    send,
    waiting: () => waiting,
    state: () => ({ count: waiting.length, isOffline, isSignedOut }),
  }
}

/** `crypto.randomUUID` exists only behind https; the ids of a hall's own network are as random. */
function newId() {
  const bytes = crypto.getRandomValues(new Uint8Array(16))
  bytes[6] = ((bytes[6] ?? 0) & 0x0f) | 0x40
  bytes[8] = ((bytes[8] ?? 0) & 0x3f) | 0x80
  const hex = [...bytes].map((byte) => byte.toString(16).padStart(2, '0')).join('')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`
}
