-- Nobody signs ahead of a half-day, and links that a trainer showed say who showed them.

-- Marks that no longer fit their half-day, because it was moved or is held otherwise: they are made again before it is
-- sealed or the session closed, those too that were made before it begins now. Until then they keep what was attended.
create or replace view unfit_mark as
select mark.slot_id, mark.enrolment_id, mark.session_id
from attendance_mark mark
join slot on slot.id = mark.slot_id
join training_session session on session.id = slot.session_id
where slot.cancelled_at is null
  and (mark.held_on <> slot.held_on
    or mark.decided_at < slot.starts_at
    or mark.attended_minutes > 0
      and (mark.kind = 'synchronous') <> (coalesce(slot.modality, session.modality) = 'remote')
    or mark.status = 'present' and mark.attended_minutes <> slot.duration_minutes
    or mark.status = 'partial' and mark.attended_minutes >= slot.duration_minutes
    or mark.status = 'partial' and (mark.arrived_at is not null or mark.left_at is not null)
      and mark.attended_minutes <> extract(epoch from least(mark.left_at, slot.ends_at)
        - greatest(mark.arrived_at, slot.starts_at)) / 60);

-- The trainer on whose screen a link was shown: who could have used it in a learner's place.
alter table signing_link add column shown_by uuid references person (id);
