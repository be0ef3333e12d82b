/** Finding trainings as one types in French: other forms of a word, beginnings, slips of the finger, small words. */
import * as fc from 'fast-check'
import { sql } from 'kysely'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { listTrainings } from '../../src/catalogue/catalogue.queries.ts'
import { listCatalogue } from '../../src/catalogue/public-catalogue.queries.ts'
import { fold } from '../../src/platform/fold.ts'
import { type Caller, type TestApp, testApp, testAppForOneTest } from '../support/app.ts'
import { plansOf, scansOf } from '../support/plans.ts'
import { publishedTraining } from '../support/trainings.ts'

let preau: TestApp
let admin: Caller

const plain = { objectives: ['Savoir faire'], audience: 'Tout public', content: 'Mise en pratique' }
const catalogue = {
  'ACCESS-WEB': { title: 'L’accessibilité numérique, du discours aux actes', domain: 'Écoconception' },
  'CYBER-1': { title: 'Cybersécurité : les gestes qui protègent', domain: 'Numérique' },
  'MGT-2': { title: 'Management d’équipe à distance', content: 'Conduire l’entretien, déléguer' },
  COMPTA: { title: 'Comptabilité des associations', objectives: ['Tenir un journal de trésorerie'] },
  ELEARN: { title: 'Concevoir un e-learning', content: 'Scénario, voix off, œuvres libres de droits' },
  'CPP-1': { title: 'Programmer en C++', audience: 'Développeuses et développeurs' },
  'IA-1': { title: 'IA : usages au quotidien', content: 'Word/Excel, node.js' },
  'VIE-ASSO': { title: 'La vie de l’association' },
  'RNCP-1': {
    title: 'Devenir formatrice',
    objective: 'rncp',
    certification: {
      register: 'RNCP',
      code: 'RNCP37275',
      title: 'Formateur professionnel d’adultes',
      certifier: 'Ministère du Travail',
    },
  },
}

beforeAll(async () => {
  preau = await testApp()
  admin = await preau.signIn('admin')
  for (const [code, fields] of Object.entries(catalogue))
    await publishedTraining(admin, { code, ...plain, ...fields })
})
afterAll(() => preau.close())

async function found(q: string, { callers = preau.anonymous, filter = '' } = {}): Promise<string[]> {
  const { status, body } = await callers.get(`/api/catalogue?limit=200&q=${encodeURIComponent(q)}${filter}`)
  expect(status, q).toBe(200)
  return body.items.map((item: { code: string }) => item.code).sort()
}

describe('a training is found', () => {
  test.each([
    ['without accents', 'accessibilite numerique', ['ACCESS-WEB']],
    ['in capitals', 'CYBERSÉCURITÉ', ['CYBER-1']],
    ['in the singular of a plural', 'geste', ['CYBER-1']],
    ['in the plural of a singular', 'journaux de trésoreries', ['COMPTA']],
    ['in another form of the verb', 'délégué', ['MGT-2']],
    ['behind an elision', 'd’équipe', ['MGT-2']],
    ['behind an elision with a straight apostrophe', "l'entretien", ['MGT-2']],
    ['without the elision it was written with', 'équipe', ['MGT-2']],
    ['by a ligature', 'œuvre', ['ELEARN']],
    ['by a ligature written out', 'oeuvres', ['ELEARN']],
    ['with a hyphen', 'e-learning', ['ELEARN']],
    ['without the hyphen', 'elearning', ['ELEARN']],
    ['with a hyphen too many', 'cyber-sécurité', ['CYBER-1']],
    ['by what was typed so far', 'comptab', ['COMPTA']],
    ['by two letters that are a word', 'ia', ['IA-1']],
    ['by one half of what a slash parts', 'excel', ['IA-1']],
    ['by the other half', 'word', ['IA-1']],
    ['by a name with a dot', 'node.js', ['IA-1']],
    ['by its code', 'mgt-2', ['MGT-2']],
    ['by a part of its code', 'cess-w', ['ACCESS-WEB']],
    ['by its domain', 'ecoconception', ['ACCESS-WEB']],
    ['by its objectives', 'trésorerie', ['COMPTA']],
    ['by its audience', 'développeuse', ['CPP-1']],
    ['by its content', 'scénario', ['ELEARN']],
    ['by its certification’s number', 'RNCP37275', ['RNCP-1']],
    ['by the number alone', '37275', ['RNCP-1']],
    ['by its certification’s title', 'formateur d’adultes', ['RNCP-1']],
    ['by words in any order', 'associations comptabilité', ['COMPTA']],
    ['by code and title at once', 'compta association', ['COMPTA']],
    ['in a sentence', 'les gestes de la cybersécurité', ['CYBER-1']],
    ['by a phrase', '"équipe à distance"', ['MGT-2']],
    ['without what is not wanted', 'association -comptabilité', ['VIE-ASSO']],
  ])('%s: %s', async (_, q, codes) => {
    expect(await found(q)).toEqual(codes)
  })

  test.each([
    ['cybersecurte', ['CYBER-1']],
    ['accesibilité', ['ACCESS-WEB']],
    ['managment', ['MGT-2']],
    ['comptabilté', ['COMPTA']],
    ['asociation', ['COMPTA', 'VIE-ASSO']],
    ['trésorrerie', ['COMPTA']],
    ['scenrio', ['ELEARN']],
    ['entretein', ['MGT-2']],
    ['kotidien', ['IA-1']],
    ['managment distence', ['MGT-2']],
    ['sécurité', ['CYBER-1']],
    ['managem', ['MGT-2']],
    ['accesib', ['ACCESS-WEB']],
  ])('in spite of a slip: %s', async (q, codes) => {
    expect(await found(q)).toEqual(codes)
  })

  test.each([
    ['a word that is in none', 'soudure'],
    ['words of which one is in none', 'cybersécurité soudure'],
    ['a phrase in another order', '"distance à équipe"'],
    ['a slip in three letters', 'vei'],
    ['signs alone', '% _ \\ "" -- «\u202f»'],
    ['a letter that only begins words', 'b'],
    ['two hundred letters', 'é'.repeat(200)],
    ['a text that grows when it is folded', '\u{fdfa}'.repeat(50)],
    ['a word that grows when it is folded', '㌖'.repeat(200)],
    ['words side by side that grow', '㌖-'.repeat(100)],
    ['a phrase that grows', `"${'㌖'.repeat(198)}"`],
  ])('by nothing else: %s', async (_, q) => {
    expect(await found(q)).toEqual([])
  })

  test('by small words alone only where its title or code has them', async () => {
    expect(await found('de la')).toEqual(['VIE-ASSO'])
    expect(await found('de l’')).toEqual(['VIE-ASSO'])
    expect(await found('la')).toEqual(['VIE-ASSO'])
    expect(await found('a')).toEqual(['MGT-2'])
    expect(await found('c')).toEqual(['CPP-1'])
    expect(await found('C++')).toEqual(['CPP-1'])
  })

  test('also when a hundred words are asked for', async () => {
    expect(await found('équipe '.repeat(25).trim())).toEqual(['MGT-2'])
  })
})

