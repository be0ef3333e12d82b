-- Search as people type: no accents, plurals, elisions and slips of the finger aside; lists that stay quick far down.

create extension if not exists pg_trgm;
create extension if not exists fuzzystrmatch;

-- `platform/fold.ts` says the same in TypeScript: lower case without accents and ligatures, words one blank apart.
-- Ranges are spelled out and nothing is asked of the server's locale, so that an index may be built on it.
create function fold(value text) returns text language sql immutable strict parallel safe
return btrim(regexp_replace(
  replace(replace(replace(replace(
    translate(
      regexp_replace(lower(normalize(value, NFKD)), '[\u0300-\u036f\u00ad\u200b-\u200d\u2060\ufeff]+', '', 'g'),
      'øłđðıςØŁĐÐŒÆÞẞ', 'olddiσolddœæþß'),
    'œ', 'oe'), 'æ', 'ae'), 'ß', 'ss'), 'þ', 'th'),
  '[\u0001-\u002f\u003a-\u0040\u005b-\u0060\u007b-\u00bf\u00d7\u00f7\u1680\u2000-\u2bff\u2e00-\u2e7f\u3000-\u303f\ufe10-\ufe6f\U0001f000-\U0001fbff]+',
  ' ', 'g'));

-- Whether somebody who typed this may have meant that word, both folded: one slip (a letter wrong, missing, too many, or
-- two swapped), two in a word of eight letters; from six letters on also in the beginning of a longer word. The first
-- letter is one that sounds the same, or `formation` would find `information`.
create function is_typo_of(word text, typed text) returns boolean language sql immutable parallel safe
return case
  when length(typed) not between 4 and 60 then false
  when translate(left(ltrim(word, 'h'), 1), 'kqyjwz', 'ccigvs')
    <> translate(left(ltrim(typed, 'h'), 1), 'kqyjwz', 'ccigvs') then false
  else least(
      levenshtein_less_equal(left(word, length(typed) + 3), typed, 2),
      case when length(typed) >= 6 then least(
        levenshtein_less_equal(left(word, length(typed) - 1), typed, 2),
        levenshtein_less_equal(left(word, length(typed)), typed, 2),
        levenshtein_less_equal(left(word, length(typed) + 1), typed, 2)
      ) end
    ) <= case when length(typed) >= 8 then 2 else 1 end
    -- Two letters swapped are two changes of a text that has the same letters.
    or (length(word) = length(typed) or length(typed) >= 6)
      and levenshtein_less_equal(left(word, length(typed)), typed, 2) = 2
      and translate(left(word, length(typed)), typed, '') = ''
      and translate(typed, left(word, length(typed)), '') = ''
end;

-- What a person is searched by, each word after a blank, for `like '% beginning%'`: names, also those of several words
-- in one (`legoff`), the address up to the @, then the whole address as it is.
create function person_search_words(first_name text, last_name text, birth_name text, email text) returns text
language sql immutable parallel safe
return ' ' || fold(
  first_name || ' ' || last_name || ' ' || coalesce(birth_name, '') || ' ' || coalesce(split_part(email, '@', 1), '')
  || ' ' || translate(first_name, ' ''’-', '') || ' ' || translate(last_name, ' ''’-', '')
) || ' ' || coalesce(lower(email), '') || ' ';

alter table person add column search_words text not null
  generated always as (person_search_words(first_name, last_name, birth_name, email)) stored;
create index person_search on person using gin (search_words gin_trgm_ops);

-- For lists in which a part of a name or an address is enough.
create index client_name_part on client using gin (fold(name) gin_trgm_ops);
create index account_email_part on account using gin (fold(email) gin_trgm_ops);

