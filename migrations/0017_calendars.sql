-- Half-days in people's own calendars (iCalendar, RFC 5545).

-- The secret address of somebody's calendar, for programs that cannot sign in; a new one ends the one before. Who reads
-- the table cannot use what they read: it holds only the hash.
create table calendar_feed (
  account_id uuid primary key references account (id),
  token_hash text not null constraint calendar_feed_hash_unique unique,
  created_at timestamptz not null
);

-- Half-days that stood in calendars and are gone: told as cancelled for some months, so that calendars drop them.
create table calendar_withdrawal (
  id uuid primary key,
  session_id uuid not null references training_session (id),
  -- No foreign key: the slot may be deleted.
  slot_id uuid not null,
  -- The trainer who no longer teaches it; null: the slot is deleted, for its learners.
  person_id uuid references person (id),
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  -- Above every SEQUENCE that it was told with before.
  revision integer not null,
  withdrawn_at timestamptz not null,
  constraint calendar_withdrawal_once unique nulls not distinct (slot_id, person_id)
);
create index calendar_withdrawal_session on calendar_withdrawal (session_id);
create index calendar_withdrawal_person on calendar_withdrawal (person_id);
create index calendar_withdrawal_age on calendar_withdrawal (withdrawn_at);
