/** The exact figures of a BPF as somebody writes them by hand in SQL: one statement a frame. */
import type pg from 'pg'
import type { BpfFigures } from '../../src/compliance/bpf.rules.ts'

// Learners, by all that the frames F and G sort by.
const learners = `
  select subcontracting, "traineeType", objective, "certificationLevel", "nsfCode",
    count(*)::integer as count, sum(minutes)::integer as minutes
  from (
    select session.subcontracting, enrolment.trainee_type as "traineeType", session.objective,
      session.certification_level as "certificationLevel", left(session.nsf_code, 3) as "nsfCode",
      sum(mark.attended_minutes) as minutes
    from attendance_mark mark
    join enrolment on enrolment.id = mark.enrolment_id
    join training_session session on session.id = enrolment.session_id
    where mark.held_on between $1 and $2 and mark.attended_minutes > 0 and session.bpf_scope = 'included'
    group by enrolment.id, session.id
  ) learner
  group by 1, 2, 3, 4, 5`

// Trainers of the slots that were held in the period, and in none before, frame E.
const trainers = `
  select trainer.engagement, count(distinct trainer.person_id)::integer as count,
    sum(slot.duration_minutes)::integer as minutes
  from (select distinct slot_id from attendance_mark where held_on between $1 and $2) held
  join slot on slot.id = held.slot_id
  join slot_engagement trainer on trainer.slot_id = slot.id
  where not exists (
    select from attendance_mark earlier where earlier.slot_id = held.slot_id and earlier.held_on < $1
  )
  group by trainer.engagement`

// Money, frame C.
const income = `
  select source, sum(amount_cents)::bigint::float8 as cents
  from funding_line
  where invoiced_on between $1 and $2
  group by source`

export type Aggregate = Pick<BpfFigures, 'learners' | 'trainers' | 'income'>

export async function bpfAggregate(pool: pg.Pool, from: string, to: string): Promise<Aggregate> {
  const rowsOf = async (statement: string) => (await pool.query(statement, [from, to])).rows
  return { learners: await rowsOf(learners), trainers: await rowsOf(trainers), income: await rowsOf(income) }
}
