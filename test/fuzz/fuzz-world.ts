/**
 * A small organisation full of things that most people must not see. Each holds a canary, a word that stands nowhere
 * else, of which it is known who may read it.
 */
import { sql } from 'kysely'
import { hashPassword } from '../../src/people/sign-in/password.ts'
import { exampleSecrets } from '../../src/people/sign-in/sign-in.examples.ts'
import type { TestApp } from '../support/app.ts'
import { anOrganisation } from '../support/facts.ts'
import { aLinkToken } from '../support/links.ts'
import { aTriedMail } from '../support/mails.ts'
import {
  aFundingLine,
  aSession,
  aTraining,
  made,
  type RoleName,
  type RouteWorld,
  roleNames,
  routeWorld,
} from '../support/route-world.ts'
import type { Account } from './credentials.ts'
import type { Facts, Kind } from './kinds.ts'

export type FuzzWorld = {
  database: string
  accounts: Record<RoleName, Account>
  /** A word → who may be told it. */
  canaries: ReadonlyMap<string, ReadonlySet<RoleName>>
  /** What the database keeps of passwords, tokens and sessions: for nobody. */
  secrets: readonly string[]
  /** An id, or a code → who may use it in a change. Whoever may would rightly let others see the canaries behind it. */
  untouched: ReadonlyMap<string, ReadonlySet<RoleName>>
  /** An id → who must not change anything by it. */
  intruders: ReadonlyMap<string, ReadonlySet<RoleName>>
  /** Accounts and people of the callers themselves, which keep their rights. */
  callerIds: ReadonlySet<string>
  disabilityContactPersonId: string
  /** What everybody knows from the start, also of what is not theirs. */
  known: ReadonlyMap<Kind, readonly string[]>
  facts: ReadonlyMap<string, Facts>
  emails: readonly string[]
  /** Tokens of mailed links that work. */
  links: readonly string[]
}

type Seeds = {
  world: RouteWorld
  canaries: Map<string, Set<RoleName>>
  untouched: Map<string, Set<RoleName>>
  intruders: Map<string, Set<RoleName>>
}

let count = 0

/** A new word for who may read it: `zqfoulque017`. */
function canary({ canaries }: Seeds, ...readers: RoleName[]): string {
  const word = `zqfoulque${String(++count).padStart(3, '0')}`
  canaries.set(word, new Set(readers))
  return word
}

export const canaryPattern = /zqfoulque\d{3}/gi

/**
 * `rightly`: these may change things by this id, and do not here, for then they could rightly show them to others;
 * `partly`: these have a part in it; everybody else must be refused.
 */
function leaveAlone(
  { untouched, intruders }: Seeds,
  id: string,
  rightly: readonly RoleName[],
  partly: readonly RoleName[] = [],
): void {
  const others = roleNames.filter((role) => !rightly.includes(role))
  untouched.set(id, new Set(others))
  intruders.set(id, new Set(others.filter((role) => !partly.includes(role))))
}

/** Made through the API as admins would, then left by every connection so that it can be cloned. */
export async function fuzzWorld(): Promise<FuzzWorld> {
  const world = await routeWorld()
  const seeds: Seeds = { world, canaries: new Map(), untouched: new Map(), intruders: new Map() }
  await describeOrganisation(seeds)
  const stranger = await someoneOfParis(seeds)
  const clientId = await aClient(seeds)
  await aSessionInParis(seeds, stranger, clientId)
  await aPublicSession(seeds)
  await aSharedSession(seeds)
  await drafts(seeds)
  await names(seeds)
  const links = await spares(seeds)
  await givePasswords(world)
  const secrets = await secretsIn(world.app)
  const known = await knownIds(world.app)
  const facts = await knownFacts(world.app)
  const emails = await emailsIn(world.app)
  const callerIds = Object.values(world.callers).flatMap(({ accountId, personId }) => [accountId, personId])
  await world.app.close()
  return {
    database: new URL(world.app.url).pathname.slice(1),
    accounts: world.callers,
    canaries: seeds.canaries,
    secrets,
    untouched: seeds.untouched,
    intruders: seeds.intruders,
    callerIds: new Set(callerIds.filter((id) => id !== '')),
    known,
    facts,
    emails,
    links,
    disabilityContactPersonId: world.callers.disabilityContact.personId,
  }
}

