-- What a POST with an `Idempotency-Key` answered, so that sending it again does nothing again (platform/idempotency).

create table idempotency_key (
  account_id uuid not null references account (id) on delete cascade,
  -- Method and pattern: `POST /api/sessions/{id}/enrolments`.
  route text not null,
  -- SHA-256: clients choose their keys, and may write a name into one.
  key_hash text not null,
  -- Of path parameters, query and body, made with the key itself: who reads the table cannot try bodies against it.
  request_hash text not null,
  -- The JSON that went out; null where a part of it was a secret, shown once.
  answer text,
  created_at timestamptz not null,
  primary key (account_id, route, key_hash)
);
create index idempotency_key_created on idempotency_key (created_at);
