import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  type KnownPerson,
  matchPeople,
  personKey,
  type WantedPerson,
} from '../../../src/commands/import/people-matching.ts'

const person = (name: string, email: string | null = null): WantedPerson => {
  const [firstName = '', ...rest] = name.split(' ')
  return { firstName, lastName: rest.join(' '), email }
}
const known = (id: string, name: string, ...emails: string[]): KnownPerson => {
  const { firstName, lastName } = person(name)
  return { id, firstName, lastName, emails }
}
/** `id` of somebody known, `new 0` with the index of the first who is that new person, `?` for a doubt. */
const match = (knownPeople: KnownPerson[], wanted: WantedPerson[], distinct: boolean) =>
  matchPeople(knownPeople, wanted, { distinct }).map((found) =>
    found.kind === 'known' ? found.personId : found.kind === 'new' ? `new ${found.as}` : `? ${found.column}`,
  )

describe.each([
  ['a file of people', true],
  ['a file of attendance', false],
])('in %s', (_, distinct) => {
  const matches = (knownPeople: KnownPerson[], ...wanted: WantedPerson[]) =>
    match(knownPeople, wanted, distinct)

  test('an address identifies, whatever its case, and a name without accents or capitals', () => {
    expect(
      matches(
        [known('awa', 'Awa Diop', 'awa@example.org'), known('leo', 'Léo Le Goff')],
        person('AWA DIOP', 'Awa@Example.org'),
        person('Leo Le-Goff'),
      ),
    ).toEqual(['awa', 'leo'])
  })

  test('the address of the account counts too', () => {
    expect(
      matches(
        [known('awa', 'Awa Diop', 'awa@a.example', 'awa@b.example')],
        person('Awa Diop', 'awa@b.example'),
      ),
    ).toEqual(['awa'])
  })

  test('namesakes with addresses of their own are different people', () => {
    const namesakes = [known('one', 'Jo Roy', 'jo1@example.org'), known('two', 'Jo Roy', 'jo2@example.org')]
    expect(
      matches(namesakes, person('Jo Roy', 'jo2@example.org'), person('Jo Roy', 'jo3@example.org')),
    ).toEqual(['two', 'new 1'])
  })

  test('a name without an address that several have is a doubt', () => {
    const namesakes = [known('one', 'Jo Roy', 'jo1@example.org'), known('two', 'Jo Roy', 'jo2@example.org')]
    expect(matches(namesakes, person('Jo Roy'))).toEqual(['? nom'])
    expect(matches([known('one', 'Jo Roy'), known('two', 'Jo Roy')], person('Jo Roy'))).toEqual(['? nom'])
  })

  test('a name without an address is the one who has none, else the only one', () => {
    const awa = known('awa', 'Awa Diop', 'awa@example.org')
    expect(matches([awa], person('Awa Diop'))).toEqual(['awa'])
    expect(matches([awa, known('other', 'Awa Diop')], person('Awa Diop'))).toEqual(['other'])
  })

  test('an address that nobody has may be news of somebody who had none', () => {
    expect(matches([known('awa', 'Awa Diop')], person('Awa Diop', 'awa@example.org'))).toEqual(['awa'])
  })

  test('two new addresses for one who had none are a doubt', () => {
    expect(
      matches(
        [known('awa', 'Awa Diop')],
        person('Awa Diop', 'a@example.org'),
        person('Awa Diop', 'b@example.org'),
      ),
    ).toEqual(['? email', '? email'])
  })

  test('a new family name keeps the person, another first name is a doubt', () => {
    const awa = known('awa', 'Awa Diop', 'awa@example.org')
    expect(matches([awa], person('Awa Petit', 'awa@example.org'))).toEqual(['awa'])
    expect(matches([awa], person('Marc Diop', 'awa@example.org'))).toEqual(['? email'])
  })

  test('those who share an address are told apart by a line for each', () => {
    const jean = known('jean', 'Jean Martin', 'martin@example.org')
    const both = [person('Jean Martin', 'martin@example.org'), person('Marie Martin', 'martin@example.org')]
    expect(matches([], ...both)).toEqual(['new 0', 'new 1'])
    expect(matches([jean], ...both)).toEqual(['jean', 'new 1'])
  })
})

test('in a file of attendance the same name with and without an address is one person', () => {
  const both = [person('Awa Diop'), person('Awa Diop', 'awa@example.org')]
  expect(match([], both, false)).toEqual(['new 1', 'new 1'])
  expect(match([known('awa', 'Awa Petit', 'awa@example.org')], both, false)).toEqual(['awa', 'awa'])
})

test('in a file of people each line is somebody else', () => {
  const both = [person('Awa Diop'), person('Awa Diop', 'awa@example.org')]
  expect(match([], both, true)).toEqual(['new 0', 'new 1'])
  expect(match([known('awa', 'Awa Diop', 'awa@example.org')], both, true)).toEqual(['new 0', 'awa'])
})

const anyWanted = fc.uniqueArray(
  fc.record({
    firstName: fc.constantFrom('Awa', 'AWA', 'Jo', 'Jo Ann'),
    lastName: fc.constantFrom('Roy', 'Diop'),
    email: fc.constantFrom(null, null, 'a@example.org', 'A@example.org', 'b@example.org'),
  }),
  { selector: personKey, maxLength: 8 },
)

test.each([true, false])('whoever was imported is found again (each line somebody else: %s)', (distinct) => {
  fc.assert(
    fc.property(anyWanted, (wanted) => {
      const first = matchPeople([], wanted, { distinct })
      fc.pre(first.every((found) => found.kind === 'new'))
      const made = first.map((found, index) => (found.kind === 'new' && found.as === index ? index : -1))
      const people = made
        .filter((index) => index >= 0)
        .map((index): KnownPerson => {
          const { firstName, lastName, email } = wanted[index] ?? person('')
          return { id: `new ${index}`, firstName, lastName, emails: email === null ? [] : [email] }
        })
      const again = matchPeople(people, wanted, { distinct })
      expect(again.map((found) => (found.kind === 'known' ? found.personId : found.kind))).toEqual(
        first.map((found) => (found.kind === 'new' ? `new ${found.as}` : '')),
      )
    }),
  )
})
