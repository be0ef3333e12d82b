/** Finding people as one types: without accents, in any order, by beginnings, and with a slip of the finger. */
import * as fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listPeople } from '../../src/people/people.queries.ts'
import { fold } from '../../src/platform/fold.ts'
import { newId } from '../../src/platform/ids.ts'
import { type Caller, type TestApp, testApp, testAppForOneTest } from '../support/app.ts'
import { plansOf } from '../support/plans.ts'

let preau: TestApp
let admin: Caller

beforeAll(async () => {
  preau = await testApp()
  admin = await preau.signIn('admin')
  await addPeople(preau, [
    ['Yann', 'Le Goff'],
    ['Katia', 'Saint-Étienne'],
    ['Anne', 'D’Almeida'],
    ['Luc', 'Œuf'],
    ['Văn', 'Nguyễn'],
    ['Łukasz', 'Wójcik'],
    ['Jean-Marc', 'Dupont'],
    ['Pauline', 'Girard', 'pauline_g@atelier.example'],
    ['Catherine', 'Kerdoncuff', null, 'Lefebvre'],
    ['Stéphane', 'Martinez'],
  ])
})
afterAll(() => preau.close())

type Name = [firstName: string, lastName: string, email?: string | null, birthName?: string]

async function addPeople({ deps }: TestApp, names: Name[]): Promise<void> {
  const now = Temporal.Instant.from('2026-01-05T08:00:00Z')
  await deps.db
    .insertInto('person')
    .values(
      names.map(([firstName, lastName, email = null, birthName = null]) => ({
        ...{ id: newId(), createdAt: now, updatedAt: now, firstName, lastName, email, birthName },
      })),
    )
    .execute()
}

async function found(q: string, caller = admin): Promise<string[]> {
  const { status, body } = await caller.get(`/api/people?limit=200&q=${encodeURIComponent(q)}`)
  expect(status).toBe(200)
  return body.items.map((person: { lastName: string }) => person.lastName)
}

describe('a person is found', () => {
  test.each([
    ['by last name', 'Le Goff', 'Le Goff'],
    ['by both names in any order', 'goff yann', 'Le Goff'],
    ['by what was typed so far', 'yan le g', 'Le Goff'],
    ['with the particle run together', 'legoff', 'Le Goff'],
    ['without accent and hyphen', 'saint etienne', 'Saint-Étienne'],
    ['by the second part of a name', 'Étienne', 'Saint-Étienne'],
    ['with a straight apostrophe', "d'almeida", 'D’Almeida'],
    ['with a typographic apostrophe', 'D’Almeida', 'D’Almeida'],
    ['without apostrophe', 'dalmeida', 'D’Almeida'],
    ['without the elided particle', 'almeida', 'D’Almeida'],
    ['by a ligature', 'œuf', 'Œuf'],
    ['by a ligature written out', 'OEUF', 'Œuf'],
    ['by a name of another alphabet without its signs', 'nguyen van', 'Nguyễn'],
    ['by a stroked letter', 'lukasz', 'Wójcik'],
    ['by a double first name in one word', 'jeanmarc', 'Dupont'],
    ['by birth name', 'lefebvre', 'Kerdoncuff'],
    ['by the address as it is', 'Pauline_G@atelier.example', 'Girard'],
    ['by the domain of the address', '@atelier.ex', 'Girard'],
    ['by the beginning of the address', 'pauline_g', 'Girard'],
  ])('%s: %s', async (_, q, name) => {
    expect(await found(q)).toEqual([name])
  })

  test.each([
    ['a wrong letter', 'Girord', 'Girard'],
    ['a missing letter', 'Kerdoncuf', 'Kerdoncuff'],
    ['a letter too many', 'Duppont', 'Dupont'],
    ['two letters swapped', 'Martniez', 'Martinez'],
    ['a silent letter left out', 'Lefevre', 'Kerdoncuff'],
    ['a first letter that sounds the same', 'Katherine', 'Kerdoncuff'],
    ['a slip in one word of two', 'Pauleine Girard', 'Girard'],
    ['a part from within a name', 'doncuff', 'Kerdoncuff'],
    ['a domain without its @', 'atelier.example', 'Girard'],
  ])('in spite of %s: %s', async (_, q, name) => {
    expect(await found(q)).toEqual([name])
  })

  test.each(['Martinez Girard', 'Durant', 'xyz', 'Zoé Zorn'])('by nobody else’s name: %s', async (q) => {
    expect(await found(q)).toEqual([])
  })

  test.each(['%', '_', '\\', '---', '@', '’', '«\u202f»'])('by no sign alone: %s', async (q) => {
    expect(await found(q)).toEqual([])
  })
})

test('a slip is forgiven only where nobody is called just that', async () => {
  const own = await testAppForOneTest()
  const editor = await own.signIn('admin')
  await addPeople(own, [
    ['Ali', 'Dupont'],
    ['Ali', 'Dupond'],
  ])
  expect(await found('dupont', editor)).toEqual(['Dupont'])
  expect(await found('dupomt', editor)).toEqual(['Dupont'])
  expect(await found('dupon', editor)).toEqual(['Dupond', 'Dupont'])
})

test('one letter finds the names that begin with it, and no more', async () => {
  expect(await found('w')).toEqual(['Wójcik'])
  expect(await found('k')).toEqual(['Kerdoncuff', 'Saint-Étienne'])
})