/** What was typed, a word, and whether the one may be a slip for the other. */
const slips: [typed: string, word: string, may: boolean][] = [
  ['dupomt', 'dupont', true],
  ['jeam', 'jean', true],
  ['jaen', 'jean', true],
  ['acceuil', 'accueil', true],
  ['developement', 'developpement', true],
  ['ordinateru', 'ordinateur', true],
  ['phillipe', 'philippe', true],
  ['katherine', 'catherine', true],
  ['umanisme', 'humanisme', true],
  ['pedagogi', 'pedagogique', true],
  ['egalitee', 'egalite', true],
  ['formation', 'information', false],
  ['animation', 'estimation', false],
  ['gestion', 'question', false],
  ['martin', 'martel', false],
  ['port', 'sport', false],
  ['port', 'posture', false],
  ['raison', 'maison', false],
  ['droit', 'doigt', false],
  ['vente', 'rente', false],
  ['marketing', 'meeting', false],
  ['conduite', 'confiture', false],
  ['bureau', 'bordeaux', false],
  ['art', 'arc', false],
]

test.each(slips)('whether %s was typed for %s: %s', async (typed, word, may) => {
  const { rows } = await sql<{ answer: boolean }>`select is_typo_of(${word}, ${typed}) as answer`.execute(
    preau.deps.db,
  )
  expect(rows).toEqual([{ answer: may }])
})

