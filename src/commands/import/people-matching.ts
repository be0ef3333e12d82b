/**
 * Who of a file is who of the database. An e-mail address identifies; without one, a name does where it is nobody
 * else's. Where that leaves a doubt nobody is guessed: attendance of one person on another's file is worse than a
 * line to mend.
 */
import { fold } from '../../platform/fold.ts'
import { quoted } from './cells.ts'

export type KnownPerson = {
  id: string
  firstName: string
  lastName: string
  /** The person's own and that of the account. */
  emails: readonly string[]
}

export type WantedPerson = { firstName: string; lastName: string; email: string | null }

type PersonMatch =
  | { kind: 'known'; personId: string }
  /** A new person; `as` is the index of the first who is wanted as the same one. */
  | { kind: 'new'; as: number }
  | { kind: 'doubt'; column: 'email' | 'nom'; reason: string }

/** One person, as a file names them on several lines. */
export function personKey({ firstName, lastName, email }: WantedPerson): string {
  return `${fold(`${firstName} ${lastName}`)} ${email?.toLowerCase() ?? ''}`
}

/**
 * Matches the wanted, whose keys differ, in their order. `distinct`: each of them is somebody else, as in a file of
 * people; otherwise a name with an address and the same name without are one person.
 */
export function matchPeople(
  known: readonly KnownPerson[],
  wanted: readonly WantedPerson[],
  { distinct }: { distinct: boolean },
): PersonMatch[] {
  const index = indexOf(known)
  const matches = wanted.map((person) => exactMatch(index, person))
  const claimed = personIdsOf(matches)
  for (const [position, person] of wanted.entries())
    if (person.email !== null)
      matches[position] ??= matchByEmail(index, person, position, { claimed, distinct })
  refuseRivals(wanted, matches)
  const taken = distinct ? personIdsOf(matches) : new Set<string>()
  const inFile = distinct ? new Map<string, PersonMatch[]>() : matchesByName(wanted, matches)
  for (const [position, person] of wanted.entries())
    matches[position] ??= matchByName(
      person,
      index.named(person).filter((one) => !taken.has(one.id)),
      inFile.get(nameOf(person)) ?? [],
      position,
    )
  return matches.flatMap((match) => match ?? [])
}

type Matches = (PersonMatch | undefined)[]

function personIdsOf(matches: Matches): Set<string> {
  return new Set(matches.flatMap((match) => (match?.kind === 'known' ? [match.personId] : [])))
}

function matchesByName(wanted: readonly WantedPerson[], matches: Matches): Map<string, PersonMatch[]> {
  const byName = new Map<string, PersonMatch[]>()
  for (const [position, person] of wanted.entries()) {
    const match = matches[position]
    if (match && person.email !== null)
      byName.set(nameOf(person), [...(byName.get(nameOf(person)) ?? []), match])
  }
  return byName
}

type Index = {
  named(person: WantedPerson): KnownPerson[]
  withEmail(email: string): KnownPerson[]
}

function indexOf(known: readonly KnownPerson[]): Index {
  const byName = Map.groupBy(known, nameOf)
  const byEmail = new Map<string, KnownPerson[]>()
  for (const person of known)
    for (const email of new Set(person.emails.map((one) => one.toLowerCase())))
      byEmail.set(email, [...(byEmail.get(email) ?? []), person])
  return {
    named: (person) => byName.get(nameOf(person)) ?? [],
    withEmail: (email) => byEmail.get(email.toLowerCase()) ?? [],
  }
}

function nameOf({ firstName, lastName }: { firstName: string; lastName: string }): string {
  return fold(`${firstName} ${lastName}`)
}

const isWithoutEmail = (person: KnownPerson) => person.emails.length === 0

/** The same name and the same address, or neither of them has one. */
function exactMatch(index: Index, person: WantedPerson): PersonMatch | undefined {
  const { email } = person
  const same =
    email === null
      ? index.named(person).filter(isWithoutEmail)
      : index.withEmail(email).filter((one) => nameOf(one) === nameOf(person))
  const [only] = same
  if (same.length > 1) return severalNamed(person)
  return only && { kind: 'known', personId: only.id }
}

/**
 * An address that somebody of another name has: the same person if a first name is common to both (a marriage). Those
 * whom the file itself tells apart by a line of their own are not meant. An address that nobody has may be news of
 * somebody who had none.
 */
function matchByEmail(
  index: Index,
  person: WantedPerson,
  position: number,
  { claimed, distinct }: { claimed: ReadonlySet<string>; distinct: boolean },
): PersonMatch {
  const holders = index.withEmail(person.email ?? '').filter((one) => !claimed.has(one.id))
  if (holders.length === 0) {
    const namesakes = index.named(person).filter(isWithoutEmail)
    const possible = distinct ? namesakes.filter((one) => !claimed.has(one.id)) : namesakes
    return matchByName(person, possible, [], position)
  }
  const renamed = holders.filter((holder) => shareFirstName(holder, person))
  const [first] = renamed
  if (first && renamed.length === 1) return { kind: 'known', personId: first.id }
  const [holder] = holders
  const name = `${holder?.firstName} ${holder?.lastName}`
  const reason = `l’adresse ${quoted(person.email ?? '')} est celle de ${name}\u202f; corrigez le nom, ou videz la cellule si c’est quelqu’un d’autre`
  return { kind: 'doubt', column: 'email', reason }
}

function shareFirstName(one: { firstName: string }, other: { firstName: string }): boolean {
  const words = new Set(fold(one.firstName).split(' '))
  return fold(other.firstName)
    .split(' ')
    .some((word) => words.has(word))
}

/** Two lines with addresses of their own that would be the same person are two persons, and which is which is unknown. */
function refuseRivals(wanted: readonly WantedPerson[], matches: Matches): void {
  const rivals = Map.groupBy(
    [...matches.keys()].filter((position) => wanted[position]?.email != null),
    (position) => {
      const match = matches[position]
      return match?.kind === 'known' ? match.personId : undefined
    },
  )
  for (const [personId, positions] of rivals) {
    if (personId === undefined || positions.length < 2) continue
    for (const position of positions) {
      const person = wanted[position]
      if (person) matches[position] = severalNamed(person)
    }
  }
}

/** The only one of that name, in the database or in the file. */
function matchByName(
  person: WantedPerson,
  namesakes: readonly KnownPerson[],
  inFile: readonly PersonMatch[],
  position: number,
): PersonMatch {
  const meant = new Map<string, PersonMatch>()
  for (const { id } of namesakes) meant.set(id, { kind: 'known', personId: id })
  for (const match of inFile) {
    if (match.kind === 'known') meant.set(match.personId, match)
    if (match.kind === 'new') meant.set(`new ${match.as}`, match)
  }
  const [only] = meant.values()
  if (meant.size > 1) return severalNamed(person)
  return only ?? { kind: 'new', as: position }
}

function severalNamed({ firstName, lastName, email }: WantedPerson): PersonMatch {
  const name = `${firstName} ${lastName}`
  const reason =
    email === null
      ? `plusieurs personnes s’appellent ${name}\u202f; donnez l’adresse e-mail de celle-ci`
      : `plusieurs personnes peuvent être ${name}, ${email}\u202f; complétez d’abord leurs fiches`
  return { kind: 'doubt', column: email === null ? 'nom' : 'email', reason }
}
