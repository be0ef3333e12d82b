-- Training sessions, their half-day slots (créneaux) and their trainers.

create table training_session (
  id uuid primary key,
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  reference text not null,
  training_version_id uuid not null references training_version (id),
  status text not null check (status in ('draft', 'open', 'closed', 'cancelled')),
  -- When it was opened for the first time; null for a draft, also for one that was cancelled as a draft.
  opened_at timestamptz,
  -- Why it was cancelled, or opened again after closing.
  status_reason text,
  time_zone text not null,
  modality text not null check (modality in ('onsite', 'remote', 'hybrid')),
  chapter_id uuid constraint training_session_chapter_exists references chapter (id),
  place text,
  remote_url text,
  capacity integer not null check (capacity > 0),
  minimum_learners integer check (minimum_learners > 0),
  approval text not null check (approval in ('automatic', 'manual')),
  visibility text not null check (visibility in ('public', 'private')),
  -- The company a private session is held for.
  private_client_id uuid constraint training_session_private_client_exists references client (id),
  subcontracting text not null check (subcontracting in ('none', 'givenOut', 'received')),
  subcontract_client_id uuid constraint training_session_subcontract_client_exists references client (id),
  bpf_scope text not null check (bpf_scope in ('included', 'excluded')),
  bpf_scope_reason text,
  -- Copied from the training's version, corrected here with a reason, since a version cannot be.
  nsf_code text check (nsf_code ~ '^[0-9]{3}[a-z]?$'),
  objective text check (objective in ('rncp', 'rs', 'cqp', 'other', 'skillsAssessment', 'vae')),
  certification_level text check (certification_level in ('2', '3', '4', '5', '6', '7', '8', 'cqp')),
  -- Kept by planning in the transaction that changes a slot; null without slots.
  first_slot_starts_at timestamptz,
  last_slot_ends_at timestamptz,
  -- The last waiting place handed out (liste d'attente); taken under the session's row lock.
  last_waiting_place integer not null default 0,
  constraint training_session_opened check (status not in ('open', 'closed') or opened_at is not null),
  constraint training_session_excluded_has_reason check (bpf_scope = 'included' or bpf_scope_reason is not null),
  constraint training_session_subcontract_client check ((subcontracting = 'none') = (subcontract_client_id is null))
);
create unique index training_session_reference_unique on training_session (lower(reference));
create index training_session_first_slot on training_session (first_slot_starts_at, id);
create index training_session_version on training_session (training_version_id, status);
create index training_session_chapter on training_session (chapter_id);

create table slot (
  id uuid primary key,
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  session_id uuid not null references training_session (id),
  starts_at timestamptz not null,
  ends_at timestamptz not null,
  -- The civil date and half-day in the session's own time zone.
  held_on date not null,
  half_day text not null check (half_day in ('morning', 'afternoon', 'evening')),
  duration_minutes integer not null generated always as ((extract(epoch from ends_at - starts_at) / 60)::integer) stored,
  topic text,
  -- Null: as the session says.
  modality text check (modality in ('onsite', 'remote')),
  place text,
  constraint slot_ends_after_start check (ends_at > starts_at),
  constraint slot_no_overlap exclude using gist (session_id with =, tstzrange(starts_at, ends_at) with &&)
);
create index slot_session on slot (session_id, starts_at);
create index slot_held_on on slot (held_on);
create index slot_span on slot using gist (tstzrange(starts_at, ends_at));

-- Who teaches in a session; the engagement stays as it was when the assignment was made (BPF frame E).
create table trainer_assignment (
  id uuid primary key,
  session_id uuid not null references training_session (id),
  person_id uuid not null constraint trainer_assignment_person_exists references person (id),
  engagement text not null check (engagement in ('internal', 'external')),
  position integer not null,
  constraint trainer_assignment_unique unique (session_id, person_id)
);
create index trainer_assignment_person on trainer_assignment (person_id, session_id);

-- Only for slots that do not have all the session's trainers.
create table slot_trainer (
  slot_id uuid not null references slot (id) on delete cascade,
  assignment_id uuid not null references trainer_assignment (id),
  primary key (slot_id, assignment_id)
);
create index slot_trainer_assignment on slot_trainer (assignment_id);

-- The trainers of every slot: its own if it names any, else the session's.
create view slot_engagement as
select slot.id as slot_id, slot.session_id, trainer.person_id, trainer.engagement
from slot
join trainer_assignment trainer on trainer.session_id = slot.session_id
where not exists (select from slot_trainer own where own.slot_id = slot.id)
   or exists (select from slot_trainer own where own.slot_id = slot.id and own.assignment_id = trainer.id);
