-- What follows attendance by itself: reminders, findings for who administers, and what funders must be told.

alter table organisation
  -- Whether learners are reminded by mail of the half-days that they are to sign.
  add column reminds_learners boolean not null default true,
  -- After how many days a half-day that is not sealed is a finding.
  add column unsealed_after_days integer not null default 2 check (unsealed_after_days between 1 and 60),
  -- Within how many days a funder is told (Code du travail, art. L6353-10); working days where it is the CPF (EDOF).
  add column funder_notice_days integer not null default 3 check (funder_notice_days between 1 and 60),
  add column cpf_notice_working_days integer not null default 3 check (cpf_notice_working_days between 1 and 60);

-- Who was reminded of what: once for each half-day and person, again only where it was moved to another day.
create table attendance_reminder (
  slot_id uuid not null references slot (id) on delete cascade,
  -- The learner, or the trainer of a half-day that is not sealed.
  person_id uuid not null references person (id),
  kind text not null check (kind in ('ahead', 'unsigned', 'unsealed')),
  held_on date not null,
  reminded_at timestamptz not null,
  primary key (slot_id, person_id, kind, held_on)
);

-- Findings (anomalies) as they were last computed, so that admins are told of each once, and what they dismissed.
create table attendance_finding (
  session_id uuid not null references training_session (id),
  -- What it is about, the same however often it is found.
  key text not null,
  kind text not null,
  slot_id uuid references slot (id) on delete cascade,
  found_at timestamptz not null,
  -- The day of the digest that told of it.
  announced_on date,
  dismissed_at timestamptz,
  dismissed_by uuid references account (id),
  dismissed_reason text,
  primary key (session_id, key),
  constraint attendance_finding_dismissed check ((dismissed_at is null) = (dismissed_reason is null))
);
create index attendance_finding_open on attendance_finding (session_id, kind) where dismissed_at is null;
create index attendance_finding_unannounced on attendance_finding (session_id)
  where announced_on is null and dismissed_at is null;
create index attendance_finding_slot on attendance_finding (slot_id);
-- One digest a day tells the admins what is new.
create table attendance_digest (
  sent_on date primary key,
  sent_at timestamptz not null
);
-- To find the marks that were corrected lately.
create index attendance_mark_marked_at on attendance_mark using brin (marked_at);

-- A funder (financeur) is to be told that a learner began, stopped or finished.
create table funder_notice (
  id uuid primary key,
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  session_id uuid not null references training_session (id),
  enrolment_id uuid not null references enrolment (id),
  client_id uuid references client (id),
  -- Of the funding line, which decides the delay.
  source text not null,
  kind text not null check (kind in ('start', 'interruption', 'end')),
  happened_on date not null,
  due_on date not null,
  -- The day of the digest that told the admins of it.
  announced_on date,
  told_at timestamptz,
  told_by uuid references account (id),
  -- In a few words: «EDOF», «courriel à la conseillère».
  told_how text,
  constraint funder_notice_told check ((told_at is null) = (told_how is null))
);
-- Once, whichever worker finds it first; a line without a client is known by its source.
create unique index funder_notice_once
  on funder_notice (enrolment_id, kind, happened_on, coalesce(client_id::text, source));
create index funder_notice_due on funder_notice (due_on, id);
create index funder_notice_open on funder_notice (due_on, id) where told_at is null;
create index funder_notice_session on funder_notice (session_id) where told_at is null;

select jobs.create_queue('follow-up', '{
  "policy": "standard", "notify": true, "deleteAfterSeconds": 2592000,
  "retryLimit": 2, "retryDelay": 60, "expireInSeconds": 900
}');
-- The id of a job is that of the session whose notices it looks over; any other looks over all of them.
select jobs.create_queue('funder-notices', '{
  "policy": "standard", "notify": true, "deleteAfterSeconds": 2592000,
  "retryLimit": 4, "retryDelay": 30, "retryBackoff": true, "expireInSeconds": 900
}');