/** What is printed is for members; nobody else asks the API for it. */
async function describeOrganisation(seeds: Seeds): Promise<void> {
  const { admin, disabilityContact } = seeds.world.callers
  const signedIn = roleNames.filter((role) => role !== 'anonymous')
  const representative = { firstName: 'Camille', lastName: 'Le Goff', title: canary(seeds, ...signedIn) }
  const disabilityContactPersonId = disabilityContact.personId
  made(await admin.put('/api/organisation', { ...anOrganisation, representative, disabilityContactPersonId }))
}

async function someoneOfParis(seeds: Seeds): Promise<string> {
  const { admin } = seeds.world.callers
  const word = () => canary(seeds, 'otherAmbassador', 'admin')
  const chapters = made(await admin.get('/api/chapters')).items as { id: string; name: string }[]
  const account = made(
    await admin.post('/api/accounts', {
      email: `${word()}@courriel.example`,
      firstName: word(),
      lastName: word(),
      birthName: word(),
      chapterId: chapters.find(({ name }) => name === 'Paris')?.id,
      roleGrants: [{ role: 'member' }],
    }),
  )
  leaveAlone(seeds, account.id, ['admin'])
  leaveAlone(seeds, account.personId, ['admin', 'ambassador', 'otherAmbassador'])
  return account.personId
}

async function aClient(seeds: Seeds): Promise<string> {
  const { admin } = seeds.world.callers
  const word = () => canary(seeds, 'admin')
  const address = { street: word(), postalCode: '35000', city: word() }
  const email = `${word()}@courriel.example`
  const { id } = made(await admin.post('/api/clients', { kind: 'company', name: word(), address, email }))
  leaveAlone(seeds, id, ['admin', 'ambassador', 'otherAmbassador'])
  return id
}

/** Held in private, for a company; another one of Paris was cancelled. */
async function aSessionInParis(seeds: Seeds, personId: string, clientId: string): Promise<void> {
  const { admin, otherAmbassador } = seeds.world.callers
  const readers = ['otherAmbassador', 'admin'] as const
  const chapterId = made(await otherAmbassador.get('/api/me')).roleGrants[0].chapterId
  const body = {
    ...aSession(seeds.world),
    chapterId,
    reference: canary(seeds, ...readers),
    place: canary(seeds, ...readers),
    modality: 'hybrid',
    remoteUrl: `https://visio.example/${canary(seeds, ...readers)}`,
    privateClientId: clientId,
    bpfScope: 'excluded',
    bpfScopeReason: canary(seeds, ...readers),
    trainers: [{ personId, engagement: 'internal' }],
    slots: [{ date: '2026-05-02', startTime: '09:00', endTime: '12:30', topic: canary(seeds, ...readers) }],
  }
  const session = made(await admin.post('/api/sessions', body))
  made(await admin.post(`/api/sessions/${session.id}/open`))
  const cancelled = made(await admin.post('/api/sessions', { ...body, reference: canary(seeds, ...readers) }))
  made(await admin.post(`/api/sessions/${cancelled.id}/cancel`, { reason: canary(seeds, ...readers) }))
  for (const { id, slots } of [session, cancelled])
    for (const each of [id, ...slots.map((slot: { id: string }) => slot.id)]) leaveAlone(seeds, each, readers)
}

/** Anybody sees it and nobody may join it here: where to connect is for those who take part. */
async function aPublicSession(seeds: Seeds): Promise<void> {
  const { admin } = seeds.world.callers
  const body = {
    ...aSession(seeds.world),
    visibility: 'public',
    modality: 'remote',
    remoteUrl: `https://visio.example/${canary(seeds, 'trainer', 'ambassador', 'admin')}`,
    bpfScope: 'excluded',
    bpfScopeReason: canary(seeds, 'trainer', 'ambassador', 'admin'),
    slots: [{ date: '2026-05-03', startTime: '09:00', endTime: '12:30' }],
  }
  const { id, slots } = made(await admin.post('/api/sessions', body))
  made(await admin.post(`/api/sessions/${id}/open`))
  for (const each of [id, slots[0].id])
    leaveAlone(
      seeds,
      each,
      roleNames.filter((role) => role !== 'anonymous'),
    )
}

