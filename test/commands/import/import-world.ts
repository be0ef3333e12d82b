/** Files of each kind from the few cells that a test is about, imported through the same door as the command. */
import type { Kysely } from 'kysely'
import { sql } from 'kysely'
import { parseAttendance } from '../../../src/commands/import/attendance.csv.ts'
import { parseFunding } from '../../../src/commands/import/funding.csv.ts'
import {
  importAttendance,
  importFunding,
  importPeople,
  importTrainings,
} from '../../../src/commands/import/import.service.ts'
import type { ImportKind, ImportOptions, ImportOutcome } from '../../../src/commands/import/import-run.ts'
import { parsePeople } from '../../../src/commands/import/people.csv.ts'
import type { Parsed } from '../../../src/commands/import/rows.ts'
import { parseTrainings } from '../../../src/commands/import/trainings.csv.ts'
import type { Database } from '../../../src/database.ts'
import type { Ctx } from '../../../src/platform/ctx.ts'
import { csvBytes, type Dialect } from '../../support/csv.ts'

const defaults = {
  people: {
    prenom: 'Awa',
    nom: 'Diop',
    nom_naissance: '',
    email: '',
    telephone: '',
    antenne: '',
    employeur: '',
    siret_employeur: '',
    roles: '',
  },
  trainings: {
    code: 'RGPD',
    intitule: 'RGPD au quotidien',
    objectifs: 'Tenir un registre',
    prerequis: 'aucun',
    public: 'indépendants',
    contenu: 'le registre',
    methodes: 'ateliers',
    evaluation: 'mise en situation',
    accessibilite: 'nous écrire',
    duree_heures: '7',
    prix_ht: '450',
    modalite: 'présentiel',
    nsf: '326',
    objectif: 'autre',
    rncp_rs: '',
    delai_acces: 'deux semaines',
  },
  attendance: {
    session: 'LYO-1',
    formation: 'RGPD',
    date: '02/03/2026',
    debut: '9h',
    fin: '12h30',
    prenom: 'Awa',
    nom: 'Diop',
    email: 'awa@example.org',
    present: 'oui',
    minutes: '',
    type_stagiaire: 'indépendante',
    formateur: 'Yann Le Bihan',
    lien_formateur: 'externe',
    modalite: 'présentiel',
    sous_traitance: '',
  },
  funding: {
    session: 'LYO-1',
    email: 'awa@example.org',
    prenom: '',
    nom: '',
    financeur: 'FAF',
    payeur: 'Fonds des indépendants',
    siret_payeur: '',
    montant_ht: '450',
    date_facture: '10/03/2026',
    no_facture: 'F-1',
    date_paiement: '',
  },
} as const satisfies Record<ImportKind, Record<string, string>>

export type Cells<Kind extends ImportKind> = Partial<Record<keyof (typeof defaults)[Kind], string>>

/** One line for each change of the default cells, under the headings. The first is line 2. */
export function file<Kind extends ImportKind>(
  kind: Kind,
  lines: readonly Cells<Kind>[],
  dialect?: Dialect,
): Uint8Array {
  const headings = Object.keys(defaults[kind])
  const table = lines.map((line) => {
    const cells: Record<string, string> = { ...defaults[kind], ...line }
    return headings.map((heading) => cells[heading] ?? '')
  })
  return csvBytes([headings, ...table], dialect)
}

/** A whole day of a session: morning and afternoon of each learner. */
export function day(cells: Cells<'attendance'>, ...learners: Cells<'attendance'>[]): Cells<'attendance'>[] {
  return (learners.length > 0 ? learners : [{}]).flatMap((learner) => [
    { ...cells, ...learner },
    { ...cells, debut: '14h', fin: '17h30', ...learner },
  ])
}

export function importLines<Kind extends ImportKind>(
  ctx: Ctx,
  kind: Kind,
  lines: readonly Cells<Kind>[],
  options: Partial<ImportOptions> = {},
): Promise<ImportOutcome> {
  return importBytes(ctx, kind, file(kind, lines), options)
}

/** Throws on a line that cannot be read: these tests are about what the database makes of lines that can. */
export async function importBytes(
  ctx: Ctx,
  kind: ImportKind,
  bytes: Uint8Array,
  options: Partial<ImportOptions> = {},
): Promise<ImportOutcome> {
  const complete = { dryRun: false, ...options }
  switch (kind) {
    case 'people':
      return importPeople(ctx, readable(parsePeople(bytes)), complete)
    case 'trainings':
      return importTrainings(ctx, readable(parseTrainings(bytes)), complete)
    case 'attendance':
      return importAttendance(ctx, readable(parseAttendance(bytes)), complete)
    case 'funding':
      return importFunding(ctx, readable(parseFunding(bytes)), complete)
  }
}

function readable<Row>({ rows, problems }: Parsed<Row>): Parsed<Row>['rows'] {
  if (problems.length > 0) throw new Error(JSON.stringify(problems.slice(0, 5)))
  return rows
}

/** Every row of every table, as text: equal dumps are equal databases. */
export async function dump(db: Kysely<Database>): Promise<string[]> {
  const { rows: tables } = await sql<{ tableName: string }>`
    select table_name from information_schema.tables
    where table_schema = 'public' and table_type = 'BASE TABLE' order by table_name`.execute(db)
  const rows: string[] = []
  for (const { tableName } of tables) {
    const found = await sql<{ row: string }>`
      select ${tableName} || ' ' || to_jsonb(t)::text as row from ${sql.table(tableName)} t order by 1`.execute(
      db,
    )
    rows.push(...found.rows.map(({ row }) => row))
  }
  return rows
}

/** How many rows each table has, of those that have any. */
export async function counts(db: Kysely<Database>): Promise<Record<string, number>> {
  const rows = await dump(db)
  const byTable = Map.groupBy(rows, (row) => row.slice(0, row.indexOf(' ')))
  return Object.fromEntries([...byTable].map(([table, rows]) => [table, rows.length]))
}
