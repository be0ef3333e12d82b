-- Issued documents: numbered without gaps, frozen before they are drawn, bytes stored once.

-- The last number given out per kind and year; its row lock is what leaves no gap.
create table document_number (
  kind text not null,
  year integer not null,
  last_number integer not null check (last_number >= 0),
  primary key (kind, year)
);

create function guard_document_number() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and (new.kind, new.year) = (old.kind, old.year) and new.last_number > old.last_number then
    return new;
  end if;
  raise exception 'document numbers only go up' using errcode = 'PR001';
end $$;
create trigger document_number_grows before update or delete on document_number
  for each row execute function guard_document_number();

create table issued_document (
  id uuid primary key,
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  kind text not null check (kind in ('certificate')),
  year integer not null,
  number integer not null check (number > 0),
  session_id uuid not null references training_session (id),
  enrolment_id uuid not null references enrolment (id),
  person_id uuid not null references person (id),
  -- For documents that cover a period only (a monthly certificate of a PTP).
  period_from date,
  period_to date,
  -- The data as it stood, the template it is drawn with: together they give the bytes.
  model jsonb not null,
  template_source text not null,
  template_version text not null,
  attended_minutes integer not null check (attended_minutes > 0),
  issued_at timestamptz not null,
  issued_by uuid,
  verification_code text not null constraint issued_document_code_unique unique,
  -- Null between the two steps of issuing: numbered and frozen, not yet drawn.
  sha256 text references stored_file (sha256),
  revoked_at timestamptz,
  revoked_by uuid,
  revoked_reason text,
  replaced_by_id uuid references issued_document (id),
  constraint issued_document_number_unique unique (kind, year, number),
  constraint issued_document_revoked_with_reason check ((revoked_at is null) = (revoked_reason is null))
);
-- One valid certificate per enrolment and period, whoever issues at the same moment.
create unique index issued_document_valid_unique on issued_document (kind, enrolment_id, period_from, period_to)
  nulls not distinct where revoked_at is null;
create index issued_document_session on issued_document (session_id);
create index issued_document_person on issued_document (person_id);
create index issued_document_unfinished on issued_document (issued_at) where sha256 is null;
create index issued_document_issued_at on issued_document (issued_at, id);

-- After issue only three things may still happen, each once: bytes stored, revoked, replaced.
create function guard_issued_document() returns trigger language plpgsql as $$
begin
  if tg_op <> 'UPDATE' then
    raise exception 'an issued document is never deleted' using errcode = 'PR001';
  end if;
  if (to_jsonb(new) - '{version,updated_at,sha256,revoked_at,revoked_by,revoked_reason,replaced_by_id}'::text[])
     is distinct from
     (to_jsonb(old) - '{version,updated_at,sha256,revoked_at,revoked_by,revoked_reason,replaced_by_id}'::text[])
     or (old.sha256 is not null and new.sha256 is distinct from old.sha256)
     or (old.revoked_at is not null and (new.revoked_at, new.revoked_by, new.revoked_reason)
         is distinct from (old.revoked_at, old.revoked_by, old.revoked_reason))
     or (old.replaced_by_id is not null and new.replaced_by_id is distinct from old.replaced_by_id)
     or (new.replaced_by_id is not null and new.revoked_at is null)
  then
    raise exception 'an issued document is never altered' using errcode = 'PR001';
  end if;
  return new;
end $$;
create trigger issued_document_frozen before update or delete on issued_document
  for each row execute function guard_issued_document();
create trigger issued_document_no_truncate before truncate on issued_document
  for each statement execute function refuse_change();