test('names that come near are read page by page, each once, and stay the near ones', async () => {
  const own = await testAppForOneTest()
  const editor = await own.signIn('admin')
  await addPeople(
    own,
    Array.from({ length: 7 }, (_, index): Name => [`Prénom${index}`, 'Kerdoncuff']),
  )
  const seen: string[] = []
  let cursor = ''
  do {
    const { body } = await editor.get(`/api/people?limit=3&q=kerdonkuf${cursor && `&cursor=${cursor}`}`)
    seen.push(...body.items.map((person: { firstName: string }) => person.firstName))
    cursor = body.nextCursor ?? ''
    // Somebody of just that name turns up between two pages.
    if (seen.length === 3) await addPeople(own, [['Zoé', 'Kerdonkuf']])
  } while (cursor)
  expect(seen.filter((name) => name !== 'Zoé')).toEqual(Array.from({ length: 7 }, (_, i) => `Prénom${i}`))
})

test('an ambassador finds the people of the chapter only, near names included', async () => {
  const { body: chapter } = await admin.post('/api/chapters', {
    name: 'Lyon',
    city: 'Lyon',
    regionCode: '84',
  })
  const ambassador = await preau.signIn({ role: 'ambassador', chapterId: chapter.id })
  await admin.post('/api/people', { firstName: 'Ninon', lastName: 'Girardot', chapterId: chapter.id })
  expect(await found('girard', ambassador)).toEqual(['Girardot'])
  expect(await found('girarp', ambassador)).toEqual(['Girardot'])
})

test('a name of two hundred letters, or of a hundred words, is an answer like any other', async () => {
  expect(await found('é'.repeat(200))).toEqual([])
  expect(await found('a '.repeat(100).trim())).toEqual(await found('a'))
  expect(await found('\u{fdfa}'.repeat(50))).toEqual([])
  expect(await found('㌖'.repeat(200))).toEqual([])
})

test('every word of a stored name finds it, in any case and without accents', async () => {
  const own = await testAppForOneTest()
  const editor = await own.signIn('admin')
  const letters = [...'abcdefghijklmnopqrstuvwxyzàâäçéèêëîïôöùûüÿœæñčłøđßşğıβжאऽ日']
  const word = fc
    .array(fc.constantFrom(...letters), { minLength: 1, maxLength: 12 })
    .map((parts) => parts.join(''))
  const name = fc
    .tuple(fc.array(word, { minLength: 1, maxLength: 3 }), fc.constantFrom(' ', '-', '’', "'"))
    .map(([words, between]) => words.join(between))
  const people = fc.sample(fc.tuple(name, name), 25)
  await addPeople(own, people)
  for (const [firstName, lastName] of people) {
    const typed = `${lastName} ${firstName}`
    for (const q of [typed, typed.toUpperCase(), ...fold(typed).split(' ')])
      expect(await found(q, editor), q).toContain(lastName)
  }
}, 20_000)

test('the database folds texts as the program does', async () => {
  // Latin, Greek, Cyrillic, Armenian and signs: what every version of Unicode has the same capitals for.
  const letter = fc
    .oneof(fc.integer({ min: 1, max: 0x58f }), fc.integer({ min: 0x1e00, max: 0x2bff }))
    .map((code) => String.fromCodePoint(code))
  const texts = fc.sample(fc.string({ unit: letter, maxLength: 40 }), 500)
  texts.push(
    'L’ŒUVRE d’Élise',
    'N° 3\u00a0: ½ ﬁn',
    'STRAẞE',
    'ΣΊΣΥΦΟΣ',
    'Þór Ægir',
    '\u00ad\u200b',
    '🎉 fête',
  )
  const { rows } = await sql<{ folded: string }>`
    select fold(text) as folded from unnest(${texts}::text[]) with ordinality as t (text, position) order by position
  `.execute(preau.deps.db)
  expect(rows.map((row) => row.folded)).toEqual(texts.map(fold))
})

describe('among ten thousand people', () => {
  let own: TestApp
  beforeAll(async () => {
    own = await testApp()
    await sql`
      insert into person (id, created_at, updated_at, first_name, last_name, email)
      select gen_random_uuid(), now(), now(),
        initcap(translate(substr(md5('first' || n), 1, 6), '0123456789', 'aeiouaeiou')),
        initcap(translate(substr(md5('last' || n), 1, 9), '0123456789', 'aeiouaeiou')), 'p' || n || '@example.org'
      from generate_series(1, 10000) n`.execute(own.deps.db)
    await addPeople(own, [['Catherine', 'Kerdoncuff']])
    await sql`vacuum analyze person`.execute(own.deps.db)
  }, 30_000)
  afterAll(() => own.close())

  test.each(['kerdoncuff', 'cather kerdon', 'kerdonkuff'])('the index finds %s', async (q) => {
    const plans = await plansOf(own, (db) => listPeople(db, { q, limit: 20 }, undefined))
    expect(plans.at(-1)).toContain('person_search')
    expect(await found(q, await own.signIn('admin'))).toEqual(['Kerdoncuff'])
  })

  test('a letter that begins a name of many is read in the order of the list', async () => {
    const plans = await plansOf(own, (db) => listPeople(db, { q: 'a', limit: 20 }, undefined))
    expect(plans.at(-1)).toContain('person_name')
  })
})