describe('in a small catalogue', () => {
  let own: TestApp
  let editor: Caller
  beforeAll(async () => {
    own = await testApp()
    editor = await own.signIn('admin')
  })
  afterAll(() => own.close())

  test('a slip is forgiven only where no training has just that word', async () => {
    await publishedTraining(editor, { ...plain, code: 'A', title: 'Accompagner un projet' })
    await publishedTraining(editor, { ...plain, code: 'B', title: 'Accompagné par un pair' })
    const callers = own.anonymous
    expect(await found('acompagner', { callers })).toEqual(['A', 'B'])
    await publishedTraining(editor, { ...plain, code: 'C', title: 'Acompagner, mot mal écrit' })
    expect(await found('acompagner', { callers })).toEqual(['C'])
  })

  test('a filter narrows what a search finds, and the order stays the title’s', async () => {
    for (const [title, domain] of [
      ['Zéro déchet au bureau', 'Écologie'],
      ['Bureau et réseau', 'Numérique'],
      ['Animer un bureau d’association', 'Écologie'],
    ])
      await publishedTraining(editor, { ...plain, code: title, title, domain })
    const { body } = await own.anonymous.get('/api/catalogue?q=bureau')
    expect(body.items.map((item: { title: string }) => item.title)).toEqual([
      'Animer un bureau d’association',
      'Bureau et réseau',
      'Zéro déchet au bureau',
    ])
    const filter = `&domain=${encodeURIComponent('écologie')}`
    expect(await found('bureau', { callers: own.anonymous, filter })).toHaveLength(2)
    expect(await found('réseau', { callers: own.anonymous, filter })).toEqual([])
  })

  test('near words are read page by page, each training once', async () => {
    const titles = ['Budget 1', 'Budget 2', 'Budget 3', 'Budget 4', 'Budget 5']
    for (const title of titles) await publishedTraining(editor, { ...plain, code: title, title })
    const seen: string[] = []
    let cursor = ''
    do {
      const { body } = await own.anonymous.get(
        `/api/catalogue?limit=2&q=bugdet${cursor && `&cursor=${cursor}`}`,
      )
      seen.push(...body.items.map((item: { title: string }) => item.title))
      cursor = body.nextCursor ?? ''
    } while (cursor)
    expect(seen).toEqual(titles)
    expect((await own.anonymous.get('/api/catalogue?q=bugdet&cursor=~nonsense')).status).toBe(422)
  })

  test('editors search what they are editing, everybody else what is published', async () => {
    const { id } = await publishedTraining(editor, { ...plain, code: 'EDIT', title: 'Poterie' })
    await editor.patch(`/api/trainings/${id}`, { title: 'Vannerie' }, { 'if-match': '*' })
    await editor.post('/api/trainings', { ...plain, code: 'BROUILLON', title: 'Reliure' })
    const edited = async (q: string) =>
      (await editor.get(`/api/trainings?q=${q}`)).body.items.map((item: { code: string }) => item.code)
    expect(await edited('vannerie')).toEqual(['EDIT'])
    expect(await edited('vanerie')).toEqual(['EDIT'])
    expect(await edited('poterie')).toEqual([])
    expect(await edited('reliure')).toEqual(['BROUILLON'])
    expect(await found('poterie', { callers: own.anonymous })).toEqual(['EDIT'])
    expect(await found('vannerie', { callers: own.anonymous })).toEqual([])
    expect(await found('reliure', { callers: own.anonymous })).toEqual([])

    await editor.post(`/api/trainings/${id}/publish`)
    await editor.patch(`/api/trainings/${id}`, { code: 'PANIER' }, { 'if-match': '*' })
    expect(await found('vannerie', { callers: own.anonymous })).toEqual(['PANIER'])
    expect(await found('panier', { callers: own.anonymous })).toEqual(['PANIER'])
    expect(await found('edit', { callers: own.anonymous })).toEqual([])
  })
})

test('every word of a stored title finds it, in any case and without accents', async () => {
  const own = await testAppForOneTest()
  const editor = await own.signIn('admin')
  const word = fc
    .array(fc.constantFrom(...'abcdefghijklmnopqrstuvwxyzàâäçéèêëîïôöùûüÿœæłøéeaistnrœ0123'), {
      minLength: 3,
      maxLength: 14,
    })
    .map((letters) => letters.join(''))
  const titles = fc
    .sample(
      fc.tuple(fc.array(word, { minLength: 1, maxLength: 4 }), fc.constantFrom(' ', '-', '’', '/', ' : ')),
      12,
    )
    .map(([words, between]) => words.join(between))
  for (const [index, title] of titles.entries())
    await publishedTraining(editor, { ...plain, code: `CODE-${index}`, title })
  for (const [index, title] of titles.entries())
    for (const q of [title, title.toUpperCase(), ...fold(title).split(' ')])
      expect(await found(q, { callers: own.anonymous }), `${q} in ${title}`).toContain(`CODE-${index}`)
}, 20_000)

describe('among two thousand trainings', () => {
  let own: TestApp
  const now = Temporal.Instant.from('2026-03-02T08:00:00Z')

  beforeAll(async () => {
    own = await testApp()
    await sql`
      with known as (
        insert into training (id, created_at, updated_at, code, status)
        select gen_random_uuid(), now(), now(), 'F-' || n, 'draft' from generate_series(1, 2000) n
        returning id, code
      )
      insert into training_version (id, training_id, number, published_at, title, content)
      select gen_random_uuid(), id, 1, now(), 'Atelier ' || md5(code), 'Repères ' || md5('a' || code) from known
    `.execute(own.deps.db)
    await sql`update training set status = 'published', published_version_id = training_version.id
      from training_version where training_id = training.id`.execute(own.deps.db)
    await publishedTraining(await own.signIn('admin'), { ...plain, code: 'RARE', title: 'Reliure japonaise' })
    await sql`vacuum analyze training, training_version, training_search, training_word`.execute(own.deps.db)
  }, 30_000)
  afterAll(() => own.close())

  test('the index finds the words of one', async () => {
    const query = { limit: 20, q: 'reliures' }
    const byIndex = { whole: 0, byIndex: 1 }
    expect(await scansOf(own, 'training_search', (db) => listCatalogue(db, query, now))).toEqual(byIndex)
    expect(await scansOf(own, 'training_search', (db) => listTrainings(db, query))).toEqual(byIndex)
    expect(await found('relliure', { callers: own.anonymous })).toEqual(['RARE'])
  })

  test('a page far down begins where the index says', async () => {
    const position = ['atelier c', '019c0000-0000-7000-8000-000000000000']
    const cursor = Buffer.from(JSON.stringify(position)).toString('base64url')
    const [plan] = await plansOf(own, (db) => listCatalogue(db, { limit: 20, cursor }, now))
    expect(plan).toContain('training_version_title')
    expect(plan).not.toContain('Sort')
  })
})
