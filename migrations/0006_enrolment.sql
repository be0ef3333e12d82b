-- Enrolments (inscriptions), accommodation needs, and the money behind them.

create table enrolment (
  id uuid primary key,
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  session_id uuid not null references training_session (id),
  person_id uuid not null constraint enrolment_person_exists references person (id),
  status text not null check (status in
    ('requested', 'confirmed', 'waitlisted', 'refused', 'cancelled', 'completed', 'abandoned')),
  -- BPF frame F-1; null only where imported history does not say.
  trainee_type text check (trainee_type in ('privateEmployee', 'apprentice', 'jobSeeker', 'selfFunded', 'other')),
  employer_client_id uuid constraint enrolment_employer_exists references client (id),
  -- The order of the waiting list; only a waiting enrolment has a place.
  waiting_place integer,
  started_on date,
  interrupted_on date,
  ended_on date,
  end_reason text,
  -- It ended because the whole session was cancelled: who was in it still finds the session.
  cancelled_with_session boolean not null default false,
  answers jsonb,
  constraint enrolment_waiting_place check ((status = 'waitlisted') = (waiting_place is not null)),
  constraint enrolment_waiting_place_unique unique (session_id, waiting_place)
);
-- One live enrolment per person and session, whoever asks at the same moment.
create unique index enrolment_live_unique on enrolment (session_id, person_id)
  where status not in ('refused', 'cancelled');
create index enrolment_session on enrolment (session_id, status);
create index enrolment_person on enrolment (person_id, session_id);

-- The one count of seats: held by a request until it is answered, and by whoever began. No row: nobody yet.
create view session_seats as
select session_id,
  count(*) filter (where status in ('requested', 'confirmed', 'completed', 'abandoned')) as taken,
  count(*) filter (where status = 'waitlisted') as waiting
from enrolment
group by session_id;

-- Read by the disability contact (référent handicap) and the learner only.
create table accommodation_need (
  enrolment_id uuid primary key references enrolment (id),
  need text not null,
  created_at timestamptz not null
);

-- Money before VAT for an enrolment, or for the whole session; a negative amount is a credit note (avoir).
create table funding_line (
  id uuid primary key,
  created_at timestamptz not null,
  session_id uuid not null references training_session (id),
  enrolment_id uuid references enrolment (id),
  client_id uuid constraint funding_line_client_exists references client (id),
  position integer not null,
  -- Who is invoiced, one for each line of BPF frame C.
  source text not null check (source in ('employer', 'fundApprenticeship', 'fundProfessionalisation',
    'fundReconversion', 'fundTransition', 'fundCpf', 'fundJobSeeker', 'fundSelfEmployed', 'fundDevelopmentPlan',
    'publicAgents', 'europe', 'state', 'region', 'franceTravail', 'otherPublic', 'individual',
    'trainingOrganisation', 'otherIncome')),
  amount_cents bigint not null,
  invoiced_on date,
  invoice_number text,
  paid_on date
);
create index funding_line_session on funding_line (session_id);
create index funding_line_enrolment on funding_line (enrolment_id);
create index funding_line_invoiced_on on funding_line (invoiced_on);
