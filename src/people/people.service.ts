/** Persons: who learns, teaches or is reachable, with or without an account. */
import {
  authorise,
  authoriseOn,
  isAdmin,
  mandatedChapterIds,
  nothingFor,
  type Subject,
} from '../platform/access.ts'
import { audit, changedFields } from '../platform/audit/audit.ts'
import type { Ctx, TrxCtx } from '../platform/ctx.ts'
import { type ConstraintProblems, inTransaction } from '../platform/db/transaction.ts'
import { assertVersion } from '../platform/http/etag.ts'
import type { Page } from '../platform/http/pagination.ts'
import { at } from '../platform/problem.ts'
import { forbidden } from '../platform/problems.ts'
import { peoplePermissions as may } from './people.permissions.ts'
import { noSuchChapter, noSuchEmployer } from './people.problems.ts'
import type { Person } from './people.queries.ts'
import * as queries from './people.queries.ts'
import { ownFields, type PeopleQuery, type PersonInput, type PersonPatch } from './people.schema.ts'

/** Of a person, in the audit. */
export const personalFields = ['firstName', 'lastName', 'birthName', 'email', 'phone'] as const

export const personConstraints: ConstraintProblems = {
  person_chapter_exists: at(noSuchChapter, '/chapterId'),
  person_employer_exists: at(noSuchEmployer, '/employerClientId'),
}

/** A new person, without an account. */
export async function createPerson(ctx: Ctx, input: PersonInput): Promise<Person> {
  authorise(ctx.actor, may['person.create'])
  return inTransaction(ctx, (ctx) => addPerson(ctx, input), personConstraints)
}

/** Part of other verbs that bring a person along (an account, an enrolment); they authorise. */
export async function addPerson(ctx: TrxCtx, input: PersonInput): Promise<Person> {
  const person = await queries.insertPerson(ctx.db, newPersonRow(ctx, input))
  await audit(ctx, {
    action: 'person.create',
    subject: { kind: 'person', id: person.id },
    changes: changedFields(undefined, input, personalFields),
  })
  return person
}

/** A row for what is said of a new person; what is not said is null. */
export function newPersonRow(ctx: TrxCtx, input: PersonInput) {
  const now = ctx.now()
  return {
    id: ctx.newId(),
    createdAt: now,
    updatedAt: now,
    firstName: input.firstName,
    lastName: input.lastName,
    birthName: input.birthName ?? null,
    email: input.email ?? null,
    phone: input.phone ?? null,
    chapterId: input.chapterId ?? null,
    employerClientId: input.employerClientId ?? null,
  }
}

function subjectOf(person: Person): Subject {
  return { personIds: [person.id], chapterId: person.chapterId }
}

/** For the person, the ambassador of the chapter and admins. Throws 404 on anyone else. */
export async function readPerson(ctx: Ctx, id: string): Promise<Person> {
  const person = await queries.findPerson(ctx.db, id)
  if (!person) throw nothingFor(ctx.actor)
  authoriseOn(ctx.actor, subjectOf(person), { act: may['person.read'] })
  return person
}

/** Admins see everyone, ambassadors (*ambassadeurs*) the people of their chapters; anyone else may not list. */
export async function listPeople(ctx: Ctx, query: PeopleQuery): Promise<Page<Person>> {
  if (isAdmin(ctx.actor)) return queries.listPeople(ctx.db, query, undefined)
  authorise(ctx.actor, ['signedIn'])
  const chapterIds = mandatedChapterIds(ctx.actor)
  if (chapterIds.length === 0) throw forbidden()
  return queries.listPeople(ctx.db, query, chapterIds)
}

/** A person changes how to be reached; names and chapter are an admin's, since documents print them. */
export async function changePerson(
  ctx: Ctx,
  id: string,
  patch: PersonPatch,
  ifMatch: number | '*',
): Promise<Person> {
  return inTransaction(
    ctx,
    async (ctx) => {
      const before = await queries.lockPerson(ctx.db, id)
      if (!before) throw nothingFor(ctx.actor)
      authoriseOn(ctx.actor, subjectOf(before), { act: may['person.change'], see: may['person.read'] })
      const ownOnly = Object.keys(patch).every((field) => (ownFields as readonly string[]).includes(field))
      if (!ownOnly && ctx.actor.kind === 'account' && !isAdmin(ctx.actor)) throw forbidden()
      assertVersion(before, ifMatch)
      const person = await queries.updatePerson(ctx.db, id, { ...patch, updatedAt: ctx.now() })
      await audit(ctx, {
        action: 'person.change',
        subject: { kind: 'person', id },
        changes: changedFields(before, patch, personalFields),
      })
      return person
    },
    personConstraints,
  )
}
