-- The audit is read by filters, newest first: each has its index, so that a page costs the same however long the log is.

-- Which process of Préau itself acted (`import`, `serve`…); accounts have their id, and are named when the log is read.
alter table audit_entry add column actor_process text
  constraint audit_entry_process_of_system check (actor_process is null or actor_kind = 'system');

drop index audit_entry_sequence;
drop index audit_entry_subject;
create index audit_entry_time on audit_entry (occurred_at, sequence);
create index audit_entry_actor on audit_entry (actor_account_id, occurred_at, sequence) where actor_account_id is not null;
create index audit_entry_action on audit_entry (action, occurred_at, sequence);
-- `enrolment.` is every action of the slice.
create index audit_entry_slice on audit_entry (split_part(action, '.', 1), occurred_at, sequence);
create index audit_entry_kind on audit_entry (subject_kind, occurred_at, sequence);
create index audit_entry_subject on audit_entry (subject_id, occurred_at, sequence) where subject_id is not null;
create index audit_entry_request on audit_entry (request_id);
