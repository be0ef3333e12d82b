-- Trainings (actions de formation) and their versions; a published version never changes.

-- Never updated: a corrected title is another row, so that a published version keeps what it said.
create table certification (
  id uuid primary key,
  register text not null check (register in ('RNCP', 'RS')),
  code text not null,
  title text not null,
  certifier text not null,
  level text check (level in ('2', '3', '4', '5', '6', '7', '8', 'cqp')),
  constraint certification_unique unique nulls not distinct (register, code, title, certifier, level)
);
create trigger certification_append_only before update or delete on certification
  for each row execute function refuse_change();

create table training (
  id uuid primary key,
  version integer not null default 1,
  created_at timestamptz not null,
  updated_at timestamptz not null,
  code text not null,
  -- archived: used by imported history and shown to nobody
  status text not null check (status in ('draft', 'published', 'archived')),
  published_version_id uuid
);
create unique index training_code_unique on training (lower(code));

create table training_version (
  id uuid primary key,
  training_id uuid not null references training (id),
  number integer not null check (number > 0),
  -- Null while it is the draft of the next version.
  published_at timestamptz,
  title text not null,
  objectives text[] not null default '{}',
  prerequisites text,
  audience text,
  content text,
  methods text,
  assessment_methods text,
  accessibility text,
  access_delay text,
  duration_minutes integer check (duration_minutes > 0),
  price_cents bigint check (price_cents >= 0),
  modality text check (modality in ('onsite', 'remote', 'hybrid')),
  nsf_code text check (nsf_code ~ '^[0-9]{3}[a-z]?$'),
  objective text check (objective in ('rncp', 'rs', 'cqp', 'other', 'skillsAssessment', 'vae')),
  action_kind text not null default 'training'
    check (action_kind in ('training', 'skillsAssessment', 'vae', 'apprenticeship')),
  domain text,
  certification_id uuid references certification (id),
  search tsvector generated always as (
    setweight(to_tsvector('preau_french', title), 'A')
    || setweight(to_tsvector('preau_french', coalesce(domain, '')), 'B')
    || setweight(to_tsvector('preau_french', coalesce(audience, '') || ' ' || coalesce(content, '')), 'C')
  ) stored,
  constraint training_version_number_unique unique (training_id, number)
);
create unique index training_version_one_draft on training_version (training_id) where published_at is null;
create index training_version_search on training_version using gin (search);

alter table training add constraint training_published_version_exists
  foreign key (published_version_id) references training_version (id);

create trigger training_version_immutable before update or delete on training_version
  for each row when (old.published_at is not null) execute function refuse_change();
