-- Persons, the accounts some of them sign in with, and what an account may do.

create table person (
  id uuid primary key,
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  first_name text not null,
  last_name text not null,
  birth_name text,
  email text,
  phone text,
  chapter_id uuid constraint person_chapter_exists references chapter (id),
  employer_client_id uuid constraint person_employer_exists references client (id)
);
create index person_name on person (last_name, first_name, id);
create index person_email on person (lower(email));
create index person_chapter on person (chapter_id, last_name, first_name, id);
create index person_employer on person (employer_client_id);

alter table organisation add constraint organisation_disability_contact_exists
  foreign key (disability_contact_person_id) references person (id);

create table account (
  id uuid primary key,
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  person_id uuid not null
    constraint account_person_unique unique
    constraint account_person_exists references person (id),
  email text not null,
  -- Null until the person has chosen one: such an account cannot sign in.
  password_hash text
);
create unique index account_email_unique on account (lower(email));

create table role_grant (
  id uuid primary key,
  account_id uuid not null references account (id),
  role text not null check (role in ('member', 'trainer', 'ambassador', 'admin')),
  chapter_id uuid constraint role_grant_chapter_exists references chapter (id),
  constraint role_grant_unique unique nulls not distinct (account_id, role, chapter_id),
  -- Only an ambassador holds a mandate for a chapter, and must.
  constraint role_grant_chapter_of_ambassador check ((role = 'ambassador') = (chapter_id is not null))
);

-- Keyed by the SHA-256 of the cookie's value: who reads the table cannot sign in with it.
create table login_session (
  id_hash text primary key,
  account_id uuid not null references account (id),
  created_at timestamptz not null,
  expires_at timestamptz not null
);
create index login_session_account on login_session (account_id);
create index login_session_expiry on login_session (expires_at);

create table api_token (
  id uuid primary key,
  account_id uuid not null references account (id),
  name text not null,
  token_hash text not null constraint api_token_hash_unique unique,
  expires_on date,
  created_at timestamptz not null
);
create index api_token_account on api_token (account_id);

-- The one-time link for the very first admin.
create table setup_token (
  token_hash text primary key,
  created_at timestamptz not null,
  expires_at timestamptz not null
);
