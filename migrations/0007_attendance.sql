-- Attendance (émargement): an append-only ledger chained per session, and the current state beside it.

-- The chain's last link; its row lock orders the ledger of a session.
create table ledger_head (
  session_id uuid primary key references training_session (id),
  sequence bigint not null check (sequence >= 0),
  hash text not null
);

create table attendance_event (
  id uuid primary key,
  session_id uuid not null references training_session (id),
  sequence bigint not null check (sequence > 0),
  kind text not null,
  slot_id uuid not null references slot (id),
  enrolment_id uuid references enrolment (id),
  recorded_at timestamptz not null,
  recorded_by uuid,
  -- Canonical JSON (RFC 8785) of all that the event states, as text: these bytes are what was hashed.
  body text not null,
  -- Of the salted payload apart, which retention may delete while the chain still verifies.
  payload_hash text,
  previous_hash text not null,
  hash text not null,
  constraint attendance_event_sequence_unique unique (session_id, sequence)
);
create index attendance_event_slot on attendance_event (slot_id, enrolment_id);
create trigger attendance_event_append_only before update or delete on attendance_event
  for each row execute function refuse_change();
create trigger attendance_event_no_truncate before truncate on attendance_event
  for each statement execute function refuse_change();

-- Free text and whatever else is personal. Never changed; deleted when its time has passed.
create table attendance_payload (
  event_id uuid primary key references attendance_event (id),
  salt text not null,
  content jsonb not null
);
create trigger attendance_payload_unchanged before update on attendance_payload
  for each row execute function refuse_change();

-- The current state: it keeps its own minutes, date and kind, so that moving a slot never changes evidence.
create table attendance_mark (
  slot_id uuid not null constraint attendance_mark_slot_exists references slot (id),
  enrolment_id uuid not null references enrolment (id),
  session_id uuid not null references training_session (id),
  status text not null check (status in ('present', 'partial', 'absent')),
  attended_minutes integer not null check (attended_minutes >= 0),
  reason_code text check (reason_code in
    ('illness', 'work', 'transport', 'family', 'forceMajeure', 'unknown', 'other')),
  justified boolean,
  held_on date not null,
  kind text not null check (kind in ('onsite', 'synchronous', 'asynchronous')),
  event_id uuid not null references attendance_event (id),
  marked_at timestamptz not null,
  primary key (slot_id, enrolment_id),
  constraint attendance_mark_minutes check ((status = 'absent') = (attended_minutes = 0)),
  constraint attendance_mark_reason check (reason_code is null or status <> 'present')
);
create index attendance_mark_enrolment on attendance_mark (enrolment_id, held_on) include (attended_minutes, kind);
create index attendance_mark_session on attendance_mark (session_id);
create index attendance_mark_held_on on attendance_mark (held_on) include (enrolment_id, attended_minutes);

create trigger attendance_mark_never_deleted before delete on attendance_mark
  for each row execute function refuse_change();
create trigger attendance_mark_no_truncate before truncate on attendance_mark
  for each statement execute function refuse_change();

-- A chain only grows.
create function guard_ledger_head() returns trigger language plpgsql as $$
begin
  -- Locking the head writes it anew as it is.
  if tg_op = 'UPDATE' and new.session_id = old.session_id
     and (new.sequence > old.sequence or (new.sequence = old.sequence and new.hash = old.hash)) then
    return new;
  end if;
  raise exception 'a ledger only grows' using errcode = 'PR001';
end $$;
create trigger ledger_head_grows before update or delete on ledger_head
  for each row execute function guard_ledger_head();

-- The one source of attended minutes: the sheet, the certificate and the BPF read this and nothing else.
create view attended_time as
select enrolment_id, session_id, slot_id, held_on, kind, attended_minutes as minutes
from attendance_mark
where attended_minutes > 0;