/** Two learners of one session: the caller, and another one whose affairs are not the caller’s. */
async function aSharedSession(seeds: Seeds): Promise<void> {
  const { admin, learner } = seeds.world.callers
  const body = {
    ...aSession(seeds.world),
    place: canary(seeds, 'learner', 'trainer', 'ambassador', 'admin'),
    modality: 'hybrid',
    remoteUrl: `https://visio.example/${canary(seeds, 'learner', 'trainer', 'ambassador', 'admin')}`,
    slots: [{ date: '2026-03-04', startTime: '09:00', endTime: '12:30' }],
  }
  const session = made(await admin.post('/api/sessions', body))
  made(await admin.post(`/api/sessions/${session.id}/open`))
  const enrol = async (who: object) =>
    made(await admin.post(`/api/sessions/${session.id}/enrolments`, { traineeType: 'other', ...who }))
  const own = await enrol({
    personId: learner.personId,
    needs: canary(seeds, 'learner', 'disabilityContact'),
  })
  const other = await enrol({
    person: { firstName: 'Bo', lastName: canary(seeds, 'trainer', 'ambassador', 'admin') },
    needs: canary(seeds, 'disabilityContact'),
    answers: { [canary(seeds, 'ambassador', 'admin')]: canary(seeds, 'ambassador', 'admin') },
    fundingLines: [
      { ...aFundingLine, payerName: canary(seeds, 'admin'), invoiceNumber: canary(seeds, 'admin') },
    ],
  })
  const gone = await enrol({
    person: { firstName: 'Cléo', lastName: canary(seeds, 'trainer', 'ambassador', 'admin') },
    needs: canary(seeds, 'disabilityContact'),
  })
  const reason = canary(seeds, 'ambassador', 'admin')
  made(await admin.post(`/api/enrolments/${gone.id}/cancel`, { reason }))
  const slotId = session.slots[0].id
  const marks = [
    { enrolmentId: own.id, status: 'present' },
    { enrolmentId: other.id, status: 'absent', note: canary(seeds, 'trainer', 'ambassador', 'admin') },
  ]
  made(await admin.put(`/api/slots/${slotId}/attendance`, { marks }))
  for (const id of [session.id, slotId, own.id, other.id, gone.id])
    leaveAlone(seeds, id, ['ambassador', 'admin'], ['learner', 'trainer'])
  for (const id of [other.personId, gone.personId])
    leaveAlone(seeds, id, ['ambassador', 'otherAmbassador', 'admin'])
}

/** Not for the catalogue: a training never published, and the next version of one that is. */
async function drafts(seeds: Seeds): Promise<void> {
  const { admin } = seeds.world.callers
  const readers = ['ambassador', 'otherAmbassador', 'admin'] as const
  const title = () => canary(seeds, ...readers)
  const draft = made(await admin.post('/api/trainings', { code: title(), ...aTraining, title: title() }))
  const published = made(await admin.post('/api/trainings', { code: 'PUBLIC', ...aTraining }))
  made(await admin.post(`/api/trainings/${published.id}/publish`))
  made(await admin.patch(`/api/trainings/${published.id}`, { title: title() }, { 'if-match': '*' }))
  for (const { id } of [draft, published]) leaveAlone(seeds, id, readers)
}

/**
 * People and sessions to whom anything may be done: in draft, by request, with one seat only, held and marked; links and
 * mails that wait. Returns the tokens of the links.
 */
