/** The register of certificates (*registre des certificats de réalisation*): every number given out, revoked ones too. */
import type { z } from '@hono/zod-openapi'
import { numberLabel } from '../certification/certification.rules.ts'
import { readTimeZone } from '../organisation/organisation.service.ts'
import { authorise } from '../platform/access.ts'
import { civilDateOf, localTimeOf } from '../platform/civil-time.ts'
import { csvFile } from '../platform/csv-writer.ts'
import type { Ctx } from '../platform/ctx.ts'
import type { Period } from './bpf.schema.ts'
import * as queries from './certificate-register.queries.ts'
import type { RegisterQuery, registerAnswer } from './certificate-register.schema.ts'
import { compliancePermissions as may } from './compliance.permissions.ts'
import { assertPeriod } from './period.ts'

/** One page of the certificates issued in the period, by civil date in the organisation's zone. */
export async function certificateRegister(
  ctx: Ctx,
  query: RegisterQuery,
): Promise<z.input<typeof registerAnswer>> {
  authorise(ctx.actor, may['register.read'])
  assertPeriod(query)
  const { since, until } = spanOf(query, await readTimeZone(ctx))
  const page = await queries.certificatesPage(ctx.db, { since, until }, query)
  return {
    items: page.items.map(({ year, number, firstName, lastName, ...row }) => ({
      ...row,
      number: numberLabel({ year, number }),
      holder: `${firstName} ${lastName}`,
    })),
    nextCursor: page.nextCursor,
  }
}

const heading = [
  'Numéro',
  'Titulaire',
  'Formation',
  'Session',
  'Début',
  'Fin',
  'Minutes suivies',
  'Heures suivies',
  'Délivré le',
  'Révoqué le',
]

/** The whole register of the period as CSV; instants as local date and time in the organisation's zone. */
export async function certificateRegisterCsv(ctx: Ctx, period: Period): Promise<string> {
  authorise(ctx.actor, may['register.read'])
  assertPeriod(period)
  const timeZone = await readTimeZone(ctx)
  const certificates = await queries.allCertificates(ctx.db, spanOf(period, timeZone))
  return csvFile(
    heading,
    certificates.map((row) => [
      numberLabel(row),
      `${row.firstName} ${row.lastName}`,
      row.training,
      row.sessionReference,
      dayOf(row.sessionStartsOn),
      dayOf(row.sessionEndsOn),
      row.attendedMinutes,
      Math.round((row.attendedMinutes * 100) / 60) / 100,
      localTime(row.issuedAt, timeZone),
      row.revokedAt && localTime(row.revokedAt, timeZone),
    ]),
  )
}

function spanOf({ from, to }: Period, timeZone: string): queries.Span {
  const start = (day: Temporal.PlainDate) => day.toZonedDateTime(timeZone).toInstant()
  return {
    since: start(Temporal.PlainDate.from(from)),
    until: start(Temporal.PlainDate.from(to).add({ days: 1 })),
  }
}

/** From `2026-03-02` to `02/03/2026`, which a French spreadsheet takes for a date. */
function dayOf(date: string): string {
  return date.split('-').reverse().join('/')
}

/** `02/03/2026 09:30`. */
function localTime(instant: Temporal.Instant, timeZone: string): string {
  return `${dayOf(civilDateOf(instant, timeZone))} ${localTimeOf(instant, timeZone)}`
}