-- What a training is searched by, kept by triggers: of the version that the catalogue shows, and of the one that is
-- being edited. Stems for other forms of a word, and whole words for their beginnings; title and code have weight A.
create table training_search (
  training_id uuid primary key references training (id),
  -- Null unless the training is in the catalogue.
  published tsvector,
  -- Null when archived.
  edited tsvector
);
create index training_search_published on training_search using gin (published);
create index training_search_edited on training_search using gin (edited);

-- Every word of every training, for the ones nearest to a word that none has. A word that no training has any more
-- stays, and finds nothing.
create table training_word (
  word text primary key
);

-- A version's words, folded: what it is called, what it is about, and its title and domain once more with hyphens taken
-- out, so that `elearning` finds `e-learning`. What every programme says in the same words (methods, accessibility) tells
-- none from another. Cut where no programme ever is, since a tsvector ends at a megabyte.
create function training_texts(version training_version, code text) returns text[] language sql stable
return array[
  fold(version.title || ' ' || code),
  left(fold(concat_ws(' ', version.domain, array_to_string(version.objectives, ' '), version.audience,
    version.content,
    (select concat_ws(' ', certification.register || certification.code, certification.code, certification.title,
      certification.certifier) from certification where certification.id = version.certification_id))), 50000),
  fold(translate(version.title || ' ' || coalesce(version.domain, ''), '-‐‑', ''))
];

create function training_document(texts text[]) returns tsvector language sql immutable
return setweight(to_tsvector('preau_french', texts[1]) || to_tsvector('simple', texts[1]), 'A')
  || to_tsvector('preau_french', texts[2]) || strip(to_tsvector('simple', texts[2]) || to_tsvector('simple', texts[3]));

create function refresh_training_search(id uuid) returns void language plpgsql as $$
declare
  published_texts text[];
  draft_texts text[];
  published_document tsvector;
begin
  select case when training.status = 'published' then training_texts(published, training.code) end,
    case when draft.id is not null and training.status <> 'archived' then training_texts(draft, training.code) end
  into published_texts, draft_texts
  from training
  left join training_version published on published.id = training.published_version_id
  left join training_version draft on draft.training_id = training.id and draft.published_at is null
  where training.id = refresh_training_search.id;
  published_document := training_document(published_texts);
  insert into training_search (training_id, published, edited)
    values (id, published_document, coalesce(training_document(draft_texts), published_document))
    on conflict (training_id) do update set published = excluded.published, edited = excluded.edited;
  -- In one order: of two who learn the same words, one waits for the other.
  insert into training_word
    select lexeme
    from unnest(tsvector_to_array(to_tsvector('simple', array_to_string(published_texts || draft_texts, ' ')))) lexeme
    order by lexeme
    on conflict do nothing;
end $$;

-- By the index in every case: what it costs to unpack all documents, the planner does not know.
create function trainings_published_about(question tsquery) returns setof uuid
language sql stable rows 50 set enable_seqscan to off
begin atomic
  select training_id from training_search where published @@ question;
end;
create function trainings_edited_about(question tsquery) returns setof uuid
language sql stable rows 50 set enable_seqscan to off
begin atomic
  select training_id from training_search where edited @@ question;
end;

create function training_search_changed() returns trigger language plpgsql as $$
begin
  if tg_table_name = 'training' then
    perform refresh_training_search(new.id);
  else
    perform refresh_training_search(new.training_id);
  end if;
  return null;
end $$;
create trigger training_search_kept
  after insert or update of title, domain, objectives, audience, content, certification_id on training_version
  for each row execute function training_search_changed();
create trigger training_search_kept after update of code, status, published_version_id on training
  for each row execute function training_search_changed();

select refresh_training_search(id) from training;
alter table training_version drop column search;

-- The catalogue is read by title, lists of sessions by start, those without a slot last: the next page begins where the
-- index says, however far down it is.
create index training_version_title on training_version (lower(title), training_id) where published_at is not null;
create unique index training_published_version on training (published_version_id);
create index training_session_start on training_session
  ((coalesce(first_slot_starts_at, 'infinity'::timestamptz)), id);
