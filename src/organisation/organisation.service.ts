/** The organisation itself (*organisme de formation*), its chapters (*antennes*) and its clients. */
import { authorise } from '../platform/access.ts'
import { audit, changedFields } from '../platform/audit/audit.ts'
import type { Ctx, TrxCtx } from '../platform/ctx.ts'
import { inTransaction } from '../platform/db/transaction.ts'
import { assertVersion } from '../platform/http/etag.ts'
import type { Page, PageQuery } from '../platform/http/pagination.ts'
import { at } from '../platform/problem.ts'
import { notFound } from '../platform/problems.ts'
import { organisationPermissions as may } from './organisation.permissions.ts'
import { chapterNameTaken, noSuchPerson, notSetUp, siretTaken } from './organisation.problems.ts'
import type { Chapter, Client, Organisation } from './organisation.queries.ts'
import * as queries from './organisation.queries.ts'
import {
  type ChapterInput,
  type ClientInput,
  type ClientKind,
  type ClientPatch,
  defaultTimeZone,
  type OrganisationInput,
} from './organisation.schema.ts'

const personalFields = ['email', 'phone', 'representative', 'address'] as const
/** A client may be one person, in business under the own name and number. */
const clientPersonalFields = ['name', 'siret', 'declarationNumber', 'address', 'email'] as const

/** The organisation itself (*organisme de formation*). Throws 404 before it has been described. */
export async function readOrganisation(ctx: Ctx): Promise<Organisation> {
  authorise(ctx.actor, may['organisation.read'])
  const organisation = await queries.findOrganisation(ctx.db)
  if (!organisation) throw notSetUp()
  return organisation
}

/** The zone whose calendar it lives by, before it has been described too. Part of other verbs, which authorise. */
export async function readTimeZone(ctx: Ctx | TrxCtx): Promise<string> {
  return (await queries.findTimeZone(ctx.db)) ?? defaultTimeZone
}

const followUpByDefault: queries.FollowUp = {
  timeZone: defaultTimeZone,
  remindsLearners: true,
  unsealedAfterDays: 2,
  funderNoticeDays: 3,
  cpfNoticeWorkingDays: 3,
}

/** What follow-up goes by, before it has been described too. Part of other verbs, which authorise. */
export async function readFollowUp(ctx: Ctx | TrxCtx): Promise<queries.FollowUp> {
  return (await queries.findFollowUp(ctx.db)) ?? followUpByDefault
}

/** Describes the organisation, or describes it anew; `If-Match` is optional here, since the first time has no version. */
export async function writeOrganisation(
  ctx: Ctx,
  input: OrganisationInput,
  ifMatch: number | '*' = '*',
): Promise<Organisation> {
  authorise(ctx.actor, may['organisation.write'])
  const now = ctx.now()
  const columns = {
    ...input,
    tradeName: input.tradeName ?? null,
    nafCode: input.nafCode ?? null,
    legalForm: input.legalForm ?? null,
    phone: input.phone ?? null,
    disabilityContactPersonId: input.disabilityContactPersonId ?? null,
    address: JSON.stringify(input.address),
    representative: JSON.stringify(input.representative),
    qualiopi: input.qualiopi ? JSON.stringify(input.qualiopi) : null,
    updatedAt: now,
  }
  return inTransaction(
    ctx,
    async (ctx) => {
      const before = await queries.lockOrganisation(ctx.db)
      if (before) assertVersion(before, ifMatch)
      const organisation = before
        ? await queries.updateOrganisation(ctx.db, before.id, columns)
        : await queries.insertOrganisation(ctx.db, { ...columns, id: ctx.newId(), createdAt: now })
      await audit(ctx, {
        action: 'organisation.write',
        subject: { kind: 'organisation', id: organisation.id },
        changes: changedFields(before, input, personalFields),
      })
      return organisation
    },
    { organisation_disability_contact_exists: at(noSuchPerson, '/disabilityContactPersonId') },
  )
}

/** Opens a chapter (*antenne*). Throws 409 when the name is taken, whatever its case. */
export async function createChapter(ctx: Ctx, input: ChapterInput): Promise<Chapter> {
  authorise(ctx.actor, may['chapter.create'])
  return inTransaction(
    ctx,
    async (ctx) => {
      const now = ctx.now()
      const chapter = await queries.insertChapter(ctx.db, {
        ...input,
        id: ctx.newId(),
        createdAt: now,
        updatedAt: now,
      })
      await audit(ctx, {
        action: 'chapter.create',
        subject: { kind: 'chapter', id: chapter.id },
        changes: input,
      })
      return chapter
    },
    { chapter_name_unique: chapterNameTaken },
  )
}

