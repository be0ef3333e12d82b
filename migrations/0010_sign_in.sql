-- Sign-in for real life: links that work once, guessing slowed down, login sessions that one can tell apart, tokens
-- that say how far they go.

-- Links that are printed (set-up) or mailed. Who reads the table cannot use what they read: it holds only hashes.
create table single_use_token (
  id uuid primary key,
  kind text not null check (kind in ('setup', 'invitation', 'passwordReset', 'signInLink')),
  account_id uuid constraint single_use_token_account_exists references account (id),
  -- SHA-256; null until the mail that carries the token is being sent, which is when the token is made.
  token_hash text constraint single_use_token_hash_unique unique,
  created_at timestamptz not null,
  expires_at timestamptz not null,
  used_at timestamptz,
  -- Ended before it was used: by a newer link of its kind, or by a new password.
  ended_at timestamptz,
  -- The first admin has no account yet. Others lack one where nobody has the address that was typed: to answer as
  -- quickly and as slowly as otherwise, the same is written then, but has ended from the beginning.
  constraint single_use_token_of_account
    check (case when kind = 'setup' then account_id is null else account_id is not null or ended_at is not null end)
);
create unique index single_use_token_one_live on single_use_token (kind, account_id) nulls not distinct
  where used_at is null and ended_at is null;
create index single_use_token_account on single_use_token (account_id, created_at);
create index single_use_token_expiry on single_use_token (expires_at);

insert into single_use_token (id, kind, token_hash, created_at, expires_at)
  select gen_random_uuid(), 'setup', token_hash, created_at, expires_at
  from setup_token order by created_at desc limit 1;
drop table setup_token;

-- When an account's holder was last invited to choose a password; null: never.
alter table account add column invited_at timestamptz;

-- Failed sign-ins and requests for links as leaky buckets: each pours in, time drains. Keys are hashes of who and where.
create table sign_in_throttle (
  key_hash text primary key,
  -- When the bucket would be empty if nothing more were poured in.
  drained_at timestamptz not null,
  -- Of an account and an address, while the account is attacked from many: from when on the next guess is answered.
  admitted_at timestamptz
);
create index sign_in_throttle_drained on sign_in_throttle (drained_at);

-- A login session has an id that is no secret, so that one can end the one that one sees in a list.
alter table login_session
  add column id uuid not null default gen_random_uuid() constraint login_session_id_unique unique,
  add column last_seen_at timestamptz,
  -- What the browser said of itself, in two words: `Firefox · Linux`.
  add column device text;
update login_session set last_seen_at = created_at;
alter table login_session
  alter column id drop default,
  alter column last_seen_at set not null;

alter table api_token
  add column scope text not null default 'full' check (scope in ('read', 'full')),
  -- A day, not a moment: enough to tell a token that is in use from one that was forgotten.
  add column last_used_on date;
alter table api_token alter column scope drop default;