async function spares({ world }: Seeds): Promise<string[]> {
  const { admin } = world.callers
  const links: string[] = []
  for (const [index, firstName] of [
    'Ana',
    'Dan',
    'Elie',
    'Fanch',
    'Gael',
    'Hugo',
    'Ines',
    'Jo',
    'Kim',
  ].entries()) {
    const person = { firstName, lastName: 'Perrin', email: `${firstName.toLowerCase()}@courriel.example` }
    const roleGrants = [{ role: 'member' }]
    const { id } = made(await admin.post('/api/accounts', { ...person, roleGrants, invite: false }))
    const kind = (['passwordReset', 'signInLink', 'invitation'] as const)[index % 3]
    if (kind) links.push(await aLinkToken(world.app, kind, id))
    await aTriedMail(world.app, 'failed', 'smtp/550')
  }
  const toCome = { slots: [{ date: '2026-05-20', startTime: '09:00', endTime: '12:30' }] }
  const open = { visibility: 'public', approval: 'automatic', capacity: 10, ...toCome }
  for (const each of [{}, toCome, { ...open, modality: 'remote' }]) made(await draft(world, each))
  for (const each of [open, { ...open, capacity: 1 }, { ...open, approval: 'manual' }]) {
    const { id } = made(await draft(world, each))
    made(await admin.post(`/api/sessions/${id}/open`))
    for (const firstName of ['Hoel', 'Inès', 'Jade']) await enrolled(world, id, firstName)
  }
  for (const firstName of ['Klara', 'Loïc', 'Mona']) {
    const { id, slots } = made(await draft(world, {}))
    made(await admin.post(`/api/sessions/${id}/open`))
    const marks = [{ enrolmentId: await enrolled(world, id, firstName), status: 'present' }]
    for (const slot of slots) made(await admin.put(`/api/slots/${slot.id}/attendance`, { marks }))
  }
  return links
}

async function enrolled(world: RouteWorld, sessionId: string, firstName: string): Promise<string> {
  const body = { person: { firstName, lastName: 'Caron' }, traineeType: 'other' }
  return made(await world.callers.admin.post(`/api/sessions/${sessionId}/enrolments`, body)).id
}

const draft = (world: RouteWorld, fields: object) =>
  world.callers.admin.post('/api/sessions', { ...aSession(world), ...fields })

/** One’s own alone: the names that people give their tokens. */
async function names(seeds: Seeds): Promise<void> {
  for (const role of ['learner', 'admin'] as const) {
    const { id } = made(await seeds.world.callers[role].post('/api/tokens', { name: canary(seeds, role) }))
    leaveAlone(seeds, id, [role, 'admin'])
  }
}

/** All callers with the password of the examples. */
async function givePasswords({ app, callers }: RouteWorld): Promise<void> {
  const passwordHash = await hashPassword(exampleSecrets.password)
  const ids = Object.values(callers).flatMap(({ accountId }) => (accountId === '' ? [] : [accountId]))
  await app.deps.db.updateTable('account').set({ passwordHash }).where('id', 'in', ids).execute()
}

async function emailsIn({ deps: { db } }: TestApp): Promise<string[]> {
  const accounts = await db.selectFrom('account').select('email').orderBy('email').execute()
  return accounts.map(({ email }) => email).filter((email) => email.match(canaryPattern) === null)
}

/** Hashes are no secrets one can use, and yet nobody’s business. */
async function secretsIn({ deps: { db } }: TestApp): Promise<string[]> {
  const { rows } = await sql<{ secret: string }>`
    select password_hash as secret from account where password_hash is not null
    union all select token_hash from api_token
    union all select id_hash from login_session
    union all select token_hash from single_use_token where token_hash is not null
  `.execute(db)
  return rows.map(({ secret }) => secret)
}

/** The ids of all that there is, in the order in which it was written: the same in every run. */
async function knownIds({ deps: { db } }: TestApp): Promise<Map<Kind, string[]>> {
  const tables = {
    chapter: 'chapter',
    client: 'client',
    person: 'person',
    account: 'account',
    training: 'training',
    session: 'training_session',
    slot: 'slot',
    enrolment: 'enrolment',
    certificate: 'issued_document',
    token: 'api_token',
    loginSession: 'login_session',
    mail: 'outgoing_mail',
  } as const
  const all = new Map<Kind, string[]>()
  for (const [kind, table] of Object.entries(tables)) {
    const { rows } = await sql<{ id: string }>`select id from ${sql.table(table)} order by ctid`.execute(db)
    all.set(
      kind as Kind,
      rows.map(({ id }) => id),
    )
  }
  return all
}

async function knownFacts({ deps: { db } }: TestApp): Promise<Map<string, Facts>> {
  const { rows } = await sql<{ id: string; status: string; sessionId: string }>`
    select id, status::text, null::uuid as session_id from training
    union all select id, status::text, null::uuid from training_session
    union all select id, status, session_id from enrolment
    union all select id, null::text, session_id from slot
  `.execute(db)
  return new Map(rows.map(({ id, status, sessionId }) => [id, { status, sessionId }]))
}
