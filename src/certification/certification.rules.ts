/** Rules of certificates without any I/O: numbers, codes, who gets one, and what it says. */
import type { AttendanceKind } from '../attendance/attendance.schema.ts'
import { type Addendum, changesMinutes } from '../attendance/sheet/sheet.rules.ts'
import type { ActionKind, Modality } from '../catalogue/catalogue.schema.ts'
import type { CertificateModel } from '../documents/certificate.model.ts'
import type { TraineeType } from '../enrolment/enrolment.schema.ts'
import type { Address, Qualiopi, Representative } from '../organisation/organisation.schema.ts'
import { civilDateOf } from '../platform/civil-time.ts'
import { decodeCursor, invalidCursor, type PageQuery, type Position } from '../platform/http/pagination.ts'
import { sum } from '../platform/sum.ts'
import type { RefusalCode } from './certification.schema.ts'

/** Minutes attended, by kind. */
export type AttendedMinutes = Partial<Record<AttendanceKind, number>>

export type Candidate = {
  enrolmentId: string
  personId: string
  firstName: string
  lastName: string
  birthName: string | null
  traineeType: TraineeType | null
  employerName: string | null
}

export type Issuer = {
  legalName: string
  tradeName: string | null
  siret: string
  declarationNumber: string
  declarationRegion: string
  legalForm: string | null
  timeZone: string
  address: Address
  email: string
  phone: string | null
  representative: Representative
  qualiopi: Qualiopi | null
}

export type CertifiedSession = {
  reference: string
  modality: Modality
  title: string
  actionKind: ActionKind
  startsOn: string
  endsOn: string
  plannedMinutes: number
}

/** `CR-2026-0001`: *certificat de réalisation*, civil year of issue, place in that year. */
export function numberLabel({ year, number }: { year: number; number: number }): string {
  return `CR-${year}-${String(number).padStart(4, '0')}`
}

/** Minutes of all kinds together. */
export function totalMinutes(attended: AttendedMinutes): number {
  return sum(Object.values(attended))
}

/** Why this learner gets no certificate; `isPrintable` tells whether the fonts have every character of a text. */
export function whyRefused(
  candidate: Candidate,
  attended: AttendedMinutes,
  { isPrintable, waitsForSeals }: { isPrintable: (text: string) => boolean; waitsForSeals: boolean },
): RefusalCode | undefined {
  if (waitsForSeals) return 'certification/not-sealed'
  if (totalMinutes(attended) === 0) return 'certification/no-attendance'
  const names = [candidate.firstName, candidate.lastName, candidate.birthName, employerOf(candidate)]
  return names.every((name) => name === null || isPrintable(name))
    ? undefined
    : 'certification/unprintable-name'
}

/** A correction of a sealed half-day that changed what a certificate states. */
export type OutdatingAddendum = {
  slotId: string
  at: Temporal.Instant
  sequence: number
  minutesBefore: number
  minutesAfter: number
}

/** The corrections of the learner's minutes since their certificate was issued. */
export function addendaSince(
  { enrolmentId, issuedAt }: { enrolmentId: string; issuedAt: Temporal.Instant },
  addenda: readonly Addendum[],
): OutdatingAddendum[] {
  return addenda
    .filter((addendum) => addendum.enrolmentId === enrolmentId && changesMinutes(addendum))
    .filter(({ at }) => Temporal.Instant.compare(at, issuedAt) >= 0)
    .map(({ slotId, at, sequence, before, after }) => ({
      slotId,
      at,
      sequence,
      minutesBefore: before?.attendedMinutes ?? 0,
      minutesAfter: after.attendedMinutes,
    }))
}

/** The form names the employer (*salarié(e) de l'entreprise*) of employees and apprentices only. */
function employerOf(candidate: Candidate): string | null {
  const isEmployee = candidate.traineeType === 'privateEmployee' || candidate.traineeType === 'apprentice'
  return isEmployee ? candidate.employerName : null
}

/** What a certificate says (*certificat de réalisation*, the form of the ministry of Labour), frozen at issue. */
export function certificateModelOf(facts: {
  number: string
  issuedAt: Temporal.Instant
  issuer: Issuer
  session: CertifiedSession
  candidate: Candidate
  attended: AttendedMinutes
  verification: { code: string; url: string }
}): CertificateModel {
  const { issuer, session, candidate, attended } = facts
  const { timeZone, ...organisation } = issuer
  const { title, actionKind, plannedMinutes, ...held } = session
  const issuedOn = civilDateOf(facts.issuedAt, timeZone)
  const employerName = employerOf(candidate)
  return {
    number: facts.number,
    issuedAt: facts.issuedAt.toString(),
    issuedOn,
    issuedAtCity: issuer.address.city,
    organisation: { ...organisation, qualiopi: qualiopiInForce(issuer.qualiopi, issuedOn) },
    learner: {
      firstName: candidate.firstName,
      lastName: candidate.lastName,
      birthName: candidate.birthName,
      employerName,
      isEmployee: employerName !== null,
    },
    training: { title, actionKind },
    session: held,
    attendedMinutes: totalMinutes(attended),
    onsiteMinutes: attended.onsite ?? 0,
    synchronousMinutes: attended.synchronous ?? 0,
    asynchronousMinutes: attended.asynchronous ?? 0,
    plannedMinutes,
    verification: facts.verification,
  }
}

/** The mention of Qualiopi is for organisations that hold the certificate, not for those that held it once. */
function qualiopiInForce(qualiopi: Qualiopi | null, on: string): Qualiopi | null {
  return qualiopi && qualiopi.validUntil >= on ? qualiopi : null
}

/**
 * A verification code as it is stored, from what people type: Crockford's base 32 lets O stand for 0 and I and L
 * for 1; case, hyphens and spaces do not matter.
 */
export function readCode(typed: string): string {
  return typed
    .replaceAll(/[\s\p{Dash_Punctuation}]/gu, '')
    .toUpperCase()
    .replaceAll('O', '0')
    .replaceAll(/[IL]/g, '1')
}

/** The year, number and id where the page before ended. Throws 422 on a cursor that does not say them. */
export function numberPosition(query: PageQuery): Position | undefined {
  const position = decodeCursor(query.cursor, 3)
  if (position && !position.slice(0, 2).every((part) => /^\d{1,9}$/.test(part))) throw invalidCursor()
  return position
}