/** All chapters (*antennes*), by name. */
export async function listChapters(ctx: Ctx): Promise<Chapter[]> {
  authorise(ctx.actor, may['chapter.list'])
  return queries.listChapters(ctx.db)
}

/** A client: who pays or sends learners. Throws 409 when the SIRET is another client's. */
export async function createClient(ctx: Ctx, input: ClientInput): Promise<Client> {
  authorise(ctx.actor, may['client.write'])
  return inTransaction(ctx, (ctx) => insertClient(ctx, input), { client_siret_unique: siretTaken })
}

async function insertClient(ctx: TrxCtx, input: ClientInput): Promise<Client> {
  const now = ctx.now()
  const client = await queries.insertClient(ctx.db, {
    id: ctx.newId(),
    createdAt: now,
    updatedAt: now,
    kind: input.kind,
    name: input.name,
    siret: input.siret ?? null,
    declarationNumber: input.declarationNumber ?? null,
    address: input.address ? JSON.stringify(input.address) : null,
    email: input.email ?? null,
  })
  await audit(ctx, {
    action: 'client.create',
    subject: { kind: 'client', id: client.id },
    changes: changedFields(undefined, input, clientPersonalFields),
  })
  return client
}

/** Throws 404 where there is none. */
export async function readClient(ctx: Ctx, id: string): Promise<Client> {
  authorise(ctx.actor, may['client.read'])
  const client = await queries.findClient(ctx.db, id)
  if (!client) throw notFound()
  return client
}

/** Clients by name; `q` is a part of it. */
export async function listClients(
  ctx: Ctx,
  query: PageQuery & { q?: string | undefined },
): Promise<Page<Client>> {
  authorise(ctx.actor, may['client.read'])
  return queries.listClients(ctx.db, query)
}

/** Throws 404, 409 when the SIRET is another client's, 412 on another version. */
export async function changeClient(
  ctx: Ctx,
  id: string,
  patch: ClientPatch,
  ifMatch: number | '*',
): Promise<Client> {
  authorise(ctx.actor, may['client.write'])
  return inTransaction(
    ctx,
    async (ctx) => {
      const before = await queries.lockClient(ctx.db, id)
      if (!before) throw notFound()
      assertVersion(before, ifMatch)
      const { address, ...fields } = patch
      const client = await queries.updateClient(ctx.db, id, {
        ...fields,
        ...(address !== undefined && { address: address && JSON.stringify(address) }),
        updatedAt: ctx.now(),
      })
      await audit(ctx, {
        action: 'client.change',
        subject: { kind: 'client', id },
        changes: changedFields(before, patch, clientPersonalFields),
      })
      return client
    },
    { client_siret_unique: siretTaken },
  )
}

/**
 * The client that a paper names, made when new: by SIRET when it has one, else by name. Part of other verbs (a payer
 * by name, an employer in a file), which authorise.
 */
export async function ensureClient(
  ctx: TrxCtx,
  wanted: { kind: ClientKind; name: string; siret?: string | null | undefined },
): Promise<Client> {
  await queries.lockClientName(ctx.db, wanted.siret ?? wanted.name)
  return (await queries.findClientByName(ctx.db, wanted)) ?? insertClient(ctx, wanted)
}

/** Whether this database is empty, holds the demonstration, or a real organisation. */
export async function occupancy(ctx: Ctx): Promise<'empty' | 'demonstration' | 'real'> {
  const organisation = await queries.findOrganisation(ctx.db)
  if (!organisation) return 'empty'
  return organisation.isDemonstration ? 'demonstration' : 'real'
}

/** Describes the organisation as one that is only for show; the mark is never taken away again. */
export async function writeDemonstration(ctx: Ctx, input: OrganisationInput): Promise<Organisation> {
  return inTransaction(ctx, async (ctx) => {
    const organisation = await writeOrganisation(ctx, input)
    return queries.updateOrganisation(ctx.db, organisation.id, {
      isDemonstration: true,
      updatedAt: ctx.now(),
    })
  })
}
