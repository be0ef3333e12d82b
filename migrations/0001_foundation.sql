-- What every slice stands on: French search, append-only guards, the audit, stored bytes.

create extension if not exists unaccent;
create extension if not exists btree_gist;

-- «elearning» finds «e-learning», «évaluation» finds «evaluations»: unaccent before the French stemmer.
create text search configuration preau_french (copy = pg_catalog.french);
alter text search configuration preau_french
  alter mapping for hword, hword_part, word with unaccent, french_stem;

-- Evidence is appended, never changed: the trigger says so to everyone, the owner of the tables included.
create function refuse_change() returns trigger language plpgsql as $$
begin
  raise exception '% is append-only: % refused', tg_table_name, tg_op using errcode = 'PR001';
end $$;

create table audit_entry (
  id uuid primary key,
  sequence bigint generated always as identity,
  occurred_at timestamptz not null,
  actor_kind text not null check (actor_kind in ('account', 'system', 'anonymous')),
  actor_account_id uuid,
  action text not null,
  subject_kind text not null,
  subject_id uuid,
  -- The names of the fields that changed, with values only where they are not personal.
  changes jsonb not null,
  request_id text not null
);
-- No foreign keys: the history outlives its subjects.
create index audit_entry_subject on audit_entry (subject_kind, subject_id, sequence);
create index audit_entry_sequence on audit_entry (sequence);
create trigger audit_entry_append_only before update or delete on audit_entry
  for each row execute function refuse_change();
create trigger audit_entry_no_truncate before truncate on audit_entry
  for each statement execute function refuse_change();

-- Bytes addressed by their own hash (platform/files).
create table stored_file (
  sha256 text primary key,
  media_type text not null,
  size integer not null check (size = octet_length(bytes)),
  bytes bytea not null,
  created_at timestamptz not null,
  constraint stored_file_is_its_hash check (sha256 = encode(sha256(bytes), 'hex'))
);
create trigger stored_file_append_only before update or delete on stored_file
  for each row execute function refuse_change();
create trigger stored_file_no_truncate before truncate on stored_file
  for each statement execute function refuse_change();
