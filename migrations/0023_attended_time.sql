-- The one source of attended minutes: half-days, without those cancelled afterwards, and work done alone, which is of no
-- half-day.
create or replace view attended_time as
select enrolment_id, session_id, slot_id, held_on, kind, attended_minutes as minutes, null::uuid as activity_id
from attendance_mark
where attended_minutes > 0
  and not exists (select from slot where slot.id = slot_id and slot.cancelled_at is not null)
union all
select enrolment_id, session_id, null::uuid, done_on, 'asynchronous'::text, minutes, activity_id
from activity_completion
where minutes > 0;

-- The same minutes by the four lines of AGEFICE: on site alone or in a group, remote in real time, remote in one's own time.
create view attended_line as
select enrolment_id, session_id, slot_id, activity_id, held_on, minutes,
  case
    when kind <> 'onsite' then kind
    when exists (select from attendance_mark other
      where other.slot_id = attended_time.slot_id and other.enrolment_id <> attended_time.enrolment_id
        and other.attended_minutes > 0) then 'onsiteGroup'
    else 'onsiteIndividual'
  end as line
from attended_time;

-- What the activities of a training take on average, all together.
create function activity_minutes(activities jsonb) returns bigint language sql immutable as $$
  select coalesce(sum((activity ->> 'estimatedMinutes')::integer), 0) from jsonb_array_elements(activities) activity
$$;
