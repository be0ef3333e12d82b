-- Links and codes with which learners sign (émargement).

-- Personal: who holds one signs as this learner, without an account. To open it uses nothing up.
create table signing_link (
  id uuid primary key,
  enrolment_id uuid not null references enrolment (id),
  -- Null: for every half-day of the session.
  slot_id uuid references slot (id) on delete cascade,
  via text not null check (via in ('mail', 'screen')),
  -- SHA-256; null until the mail that carries the token is being sent, which is when the token is made.
  token_hash text constraint signing_link_hash_unique unique,
  created_at timestamptz not null,
  -- Of one shown on the trainer's screen; one that was mailed works until the session is over for some days.
  expires_at timestamptz,
  revoked_at timestamptz,
  constraint signing_link_on_screen check (
    (via = 'screen') = (expires_at is not null) and (via = 'mail' or slot_id is not null and token_hash is not null))
);
create index signing_link_enrolment on signing_link (enrolment_id);
create index signing_link_slot on signing_link (slot_id);

-- What the code on the trainer's screen is computed from (RFC 6238), made when it is first shown.
create table slot_code (
  slot_id uuid primary key references slot (id) on delete cascade,
  -- 32 bytes in base64url.
  secret text not null,
  created_at timestamptz not null
);

-- Wrong codes of one learner for one half-day, as a leaky bucket: each pours in, time drains.
create table slot_code_guess (
  slot_id uuid not null references slot (id) on delete cascade,
  enrolment_id uuid not null references enrolment (id),
  -- When the bucket would be empty if nothing more were poured in.
  drained_at timestamptz not null,
  primary key (slot_id, enrolment_id)
);
