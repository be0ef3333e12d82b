-- Half-days cancelled after they were planned, learners who come in on the way, papers that justify an absence.

alter table slot
  add column cancelled_at timestamptz,
  add column cancelled_reason text,
  add constraint slot_cancelled_has_reason check ((cancelled_at is null) = (cancelled_reason is null)),
  drop constraint slot_no_overlap,
  -- Another half-day may take the place of a cancelled one.
  add constraint slot_no_overlap exclude using gist (session_id with =, tstzrange(starts_at, ends_at) with &&)
    where (cancelled_at is null);
create index slot_cancelled on slot (id) where cancelled_at is not null;

-- When the seat was confirmed, of who came in while the session was under way; null for everybody else.
alter table enrolment add column joined_at timestamptz;

-- The one rule of who is expected in which half-day, whatever became of the enrolment: all of them that stand, but for
-- those begun before the learner came in; and whoever was there all the same.
create view expected_attendance as
select slot.id as slot_id, enrolment.id as enrolment_id, slot.session_id
from slot
join enrolment on enrolment.session_id = slot.session_id
where slot.cancelled_at is null
  and ((enrolment.joined_at is null or slot.starts_at >= enrolment.joined_at)
      and (enrolment.started_on is null or slot.held_on >= enrolment.started_on)
    or exists (select from attendance_mark mark
      where mark.slot_id = slot.id and mark.enrolment_id = enrolment.id and mark.attended_minutes > 0));

-- Marks that no longer fit their half-day, because it was moved: they are made again before it is sealed or the session
-- closed. Until then they keep what was attended.
create view unfit_mark as
select mark.slot_id, mark.enrolment_id, mark.session_id
from attendance_mark mark
join slot on slot.id = mark.slot_id
where slot.cancelled_at is null
  and (mark.held_on <> slot.held_on
    or mark.status = 'present' and mark.attended_minutes <> slot.duration_minutes
    or mark.status = 'partial' and mark.attended_minutes >= slot.duration_minutes
    or mark.status = 'partial' and (mark.arrived_at is not null or mark.left_at is not null)
      and mark.attended_minutes <> extract(epoch from least(mark.left_at, slot.ends_at)
        - greatest(mark.arrived_at, slot.starts_at)) / 60);

-- A paper that proves why somebody was absent (justificatif d'absence): the learner's and the admins' alone.
create table justification (
  id uuid primary key,
  enrolment_id uuid not null references enrolment (id),
  sha256 text not null references stored_file (sha256),
  media_type text not null check (media_type in ('application/pdf', 'image/jpeg', 'image/png')),
  size integer not null check (size > 0),
  status text not null check (status in ('waiting', 'accepted', 'refused')),
  uploaded_at timestamptz not null,
  uploaded_by uuid references account (id),
  decided_at timestamptz,
  decided_by uuid references account (id),
  refusal_reason text,
  constraint justification_decided check ((status = 'waiting') = (decided_at is null)),
  constraint justification_refused_has_reason check ((status = 'refused') = (refusal_reason is not null)),
  constraint justification_once unique (enrolment_id, sha256)
);
create index justification_waiting on justification (uploaded_at) where status = 'waiting';
create table justification_slot (
  justification_id uuid not null references justification (id),
  slot_id uuid not null constraint justification_slot_exists references slot (id),
  primary key (justification_id, slot_id)
);
create index justification_slot_slot on justification_slot (slot_id);

-- Two devices may both hold a trainer's signature too; the earlier one counts, also when it arrives later.
drop trigger trainer_signature_append_only on trainer_signature;
create trigger trainer_signature_never_deleted before delete on trainer_signature
  for each row execute function refuse_change();
