-- Checkpoints of the ledgers: signed, chained, and handed out, so that what came before one cannot be rewritten even by
-- who holds the database and the key. Each key opens with one, under a lock: events up to it are of the keys before.

create table ledger_checkpoint (
  sequence bigint primary key check (sequence > 0),
  created_at timestamptz not null,
  key_id text not null references ledger_key (id),
  -- Canonical JSON (RFC 8785): these bytes are what was hashed. It holds the root of a hash tree over the heads below.
  body text not null,
  previous_hash text not null,
  -- SHA-256 of the body, which holds the hash before; signed.
  hash text not null,
  signature text not null
);

-- The heads that had moved since the checkpoint before: a million sessions that rest cost nothing.
create table ledger_checkpoint_head (
  checkpoint_sequence bigint not null references ledger_checkpoint (sequence),
  session_id uuid not null references training_session (id),
  sequence bigint not null,
  hash text not null,
  primary key (checkpoint_sequence, session_id)
);
create index ledger_checkpoint_head_session on ledger_checkpoint_head (session_id, checkpoint_sequence);

do $$
declare
  evidence text;
begin
  foreach evidence in array array['ledger_checkpoint', 'ledger_checkpoint_head']
  loop
    execute format('create trigger %1$s_append_only before update or delete on %1$I
      for each row execute function refuse_change()', evidence);
    execute format('create trigger %1$s_no_truncate before truncate on %1$I
      for each statement execute function refuse_change()', evidence);
  end loop;
end $$;

-- Up to which event the last checkpoint that knows the session covers it.
alter table ledger_head add column covered_sequence bigint not null default 0;
create index ledger_head_uncovered on ledger_head (session_id) where covered_sequence < sequence;

select jobs.create_queue('checkpoint', '{
  "policy": "standard", "notify": true, "deleteAfterSeconds": 2592000,
  "retryLimit": 5, "retryDelay": 60, "retryBackoff": true, "retryDelayMax": 3600, "expireInSeconds": 900
}');
