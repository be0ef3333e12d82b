-- Attendance signed by learners, countersigned and sealed by trainers; every event of the ledger signed with a key that
-- no table holds.

-- Public keys (Ed25519) of those that events were signed with. Each was introduced by its predecessor.
create table ledger_key (
  -- SHA-256 of the public key, in hex.
  id text primary key,
  -- 32 bytes in base64url.
  public_key text not null,
  created_at timestamptz not null,
  previous_key_id text references ledger_key (id),
  -- Canonical JSON (RFC 8785) of the above, signed by the key itself and by its predecessor.
  body text not null,
  signature text not null,
  previous_signature text,
  -- Without its predecessor's signature where that key was lost: `preau verify` says so.
  constraint ledger_key_introduced check (previous_signature is null or previous_key_id is not null),
  -- One first key, and one successor of each: the one without is current.
  constraint ledger_key_one_successor unique nulls not distinct (previous_key_id)
);
create trigger ledger_key_append_only before update or delete on ledger_key
  for each row execute function refuse_change();
create trigger ledger_key_no_truncate before truncate on ledger_key
  for each statement execute function refuse_change();

alter table attendance_event
  alter column slot_id drop not null,
  -- What the device that recorded it offline calls it; sent again, it is known by it.
  add column client_id uuid,
  add column key_id text references ledger_key (id),
  -- Ed25519 over the hash, in base64url; null in events from before there were keys.
  add column signature text,
  add constraint attendance_event_client_id_unique unique (session_id, client_id),
  add constraint attendance_event_signed check ((key_id is null) = (signature is null));

-- What a mark goes back to, by rising rank: the learner's own signature, a trainer's decision, an admin's addendum to a
-- sealed half-day. Of equal rank the one decided last holds, however late it arrives.
alter table attendance_mark
  add column source text not null default 'decision' check (source in ('signature', 'decision', 'addendum')),
  add column decided_at timestamptz,
  -- Of who came late or left early; the minutes are computed from them.
  add column arrived_at timestamptz,
  add column left_at timestamptz;
update attendance_mark set decided_at = marked_at;
alter table attendance_mark
  alter column decided_at set not null;

-- A sheet signed on paper (feuille d'émargement papier), scanned. The paper stays the original.
create table attendance_scan (
  id uuid primary key,
  session_id uuid not null references training_session (id),
  sha256 text not null references stored_file (sha256),
  media_type text not null check (media_type in ('application/pdf', 'image/jpeg', 'image/png')),
  size integer not null check (size > 0),
  -- Where the original lies («classeur 2026, armoire du bureau de Lyon»).
  original_kept_at text not null,
  uploaded_at timestamptz not null,
  uploaded_by uuid references account (id),
  event_id uuid not null references attendance_event (id),
  constraint attendance_scan_once unique (session_id, sha256)
);
create table attendance_scan_slot (
  scan_id uuid not null references attendance_scan (id),
  slot_id uuid not null constraint attendance_scan_slot_exists references slot (id),
  primary key (scan_id, slot_id)
);
create index attendance_scan_slot_slot on attendance_scan_slot (slot_id);

-- A learner's signature for one half-day; once for ever.
create table attendance_signature (
  slot_id uuid not null constraint attendance_signature_slot_exists references slot (id),
  enrolment_id uuid not null references enrolment (id),
  session_id uuid not null references training_session (id),
  way text not null check (way in ('ownDevice', 'code', 'trainerDevice', 'paper')),
  -- By the server's clock; offline the device's, corrected by how far it was off.
  signed_at timestamptz not null,
  device_at timestamptz,
  -- Of the strokes whatever their size and place, to find the same ones elsewhere; null on paper.
  fingerprint text,
  scan_id uuid references attendance_scan (id),
  event_id uuid not null references attendance_event (id),
  primary key (slot_id, enrolment_id),
  constraint attendance_signature_on_paper check ((way = 'paper') = (scan_id is not null))
);
create index attendance_signature_session on attendance_signature (session_id);
create index attendance_signature_enrolment on attendance_signature (enrolment_id);
create index attendance_signature_fingerprint on attendance_signature (fingerprint) where fingerprint is not null;

-- Present and unsigned, with the trainer's reason (a hand in plaster, a refusal).
create table signature_waiver (
  slot_id uuid not null constraint signature_waiver_slot_exists references slot (id),
  enrolment_id uuid not null references enrolment (id),
  session_id uuid not null references training_session (id),
  reason_code text not null check (reason_code in ('unable', 'refused', 'technical', 'other')),
  event_id uuid not null references attendance_event (id),
  primary key (slot_id, enrolment_id)
);
create index signature_waiver_session on signature_waiver (session_id);

-- A trainer's signature for one half-day (contre-émargement).
create table trainer_signature (
  slot_id uuid not null constraint trainer_signature_slot_exists references slot (id),
  person_id uuid not null references person (id),
  session_id uuid not null references training_session (id),
  signed_at timestamptz not null,
  device_at timestamptz,
  event_id uuid not null references attendance_event (id),
  primary key (slot_id, person_id)
);
create index trainer_signature_session on trainer_signature (session_id);

-- From here on a half-day is closed; a correction is an addendum.
create table slot_seal (
  slot_id uuid primary key constraint slot_seal_slot_exists references slot (id),
  session_id uuid not null references training_session (id),
  sealed_at timestamptz not null,
  -- The trainer who sealed; null where an admin did, of a half-day signed on paper.
  trainer_person_id uuid references person (id),
  event_id uuid not null references attendance_event (id)
);
create index slot_seal_session on slot_seal (session_id);

do $$
declare
  evidence text;
begin
  foreach evidence in array array['attendance_scan', 'attendance_scan_slot', 'signature_waiver', 'trainer_signature',
    'slot_seal']
  loop
    execute format('create trigger %1$s_append_only before update or delete on %1$I
      for each row execute function refuse_change()', evidence);
    execute format('create trigger %1$s_no_truncate before truncate on %1$I
      for each statement execute function refuse_change()', evidence);
  end loop;
end $$;

-- Two devices may both hold a signature of one learner; the earlier one counts, also when it arrives later.
create trigger attendance_signature_never_deleted before delete on attendance_signature
  for each row execute function refuse_change();
create trigger attendance_signature_no_truncate before truncate on attendance_signature
  for each statement execute function refuse_change();

-- Whether certificates wait until every half-day is sealed.
alter table organisation add column certificates_need_seals boolean not null default false;
