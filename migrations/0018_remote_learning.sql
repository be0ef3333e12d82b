-- Learning at a distance (formation à distance): what virtual rooms logged beside the signatures, and work done alone.

-- The activities to do alone and their estimated minutes (D6313-3-1, 2°): [{id, title, estimatedMinutes, instructions}].
alter table training_version
  add column activities jsonb not null default '[]' check (jsonb_typeof(activities) = 'array');

-- What the export of a virtual room proves of one half-day (relevé de connexion). Evidence beside the signatures: no mark
-- follows from it. Names and addresses stay in the file.
create table connection_log (
  id uuid primary key,
  session_id uuid not null references training_session (id),
  slot_id uuid not null constraint connection_log_slot_exists references slot (id),
  provider text not null check (provider in ('zoom', 'teams', 'bigBlueButton')),
  sha256 text not null references stored_file (sha256),
  size integer not null check (size > 0),
  -- Of the times that the file gives without one.
  time_zone text not null,
  uploaded_at timestamptz not null,
  uploaded_by uuid references account (id),
  -- Who is who, by the first line of each participant: [{line, enrolmentId, by}].
  matches jsonb not null,
  -- [{enrolmentId, minutes, spans}]; spans in seconds since 1970.
  presences jsonb not null,
  event_id uuid not null references attendance_event (id),
  constraint connection_log_once unique (slot_id, sha256)
);
create index connection_log_session on connection_log (session_id);

-- Who is who may be decided later; all else stays.
create function guard_connection_log() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and (to_jsonb(new) - '{matches,presences,event_id}'::text[])
     = (to_jsonb(old) - '{matches,presences,event_id}'::text[]) then
    return new;
  end if;
  raise exception 'a connection log is never altered' using errcode = 'PR001';
end $$;
create trigger connection_log_frozen before update or delete on connection_log
  for each row execute function guard_connection_log();
create trigger connection_log_no_truncate before truncate on connection_log
  for each statement execute function refuse_change();

-- What became of an activity for a learner: declared by them, or decided by a trainer, which outranks it. Only a decision
-- is worth minutes: those estimated when it was made.
create table activity_completion (
  enrolment_id uuid not null references enrolment (id),
  activity_id uuid not null,
  session_id uuid not null references training_session (id),
  source text not null check (source in ('declaration', 'decision')),
  is_done boolean not null,
  done_on date,
  minutes integer not null check (minutes >= 0),
  -- What a decision rests on.
  evidence text check (evidence in ('workHandedIn', 'assessment', 'connectionTrace', 'exchange', 'other')),
  decided_at timestamptz not null,
  event_id uuid not null references attendance_event (id),
  primary key (enrolment_id, activity_id),
  constraint activity_completion_dated check (is_done = (done_on is not null)),
  constraint activity_completion_minutes check ((minutes > 0) = (is_done and source = 'decision')),
  constraint activity_completion_evidence check ((evidence is not null) = (is_done and source = 'decision'))
);
create index activity_completion_enrolment on activity_completion (enrolment_id, done_on) include (minutes);
create index activity_completion_session on activity_completion (session_id);
create index activity_completion_done_on on activity_completion (done_on) include (enrolment_id, minutes);
create trigger activity_completion_never_deleted before delete on activity_completion
  for each row execute function refuse_change();
create trigger activity_completion_no_truncate before truncate on activity_completion
  for each statement execute function refuse_change();
