-- A ledger of issued documents: whoever alters, adds or removes one behind Préau's back breaks it (preau verify).

-- The chain's last link; its row lock orders the events of all documents. No row before the first one.
create table document_head (
  is_the_only_one boolean primary key default true constraint document_head_only_one check (is_the_only_one),
  sequence bigint not null check (sequence >= 0),
  hash text not null
);

create table document_event (
  sequence bigint primary key check (sequence > 0),
  document_id uuid not null references issued_document (id),
  -- JSON of the columns that changed, all of them at issue; as text: these bytes are what was hashed.
  body text not null,
  previous_hash text not null,
  -- SHA-256 of the hash before, a line break and the body.
  hash text not null
);
create index document_event_document on document_event (document_id, sequence);
create trigger document_event_append_only before update or delete on document_event
  for each row execute function refuse_change();
create trigger document_event_no_truncate before truncate on document_event
  for each statement execute function refuse_change();

create function guard_document_head() returns trigger language plpgsql as $$
begin
  if tg_op = 'UPDATE' and new.sequence > old.sequence then
    return new;
  end if;
  raise exception 'a ledger only grows' using errcode = 'PR001';
end $$;
create trigger document_head_grows before update or delete on document_head
  for each row execute function guard_document_head();
create trigger document_head_no_truncate before truncate on document_head
  for each statement execute function refuse_change();
create trigger ledger_head_no_truncate before truncate on ledger_head
  for each statement execute function refuse_change();
create trigger document_number_no_truncate before truncate on document_number
  for each statement execute function refuse_change();

-- A document's columns as its events state them: every column that is not null, also those that come later; long
-- values as their hash. In UTC, so that an instant is always the same text.
create function document_facts(document issued_document) returns jsonb language sql stable set timezone to 'UTC' as $$
  select jsonb_object_agg(key, case
    when jsonb_typeof(value) in ('object', 'array') or length(value #>> '{}') > 64
      then to_jsonb('sha256:' || encode(sha256(convert_to(value #>> '{}', 'UTF8')), 'hex'))
    else value end)
  from jsonb_each(to_jsonb(document))
  where value <> 'null'
$$;

-- Before any row is touched, so that all who write documents wait in one place.
create function lock_document_head() returns trigger language plpgsql as $$
begin
  insert into document_head (sequence, hash)
    values (0, encode(sha256(convert_to('preau document ledger', 'UTF8')), 'hex'))
    on conflict do nothing;
  perform from document_head for update;
  return null;
end $$;

-- Chains one event behind `last`; returns the next link, which the caller writes once.
create function append_document_event(last document_head, document_id uuid, columns jsonb)
returns document_head language plpgsql as $$
declare
  event document_event;
begin
  event.sequence := last.sequence + 1;
  event.document_id := document_id;
  event.body := jsonb_build_object('documentId', document_id, 'sequence', event.sequence, 'columns', columns)::text;
  event.previous_hash := last.hash;
  event.hash := encode(sha256(convert_to(last.hash || E'\n' || event.body, 'UTF8')), 'hex');
  insert into document_event values (event.*);
  last.sequence := event.sequence;
  last.hash := event.hash;
  return last;
end $$;

create function append_issued_documents() returns trigger language plpgsql as $$
declare
  last document_head;
  document issued_document;
begin
  select * into last from document_head;
  for document in select * from issued order by kind, year, number loop
    last := append_document_event(last, document.id, document_facts(document));
  end loop;
  update document_head set sequence = last.sequence, hash = last.hash where sequence < last.sequence;
  return null;
end $$;

-- Drawn, revoked, replaced: what changed, with null for a value that is no more.
create function append_changed_documents() returns trigger language plpgsql as $$
declare
  last document_head;
  change record;
begin
  select * into last from document_head;
  for change in
    select document_id, columns
    from (
      select after.id as document_id, after.kind, after.year, after.number, (
        select jsonb_object_agg(key, later.facts -> key)
        from jsonb_object_keys(earlier.facts || later.facts) key
        where earlier.facts -> key is distinct from later.facts -> key
      ) as columns
      from changed_from before
      join changed_to after on after.id = before.id,
      document_facts(before::issued_document) earlier(facts),
      document_facts(after::issued_document) later(facts)
    ) changes
    where columns is not null
    order by kind, year, number
  loop
    last := append_document_event(last, change.document_id, change.columns);
  end loop;
  update document_head set sequence = last.sequence, hash = last.hash where sequence < last.sequence;
  return null;
end $$;

-- Documents issued before there was this ledger: as they stand now.
do $$
declare
  last document_head;
  document issued_document;
begin
  if not exists (select from issued_document) then return; end if;
  insert into document_head (sequence, hash)
    values (0, encode(sha256(convert_to('preau document ledger', 'UTF8')), 'hex'))
    returning * into last;
  for document in select * from issued_document order by kind, year, number loop
    last := append_document_event(last, document.id, document_facts(document));
  end loop;
  update document_head set sequence = last.sequence, hash = last.hash;
end $$;

create trigger issued_document_head_locked before insert or update on issued_document
  for each statement execute function lock_document_head();
create trigger issued_document_issued after insert on issued_document
  referencing new table as issued
  for each statement execute function append_issued_documents();
create trigger issued_document_changed after update on issued_document
  referencing old table as changed_from new table as changed_to
  for each statement execute function append_changed_documents();
