-- The exercise 2025 of a national organisation: 10,000 sessions of 6 half-days with 10 learners each, that is 100,000
-- enrolments and 600,000 marks, each with its event, and 5,000 enrolments that were cancelled before the session. What refers to what is right by construction, so its being checked
-- again 3 million times is left out.
set local session_replication_role = replica;

-- The UUIDv7 of what was made in the millisecond of its number, from 1 January 2025 on.
create function pg_temp.id_of(kind integer, number bigint) returns uuid language sql immutable as $$
  select (lpad(to_hex(1735689600000 + number), 12, '0') || '7' || lpad(to_hex(kind), 3, '0') || '8000'
    || lpad(to_hex(number), 12, '0'))::uuid
$$;

insert into client (id, created_at, updated_at, kind, name)
select pg_temp.id_of(1, n), '2025-01-01', '2025-01-01', 'trainingOrganisation', 'Organisme ' || n
from generate_series(1, 20) n;

insert into person (id, created_at, updated_at, first_name, last_name, email)
select pg_temp.id_of(2, n), '2025-01-01', '2025-01-01',
  (array['Alix', 'Camille', 'Dominique', 'Inès', 'Loïc', 'Maël', 'Noé', 'Zoé'])[1 + n % 8],
  'Stagiaire-' || n, 'stagiaire' || n || '@example.org'
from generate_series(1, 60000) n;

insert into training (id, created_at, updated_at, code, status, published_version_id)
select pg_temp.id_of(3, n), '2025-01-01', '2025-01-01', 'F-' || n, 'published', pg_temp.id_of(4, n)
from generate_series(1, 200) n;

insert into training_version (id, training_id, number, published_at, title)
select pg_temp.id_of(4, n), pg_temp.id_of(3, n), 1, '2025-01-01', 'Formation ' || n
from generate_series(1, 200) n;

insert into training_session (id, created_at, updated_at, reference, training_version_id, status, opened_at,
  time_zone, modality, capacity, approval, visibility, subcontracting, subcontract_client_id, bpf_scope,
  bpf_scope_reason, nsf_code, objective, certification_level, first_slot_starts_at, last_slot_ends_at)
select pg_temp.id_of(5, n), '2025-01-01', '2025-01-01', 'S-' || lpad(n::text, 5, '0'), pg_temp.id_of(4, 1 + n % 200),
  'closed', '2025-01-01', 'Europe/Paris', 'onsite', 12, 'automatic', 'public',
  subcontracting, case when subcontracting <> 'none' then pg_temp.id_of(1, 1 + n % 20) end,
  case when n % 50 = 0 then 'excluded' else 'included' end, case when n % 50 = 0 then 'Réunion d’équipe' end,
  (array['326', '310', '413', '333', '331', '320', '344'])[1 + n % 7],
  case when n % 1000 = 1 then null else (array['rncp', 'rs', 'cqp', 'other', 'other'])[1 + n % 5] end,
  case when n % 5 = 0 then (array['4', '5', '6', '7'])[1 + n / 5 % 4] end,
  day + time '08:00', day + 2 + time '15:30'
from generate_series(1, 10000) n
cross join lateral (select date '2025-01-06' + n % 350 as day,
  case when n % 20 = 3 then 'givenOut' when n % 20 = 7 then 'received' else 'none' end as subcontracting) of_session;

insert into slot (id, created_at, updated_at, session_id, starts_at, ends_at, held_on, half_day)
select pg_temp.id_of(6, n * 6 + half), '2025-01-01', '2025-01-01', pg_temp.id_of(5, n),
  day + time '08:00' + half % 2 * interval '5 hours', day + time '11:30' + half % 2 * interval '5 hours',
  day, (array['morning', 'afternoon'])[1 + half % 2]
from generate_series(1, 10000) n
cross join generate_series(0, 5) half
cross join lateral (select date '2025-01-06' + n % 350 + half / 2 as day) of_slot;

insert into trainer_assignment (id, session_id, person_id, engagement, position)
select pg_temp.id_of(7, n), pg_temp.id_of(5, n), pg_temp.id_of(2, 1 + n % 700),
  (array['internal', 'external', 'external'])[1 + n % 3], 0
from generate_series(1, 10000) n;

insert into enrolment (id, created_at, updated_at, session_id, person_id, status, trainee_type)
select pg_temp.id_of(8, n * 10 + seat), '2025-01-01', '2025-01-01', pg_temp.id_of(5, n),
  pg_temp.id_of(2, 1 + (n * 10 + seat) % 60000), case when n % 5 = 0 and seat = 9 then 'abandoned' else 'completed' end,
  case when n % 500 = 1 and seat = 0 then null
    else (array['privateEmployee', 'other', 'other', 'selfFunded', 'jobSeeker'])[1 + (n + seat) % 5] end
from generate_series(1, 10000) n
cross join generate_series(0, 9) seat;

insert into enrolment (id, created_at, updated_at, session_id, person_id, status, trainee_type)
select pg_temp.id_of(11, n), '2025-01-01', '2025-01-01', pg_temp.id_of(5, n), pg_temp.id_of(2, 1 + n % 60000),
  'cancelled', 'other'
from generate_series(1, 10000, 2) n;

insert into funding_line (id, created_at, session_id, enrolment_id, position, source, amount_cents, invoiced_on)
select pg_temp.id_of(9, n * 10 + seat), '2025-01-01', pg_temp.id_of(5, n), pg_temp.id_of(8, n * 10 + seat), 0,
  case when n % 20 = 7 then 'trainingOrganisation'
    else (array['fundSelfEmployed', 'employer', 'individual', 'fundDevelopmentPlan'])[1 + (n + seat) % 4] end,
  60000 + n % 100 * 100, date '2025-01-06' + n % 350 + 5
from generate_series(1, 10000) n
cross join generate_series(0, 9) seat
where n % 50 <> 0;

create temporary table mark on commit drop as
select n, half, seat, pg_temp.id_of(10, (n * 6 + half) * 10 + seat) as event_id,
  pg_temp.id_of(5, n) as session_id, pg_temp.id_of(6, n * 6 + half) as slot_id,
  pg_temp.id_of(8, n * 10 + seat) as enrolment_id, date '2025-01-06' + n % 350 + half / 2 as held_on,
  case (n + half + seat) % 20 when 0 then 'absent' when 1 then 'partial' else 'present' end as status
from generate_series(1, 10000) n
cross join generate_series(0, 5) half
cross join generate_series(0, 9) seat;

insert into attendance_event (id, session_id, sequence, kind, slot_id, enrolment_id, recorded_at, body,
  previous_hash, hash)
select event_id, session_id, half * 10 + seat + 1, 'mark', slot_id, enrolment_id, held_on + time '12:00',
  '{"enrolmentId":"' || enrolment_id || '","slotId":"' || slot_id || '","status":"' || status || '"}',
  repeat('0', 64), repeat('0', 64)
from mark;

insert into attendance_mark (slot_id, enrolment_id, session_id, status, attended_minutes, held_on, kind, event_id,
  marked_at)
select slot_id, enrolment_id, session_id, status,
  case status when 'absent' then 0 when 'partial' then 90 + seat else 210 end,
  held_on, 'onsite', event_id, held_on + time '12:00'
from mark;
