/** The people of the demonstration: who they are, where they belong and why they would learn. */
import { fold } from '../../src/platform/fold.ts'
import { type Client, companies, givenOutTo, publicEmployers, volunteers } from './clients.ts'
import { bretonPools, type NamePool, pools } from './names.ts'
import type { Random } from './random.ts'

export const chapters = ['Paris', 'Lyon', 'Marseille', 'Bordeaux', 'Bretagne'] as const
export type Chapter = (typeof chapters)[number]

export const trades = ['tech', 'communication', 'marketing', 'rse', 'rh', 'administration'] as const
export type Trade = (typeof trades)[number]

/** Why a person learns: it decides the type of trainee and who pays. */
export type Situation =
  | 'independent'
  | 'employee'
  | 'apprentice'
  | 'jobSeeker'
  | 'publicAgent'
  | 'volunteer'
  | 'sentByOther'
  | 'trainsElsewhere'

export type Person = {
  firstName: string
  lastName: string
  birthName: string
  isWoman: boolean
  /** Empty for those who never sign in and have none on the employer's list. */
  email: string
  phone: string
  chapter: Chapter | ''
  employer: Client | undefined
  roles: string
  situation: Situation
  trade: Trade
}

/** The trainers by the code of the training they hold most, each with how the organisation employs them. */
export type Trainer = Person & { link: 'interne' | 'bénévole' | 'salarié' | 'externe' | 'sous-traitant' }

export type Cast = { people: Person[]; trainers: Record<string, Trainer> }

const women = new Set([
  'Camille',
  'Nadia',
  'Thi Mai',
  'Fatoumata',
  'Agnieszka',
  'Sandrine',
  'Élodie',
  'Inês',
  'Aminata',
])

type Named = readonly [
  key: string,
  firstName: string,
  lastName: string,
  chapter: Chapter,
  link: Trainer['link'],
  trade: Trade,
]

const namedTrainers: readonly Named[] = [
  ['yann', 'Yann', 'Kervella', 'Bretagne', 'salarié', 'rse'],
  ['goulven', 'Goulven', 'Le Bihan', 'Bretagne', 'bénévole', 'tech'],
  ['elodie', 'Élodie', 'Tanguy', 'Bretagne', 'externe', 'rh'],
  ['nadia', 'Nadia', 'Benkirane', 'Paris', 'externe', 'tech'],
  ['sandrine', 'Sandrine', 'Vasseur', 'Paris', 'sous-traitant', 'administration'],
  ['baptiste', 'Baptiste', 'Morel', 'Paris', 'externe', 'rse'],
  ['aminata', 'Aminata', 'Sow', 'Paris', 'externe', 'rh'],
  ['mai', 'Thi Mai', 'Nguyễn', 'Lyon', 'externe', 'tech'],
  ['agnieszka', 'Agnieszka', 'Wiśniewska', 'Lyon', 'externe', 'communication'],
  ['ines', 'Inês', 'Carvalho', 'Lyon', 'externe', 'tech'],
  ['fatoumata', 'Fatoumata', 'Diarra', 'Marseille', 'bénévole', 'rse'],
  ['rachid', 'Rachid', 'Haddad', 'Marseille', 'interne', 'administration'],
  ['olivier', 'Olivier', 'de La Taille', 'Bordeaux', 'externe', 'rh'],
  ['hugo', 'Hugo', 'Ferreira', 'Bordeaux', 'externe', 'marketing'],
]

const namedAmbassadors: readonly (readonly [firstName: string, lastName: string, chapter: Chapter])[] = [
  ['Clémence', 'Roussel-Pham', 'Paris'],
  ['Łukasz', 'Kowalczyk', 'Lyon'],
  ['Leïla', 'Aït Hamou', 'Marseille'],
  ['João', 'Gonçalves', 'Bordeaux'],
  ['Soizic', 'Quéméneur', 'Bretagne'],
]

/** Three pairs of homonyms, whom only the e-mail tells apart. */
const namedHomonyms: readonly (readonly [
  firstName: string,
  lastName: string,
  chapters: readonly Chapter[],
])[] = [
  ['Marie', 'Martin', ['Paris', 'Lyon']],
  ['Thomas', 'Nguyen', ['Paris', 'Bordeaux']],
  ['Mohamed', 'Benali', ['Marseille', 'Marseille']],
]

const MEMBERS = 180

/** Everybody, in the order in which they joined. */
export function castFrom(random: Random): Cast {
  const addPerson = personMaker(random)
  const people: Person[] = []
  const add = (given: Given): Person => {
    const person = addPerson(given)
    people.push(person)
    return person
  }
  add({
    firstName: 'Camille',
    lastName: 'Le Goff',
    isWoman: true,
    email: 'admin@example.org',
    chapter: 'Bretagne',
    roles: 'admin',
  })
  const trainers: Record<string, Trainer> = {}
  for (const [key, firstName, lastName, chapter, link, trade] of namedTrainers) {
    const isWoman = women.has(firstName)
    trainers[key] = {
      ...add({ firstName, lastName, isWoman, chapter, trade, roles: 'membre, formateur' }),
      link,
    }
  }
  for (const [firstName, lastName, chapter] of namedAmbassadors)
    add({ firstName, lastName, isWoman: !/^[ŁJ]/.test(firstName), chapter, roles: 'membre, ambassadeur' })
  for (const [firstName, lastName, places] of namedHomonyms)
    for (const chapter of places)
      add({ firstName, lastName, isWoman: firstName === 'Marie', chapter, roles: 'membre' })
  for (let count = 0; count < MEMBERS; count += 1)
    add({ chapter: chapters[count % chapters.length], roles: 'membre' })
  trainers.bruno = {
    ...add({
      firstName: 'Bruno',
      lastName: 'Castel',
      isWoman: false,
      employer: givenOutTo,
      situation: 'trainsElsewhere',
    }),
    link: 'sous-traitant',
  }
  addGuests(add)
  return { people, trainers }
}

