/** Who acts, and the few relations that every permission table is written with. */
import type { Problem } from './problem.ts'
import { forbidden, notFound, notSignedIn, signInNeeded } from './problems.ts'

export type Actor =
  | { kind: 'anonymous' }
  | {
      kind: 'account'
      accountId: string
      personId: string
      roleGrants: readonly RoleGrant[]
      /** SHA-256 of the cookie or token that the request came with; absent where Préau acts for somebody. */
      credential?: string
      /** Present where an API token acts, and not the person who signed in. */
      token?: { scope: TokenScope }
    }
  /** Préau itself: imports, jobs, the command line. */
  | { kind: 'system'; name: string }

/** How far an API token goes: `read` only looks. */
export type TokenScope = 'read' | 'full'

export type RoleGrant = { role: 'member' | 'trainer' | 'ambassador' | 'admin'; chapterId?: string | null }

/**
 * What an actor must be to the subject:
 * anyone; signedIn; public (signed in, and the subject is public); self (it is about them); trainer (of that session);
 * ambassador (holds the mandate for the subject's chapter, *ambassadeur d'antenne*); disabilityContact (*référent
 * handicap*); admin.
 */
export type Relation =
  | 'anyone'
  | 'signedIn'
  | 'public'
  | 'self'
  | 'trainer'
  | 'ambassador'
  | 'disabilityContact'
  | 'admin'

/** A slice's permissions: verb → the relations of which one is enough. */
export type PermissionTable = Record<string, readonly Relation[]>

/** What a permission is asked about; an absent part relates to nobody. */
export type Subject = {
  isPublic?: boolean
  personIds?: readonly (string | null)[]
  trainerPersonIds?: readonly string[]
  chapterId?: string | null
  disabilityContactPersonId?: string | null
}

/** Whether one of the relations holds; Préau itself may do everything. */
export function can(actor: Actor, allowed: readonly Relation[], subject: Subject = {}): boolean {
  if (actor.kind === 'system') return true
  return allowed.some((relation) => relates(actor, relation, subject))
}

function relates(actor: Exclude<Actor, { kind: 'system' }>, relation: Relation, subject: Subject): boolean {
  if (relation === 'anyone') return true
  if (actor.kind === 'anonymous') return false
  switch (relation) {
    case 'signedIn':
      return true
    case 'public':
      return subject.isPublic === true
    case 'self':
      return subject.personIds?.includes(actor.personId) ?? false
    case 'trainer':
      return subject.trainerPersonIds?.includes(actor.personId) ?? false
    case 'ambassador':
      return (
        subject.chapterId != null &&
        actor.roleGrants.some((grant) => grant.role === 'ambassador' && grant.chapterId === subject.chapterId)
      )
    case 'disabilityContact':
      return subject.disabilityContactPersonId === actor.personId
    case 'admin':
      return actor.roleGrants.some((grant) => grant.role === 'admin')
  }
}

/** Préau itself counts as one. */
export function isAdmin(actor: Actor): boolean {
  return can(actor, ['admin'])
}

/** For verbs without a hidden subject. Throws 401 when nobody is signed in, else 403. */
export function authorise(actor: Actor, allowed: readonly Relation[], subject?: Subject): void {
  if (can(actor, allowed, subject)) return
  throw actor.kind === 'anonymous' ? notSignedIn() : forbidden()
}

/**
 * For verbs on something that exists: what is not yours looks as if it did not exist (404); what you may see but not
 * do is 403.
 */
export function authoriseOn(
  actor: Actor,
  subject: Subject,
  rights: { act: readonly Relation[]; see?: readonly Relation[] },
): void {
  if (can(actor, rights.act, subject)) return
  if (actor.kind === 'anonymous') throw notSignedIn()
  throw rights.see && can(actor, rights.see, subject) ? forbidden() : notFound()
}

/** What does not exist: 404, but 401 to who is not signed in, so that ids cannot be tried. */
export function nothingFor(actor: Actor): Problem {
  authorise(actor, ['signedIn'])
  return notFound()
}

export type AccountActor = Extract<Actor, { kind: 'account' }>

/** For what one does for oneself. Throws 401 when nobody is signed in. */
export function assertAccount(actor: Actor): AccountActor {
  if (actor.kind !== 'account') throw notSignedIn()
  return actor
}

/** For the person who signed in, and not a program with their token. Throws 401 and 403. */
export function assertSignedIn(actor: Actor): AccountActor {
  const account = assertAccount(actor)
  if (account.token) throw signInNeeded()
  return account
}

/** For what an admin may do with accounts, and no token of an admin with that admin's own. Throws 403. */
export function assertNoOwnToken(actor: Actor, accountId: string): void {
  if (actor.kind === 'account' && actor.token && actor.accountId === accountId) throw signInNeeded()
}

/** The account that acts, to be written down; null where nobody is signed in and where Préau itself acts. */
export function accountIdOf(actor: Actor): string | null {
  return actor.kind === 'account' ? actor.accountId : null
}

/** The person who acts; undefined where nobody is signed in and where Préau itself acts. */
export function personIdOf(actor: Actor): string | undefined {
  return actor.kind === 'account' ? actor.personId : undefined
}

/**
 * False when no subject whatever could make these relations hold: to be asked before a request is read any further, so
 * that who may not ask is told so instead of being corrected.
 */
export function couldEver(actor: Actor, allowed: readonly Relation[]): boolean {
  if (actor.kind === 'system') return true
  if (actor.kind === 'anonymous') return allowed.includes('anyone')
  return allowed.some((relation) => {
    if (relation === 'admin' || relation === 'ambassador')
      return actor.roleGrants.some((grant) => grant.role === relation)
    return true
  })
}

/** The chapters for which the actor holds a mandate. */
export function mandatedChapterIds(actor: Actor): string[] {
  if (actor.kind !== 'account') return []
  return actor.roleGrants.flatMap((grant) =>
    grant.role === 'ambassador' && grant.chapterId ? [grant.chapterId] : [],
  )
}
