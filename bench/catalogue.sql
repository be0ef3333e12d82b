-- A catalogue: 999 published trainings of four domains, each with three sessions to come, of which the first has half
-- its seats taken.
create temporary table programme on commit drop as
select n, uuidv7() as training_id, uuidv7() as version_id,
  (array['Animer', 'Évaluer', 'Concevoir', 'Piloter', 'Négocier', 'Rédiger', 'Présenter', 'Organiser'])[1 + n % 8]
    || ' ' || (array['un atelier', 'un budget', 'un site accessible', 'une équipe', 'un contrat', 'un rapport',
    'une campagne', 'un réseau d’entraide', 'un service numérique'])[1 + n % 9] || ', module ' || n as title,
  (array['Numérique', 'Gestion', 'Communication', 'Animation'])[1 + n % 4] as domain
from generate_series(1, 999) n;
insert into training (id, created_at, updated_at, code, status)
select training_id, now(), now(), 'CAT-' || n, 'published' from programme;
insert into training_version (id, training_id, number, published_at, title, domain, objectives, prerequisites,
  audience, content, methods, assessment_methods, accessibility, access_delay, duration_minutes, price_cents,
  modality, nsf_code, objective)
select version_id, training_id, 1, now(), title, domain, array['Savoir ' || lower(title), 'Choisir ses outils'],
  'Aucun prérequis', 'Indépendantes et indépendants', repeat('Repères, méthodes, mises en pratique, retours d’expérience. ', 30),
  'Ateliers en petits groupes', 'Étude de cas', 'Locaux accessibles', 'Deux semaines', 840, 95000, 'onsite', '326',
  'other' from programme;
update training set published_version_id = version_id from programme where id = training_id;
insert into training_session (id, created_at, updated_at, reference, training_version_id, status, opened_at,
  time_zone, modality, place, capacity, approval, visibility, subcontracting, bpf_scope, nsf_code, objective,
  first_slot_starts_at, last_slot_ends_at)
select uuidv7(), now(), now(), 'CAT-' || n || '-' || number, version_id, 'open', now(), 'Europe/Paris', 'onsite',
  'Lyon', 12, 'automatic', 'public', 'none', 'included', '326', 'other', now() + number * interval '30 days',
  now() + number * interval '30 days' + interval '31 hours'
from programme cross join generate_series(1, 3) number;
insert into person (id, created_at, updated_at, first_name, last_name)
select uuidv7(), now(), now(), 'Alix', 'Membre-' || n from generate_series(1, 500) n;
insert into enrolment (id, created_at, updated_at, session_id, person_id, status, trainee_type)
select uuidv7(), now(), now(), session.id, member.id, 'confirmed', 'other'
from training_session session
cross join lateral (select id from person where last_name like 'Membre-%' order by hashtext(id::text || session.id)
  limit 6) member
where session.reference like 'CAT-%-1';
