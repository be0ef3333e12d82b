-- The training organisation (organisme de formation), its chapters (antennes) and its clients.

create table organisation (
  id uuid primary key,
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  -- One database is one organisation.
  is_the_only_one boolean not null default true
    constraint organisation_only_one unique check (is_the_only_one),
  is_demonstration boolean not null default false,
  legal_name text not null,
  trade_name text,
  siret text not null,
  declaration_number text not null,
  declaration_region text not null,
  naf_code text,
  legal_form text,
  time_zone text not null,
  address jsonb not null,
  email text not null,
  phone text,
  representative jsonb not null,
  qualiopi jsonb,
  vat_exempt boolean not null,
  disability_contact_person_id uuid
);

create table chapter (
  id uuid primary key,
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  name text not null,
  city text not null,
  region_code text not null
);
create unique index chapter_name_unique on chapter (lower(name));

create table client (
  id uuid primary key,
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  kind text not null check (kind in ('company', 'fundBody', 'publicBody', 'trainingOrganisation', 'individual')),
  name text not null,
  siret text check (siret ~ '^[0-9]{14}$'),
  declaration_number text,
  address jsonb,
  email text
);
create unique index client_siret_unique on client (siret) where siret is not null;
create index client_name on client (lower(name), id);
