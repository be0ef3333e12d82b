import type { Kysely } from 'kysely'
import type { Database } from '../../database.ts'
import type { AttendedLines } from './attended-lines.schema.ts'

export const noLines: AttendedLines = {
  onsiteIndividualMinutes: 0,
  onsiteGroupMinutes: 0,
  synchronousMinutes: 0,
  asynchronousMinutes: 0,
}

/** The attended minutes of each enrolment by the four lines; who attended nothing is not among them. */
export async function attendedLinesByEnrolment(
  db: Kysely<Database>,
  of: { sessionId: string } | { enrolmentId: string },
): Promise<Map<string, AttendedLines>> {
  const rows = await db
    .selectFrom('attendedLine')
    .select(['enrolmentId', 'line', (eb) => eb.fn.sum<number>('minutes').as('minutes')])
    .$if('sessionId' in of, (lines) => lines.where('sessionId', '=', 'sessionId' in of ? of.sessionId : ''))
    .$if('enrolmentId' in of, (lines) =>
      lines.where('enrolmentId', '=', 'enrolmentId' in of ? of.enrolmentId : ''),
    )
    .groupBy(['enrolmentId', 'line'])
    .execute()
  const lines = new Map<string, AttendedLines>()
  for (const { enrolmentId, line, minutes } of rows)
    lines.set(enrolmentId, { ...(lines.get(enrolmentId) ?? noLines), [`${line}Minutes`]: minutes })
  return lines
}