/** Those who are no members: sent by an employer, an association or another training organisation. */
function addGuests(add: (given: Given) => Person): void {
  const crowd = (count: number, given: Given, withoutEmail = 0) => {
    for (let index = 0; index < count; index += 1)
      add({ ...given, ...(index < withoutEmail ? { email: '', phone: '' } : {}) })
  }
  crowd(11, { employer: companies.brindille, situation: 'employee', trade: 'communication' }, 3)
  crowd(10, { employer: companies.kerlann, situation: 'employee', trade: 'tech' }, 2)
  crowd(10, { employer: companies.poulpe, situation: 'employee', trade: 'marketing' })
  crowd(10, { employer: companies.tournesol, situation: 'employee', trade: 'rse' }, 2)
  crowd(5, { employer: companies.papeterie, situation: 'employee', trade: 'administration' }, 1)
  crowd(5, { employer: companies.lierre, situation: 'employee', trade: 'rh' })
  crowd(3, { employer: companies.brindille, situation: 'apprentice', trade: 'communication' })
  crowd(2, { employer: companies.lierre, situation: 'apprentice', trade: 'administration' })
  crowd(4, { employer: publicEmployers.phare, situation: 'publicAgent', trade: 'administration' })
  crowd(4, { employer: publicEmployers.vallons, situation: 'publicAgent', trade: 'rse' }, 1)
  crowd(4, { employer: volunteers, situation: 'volunteer', trade: 'rse' })
  crowd(16, { situation: 'jobSeeker' })
  crowd(13, { situation: 'sentByOther' }, 5)
}

type Given = Partial<Person>

function personMaker(random: Random): (given: Given) => Person {
  const names = new Set<string>()
  const emails = new Set<string>()
  return (given) => {
    const chosen = given.firstName === undefined ? freshName(random, names, given) : undefined
    const person = {
      firstName: given.firstName ?? chosen?.firstName ?? '',
      lastName: given.lastName ?? chosen?.lastName ?? '',
      isWoman: given.isWoman ?? chosen?.isWoman ?? false,
    }
    names.add(fold(`${person.firstName} ${person.lastName}`))
    return {
      ...person,
      birthName:
        person.isWoman && chosen && random.isLucky(0.14) ? random.pick(poolFor(random, '').families) : '',
      email: given.email ?? freshEmail(person, emails),
      phone: given.phone ?? phoneNumber(random),
      chapter: given.chapter ?? '',
      employer: given.employer,
      roles: given.roles ?? '',
      situation: given.situation ?? 'independent',
      trade: given.trade ?? random.pick(trades),
    }
  }
}

/** A name that nobody has yet: homonyms are made on purpose only. */
function freshName(random: Random, taken: ReadonlySet<string>, { chapter = '' }: Given) {
  for (;;) {
    const isWoman = random.isLucky(0.55)
    const pool = poolFor(random, chapter)
    const family = random.isLucky(0.15) ? poolFor(random, chapter) : pool
    const firstName = random.pick(isWoman ? pool.women : pool.men)
    const lastName = random.pick(family.families)
    if (!taken.has(fold(`${firstName} ${lastName}`))) return { firstName, lastName, isWoman }
  }
}

function poolFor(random: Random, chapter: Chapter | ''): NamePool {
  const weighted = chapter === 'Bretagne' ? bretonPools : pools
  let left = random.next() * weighted.reduce((total, [, weight]) => total + weight, 0)
  const found = weighted.find(([, weight]) => {
    left -= weight
    return left < 0
  })
  return (found ?? weighted[0] ?? random.pick(pools))[0]
}

function freshEmail(
  { firstName, lastName }: { firstName: string; lastName: string },
  taken: Set<string>,
): string {
  const name = [firstName, lastName].map((part) => fold(part).replaceAll(' ', '-')).join('.')
  let email = `${name}@example.org`
  for (let number = 2; taken.has(email); number += 1) email = `${name}${number}@example.org`
  taken.add(email)
  return email
}

/** In the range that the regulator keeps for works of fiction (06 39 98), in the several ways people write it. */
function phoneNumber(random: Random): string {
  if (random.isLucky(0.15)) return ''
  const [one, two] = [random.whole(0, 99), random.whole(0, 99)].map((pair) => String(pair).padStart(2, '0'))
  if (random.isLucky(0.1)) return `+33 6 39 98 ${one} ${two}`
  return random.isLucky(0.15) ? `063998${one}${two}` : `06 39 98 ${one} ${two}`
}
