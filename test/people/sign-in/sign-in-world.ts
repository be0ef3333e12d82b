/** Accounts to sign in with, and a clock to put forward. */
import { expect, onTestFinished } from 'vitest'
import type { Answer, Caller, TestApp } from '../../support/app.ts'

export const now = '2026-03-02T09:00:00Z'
export const password = 'trois chaises et un piano'

export type Holder = { id: string; email: string; status: string; invitedAt: string | null }

let count = 0

/** An account of its own; `more` instead of a password. */
export async function anAccount(admin: Caller, more: object = { password }): Promise<Holder> {
  const person = { firstName: 'Lou', lastName: 'Petit', roleGrants: [{ role: 'member' }] }
  const email = `lou${++count}@example.org`
  const answer = await admin.post('/api/accounts', { email, ...person, ...more })
  expect(answer.status).toBe(201)
  return answer.body
}

/** Until the end of the test. */
export function setNow(preau: TestApp, instant: string): void {
  preau.setNow(instant)
  onTestFinished(() => preau.setNow(now))
}

/** What a browser sends back. */
export function cookieOf(answer: Answer): string {
  return answer.headers.get('set-cookie')?.split(';')[0] ?? ''
}
