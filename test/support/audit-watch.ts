/** Lets the database itself note which transactions wrote what: the proof that nothing is written past the audit. */
import { sql } from 'kysely'
import type { TestApp } from './app.ts'

export type AuditWatch = {
  /** Every table that is watched: all of ours, also those that come later. */
  tables: string[]
  /** Forgets what was written until now. */
  clear(): Promise<void>
  /** `table OPERATION` of whatever was written since then, audited or not. */
  writes(): Promise<string[]>
  /** `table OPERATION` of what was written by transactions that wrote no audit entry. */
  unaudited(): Promise<string[]>
  /** The tables that were written at all since the watch began. */
  written(): Promise<Set<string>>
}

/** Watches this database from now on. The queue keeps its own tables in a schema of its own, and migrations theirs. */
export async function watchWrites({ deps: { db } }: TestApp): Promise<AuditWatch> {
  const { rows } = await sql<{ name: string }>`
    select table_name as name from information_schema.tables
    where table_schema = 'public' and table_type = 'BASE TABLE' and table_name not like 'schema\_migration%'
    order by 1`.execute(db)
  const tables = rows.map(({ name }) => name)
  await sql
    .raw(`
    create schema audit_watch;
    create table audit_watch.written (
      transaction xid8, table_name text, operation text, primary key (transaction, table_name, operation)
    );
    create function audit_watch.note() returns trigger language plpgsql as $$
    begin
      insert into audit_watch.written values (pg_current_xact_id(), tg_table_name, tg_op) on conflict do nothing;
      return null;
    end $$;
    ${tables
      .map(
        (table) => `create trigger zz_audit_watch after insert or update or delete on "${table}"
          for each row execute function audit_watch.note();`,
      )
      .join('\n')}`)
    .execute(db)
  const seen = new Set<string>()

  async function remember(): Promise<void> {
    const { rows } = await sql<{ name: string }>`
      select distinct table_name as name from audit_watch.written`.execute(db)
    for (const { name } of rows) seen.add(name)
  }

  return {
    tables,
    async clear() {
      await remember()
      await sql`delete from audit_watch.written`.execute(db)
    },
    async writes() {
      const { rows } = await sql<{ what: string }>`
        select distinct table_name || ' ' || operation as what from audit_watch.written order by 1`.execute(
        db,
      )
      return rows.map(({ what }) => what)
    },
    async unaudited() {
      const { rows } = await sql<{ what: string }>`
        select distinct table_name || ' ' || operation as what from audit_watch.written
        where transaction not in (select transaction from audit_watch.written where table_name = 'audit_entry')
        order by 1`.execute(db)
      return rows.map(({ what }) => what)
    },
    async written() {
      await remember()
      return seen
    },
  }
}
