import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { fundingSources } from '../../src/enrolment/enrolment.schema.ts'
import { type Caller, type TestApp, testApp } from '../support/app.ts'
import { addChapter, type WorldSession } from '../support/world.ts'
import { aClient, afterEnd, aSession, auditOf } from './enrolment-world.ts'

let app: TestApp
let admin: Caller

beforeAll(async () => {
  app = await testApp({ now: afterEnd })
  admin = await app.signIn('admin')
})
afterAll(() => app.close())

async function anEnrolment() {
  const session = await aSession(app, { learners: 1 })
  return { session, id: session.learners[0]?.enrolmentId ?? '' }
}
const linesOf = (id: string) => `/api/enrolments/${id}/funding-lines`
const sessionLinesOf = (session: WorldSession) => `/api/sessions/${session.id}/funding-lines`

describe('the funding of an enrolment', () => {
  it('is what was given last, in its order, with its total', async () => {
    const { id } = await anEnrolment()
    const clientId = await aClient(app, 'Société Le Goff')
    await admin.put(linesOf(id), { fundingLines: [{ source: 'individual', amountCents: 10 }] })
    const answer = await admin.put(linesOf(id), {
      fundingLines: [
        {
          source: 'employer',
          clientId: clientId.toUpperCase(),
          amountCents: 120_050,
          invoicedOn: '2026-03-04',
          invoiceNumber: 'F-2026-012',
          paidOn: '2026-04-01',
        },
        { source: 'employer', clientId, amountCents: -20_050, invoicedOn: '2026-03-20' },
      ],
    })
    expect(answer).toMatchObject({
      status: 200,
      body: {
        fundingLines: [
          {
            source: 'employer',
            clientId,
            clientName: 'Société Le Goff',
            amountCents: 120_050,
            invoicedOn: '2026-03-04',
            invoiceNumber: 'F-2026-012',
            paidOn: '2026-04-01',
          },
          { amountCents: -20_050, invoiceNumber: null, paidOn: null },
        ],
        totalCents: 100_000,
      },
    })
    expect((await admin.get(linesOf(id))).body).toEqual(answer.body)
    expect((await admin.put(linesOf(id), { fundingLines: [] })).body).toEqual({
      fundingLines: [],
      totalCents: 0,
    })
  })

  it('given twice is there once: the same lines keep their ids and the enrolment its version', async () => {
    const { id } = await anEnrolment()
    const body = {
      fundingLines: [
        { source: 'fundSelfEmployed', payerName: 'FAF des libéraux', amountCents: 30_000 },
        { source: 'fundSelfEmployed', payerName: 'faf des LIBÉRAUX', amountCents: 30_000 },
      ],
    }
    const first = await admin.put(linesOf(id), body)
    const second = await admin.put(linesOf(id), body)
    expect(second.body).toEqual(first.body)
    expect(first.body.totalCents).toBe(60_000)
    expect(first.body.fundingLines[0].clientId).toBe(first.body.fundingLines[1].clientId)
    expect((await admin.get(`/api/enrolments/${id}`)).body.version).toBe(2)
    expect(await auditOf(app, id)).toHaveLength(1)
  })

  it('tells two equal lines from one', async () => {
    const { id } = await anEnrolment()
    const line = { source: 'individual', amountCents: 4_000 }
    for (const fundingLines of [[line, line], [line], [line, line]]) {
      const { body } = await admin.put(linesOf(id), { fundingLines })
      expect(body.totalCents).toBe(4_000 * fundingLines.length)
    }
  })

  it('is audited with what came and what went', async () => {
    const { id } = await anEnrolment()
    const kept = { source: 'region', amountCents: 100 }
    await admin.put(linesOf(id), { fundingLines: [kept, { source: 'state', amountCents: 200 }] })
    await admin.put(linesOf(id), { fundingLines: [{ source: 'europe', amountCents: 300 }, kept] })
    expect((await auditOf(app, id)).at(-1)).toMatchObject({
      action: 'funding.write',
      changes: {
        removed: [{ source: 'state', amountCents: 200 }],
        added: [{ source: 'europe', amountCents: 300 }],
      },
    })
  })

  it('survives 20 writers at once as the lines of one of them', async () => {
    const { id } = await anEnrolment()
    const bodies = Array.from({ length: 20 }, (_, index) => ({
      fundingLines: [
        { source: 'employer', payerName: `Payeur ${index % 3}`, amountCents: index + 1 },
        { source: 'individual', payerName: `Payeur ${(index + 1) % 3}`, amountCents: index + 1 },
      ],
    }))
    const answers = await Promise.all(bodies.map((body) => admin.put(linesOf(id), body)))
    expect(new Set(answers.map((answer) => answer.status))).toEqual(new Set([200]))
    const { fundingLines } = (await admin.get(linesOf(id))).body
    expect(fundingLines).toHaveLength(2)
    expect(fundingLines[0].amountCents).toBe(fundingLines[1].amountCents)
    const { items } = (await admin.get('/api/clients?q=Payeur')).body
    expect(items.map((client: { name: string }) => client.name).sort()).toEqual([
      'Payeur 0',
      'Payeur 1',
      'Payeur 2',
    ])
  })

  it('is nobody’s business but the admin’s', async () => {
    const chapterId = await addChapter(app)
    const learner = await app.signIn()
    const ambassador = await app.signIn({ role: 'ambassador', chapterId })
    const session = await aSession(app, { chapterId, learners: [{ personId: learner.personId }] })
    const id = session.learners[0]?.enrolmentId ?? ''
    for (const caller of [learner, ambassador]) {
      for (const path of [linesOf(id), sessionLinesOf(session)]) {
        expect((await caller.get(path)).status).toBe(403)
        expect((await caller.put(path, { fundingLines: [] })).status).toBe(403)
      }
    }
  })
})

describe('the funding of a session', () => {
  it('holds a flat price for the group, apart from the enrolments’ lines', async () => {
    const { session, id } = await anEnrolment()
    await admin.put(linesOf(id), { fundingLines: [{ source: 'individual', amountCents: 5_000 }] })
    const flat = [{ source: 'trainingOrganisation', payerName: 'OF partenaire', amountCents: 250_000 }]
    const answer = await admin.put(sessionLinesOf(session), { fundingLines: flat })
    expect(answer.body).toMatchObject({ fundingLines: [{ amountCents: 250_000 }], totalCents: 250_000 })
    expect((await admin.get(linesOf(id))).body.totalCents).toBe(5_000)
    await admin.put(sessionLinesOf(session), { fundingLines: [] })
    expect((await admin.get(linesOf(id))).body.totalCents).toBe(5_000)
  })

  it('can be written when the session is closed, since invoices come late', async () => {
    const session = await aSession(app, { status: 'closed', learners: [{ status: 'completed' }] })
    const line = { source: 'individual', amountCents: 1, invoicedOn: '2026-05-01' }
    expect((await admin.put(sessionLinesOf(session), { fundingLines: [line] })).status).toBe(200)
    const id = session.learners[0]?.enrolmentId ?? ''
    expect((await admin.put(linesOf(id), { fundingLines: [line] })).status).toBe(200)
  })
})

describe('a payer by name', () => {
  const kinds: Record<string, string> = {
    employer: 'company',
    otherIncome: 'company',
    individual: 'individual',
    trainingOrganisation: 'trainingOrganisation',
    publicAgents: 'publicBody',
    europe: 'publicBody',
    state: 'publicBody',
    region: 'publicBody',
    franceTravail: 'publicBody',
    otherPublic: 'publicBody',
  }
  it('becomes a client of the kind that the source implies', async () => {
    const { id } = await anEnrolment()
    const { body } = await admin.put(linesOf(id), {
      fundingLines: fundingSources.map((source) => ({ source, payerName: `Pour ${source}`, amountCents: 1 })),
    })
    for (const line of body.fundingLines) {
      const client = await admin.get(`/api/clients/${line.clientId}`)
      expect(client.body).toMatchObject({
        name: `Pour ${line.source}`,
        kind: kinds[line.source] ?? 'fundBody',
      })
    }
  })

  it('is known by SIRET before name', async () => {
    const { id } = await anEnrolment()
    const put = (payerName: string) =>
      admin.put(linesOf(id), {
        fundingLines: [{ source: 'employer', payerName, payerSiret: '732 829 320 00074', amountCents: 1 }],
      })
    const first = await put('Bretagne Web')
    const second = await put('BRETAGNE WEB SARL')
    expect(second.body.fundingLines[0]).toMatchObject({
      clientId: first.body.fundingLines[0].clientId,
      clientName: 'Bretagne Web',
    })
  })
})

describe('a funding line that is not valid', () => {
  const line = { source: 'employer', amountCents: 100 }
  const unknown = '0192d3c4-0000-7000-8000-000000000000'
  it.for([
    [{ ...line, source: 'opco' }, '/fundingLines/0/source'],
    [{ ...line, amountCents: 0 }, '/fundingLines/0/amountCents'],
    [{ ...line, amountCents: 10.5 }, '/fundingLines/0/amountCents'],
    [{ ...line, amountCents: '100' }, '/fundingLines/0/amountCents'],
    [{ ...line, clientId: unknown, payerName: 'X' }, '/fundingLines/0/payerName'],
    [{ ...line, clientId: unknown }, '/fundingLines/0/clientId'],
    [{ ...line, payerSiret: '73282932000074' }, '/fundingLines/0/payerSiret'],
    [{ ...line, payerName: 'X', payerSiret: '123' }, '/fundingLines/0/payerSiret'],
    [{ ...line, paidOn: '2026-03-01' }, '/fundingLines/0/paidOn'],
    [{ ...line, invoicedOn: '2026-02-30' }, '/fundingLines/0/invoicedOn'],
    [{ ...line, vat: 20 }, '/fundingLines/0/vat'],
  ] as const)('%j is refused at %s, and what stood stays', async ([wrong, pointer]) => {
    const { id, session } = await anEnrolment()
    await admin.put(linesOf(id), { fundingLines: [line] })
    for (const path of [linesOf(id), sessionLinesOf(session)]) {
      const answer = await admin.put(path, { fundingLines: [wrong] })
      expect(answer.status).toBe(422)
      expect(answer.body.errors[0].pointer).toBe(pointer)
    }
    expect((await admin.get(linesOf(id))).body.totalCents).toBe(100)
  })

  it('more than 50 are refused', async () => {
    const { id } = await anEnrolment()
    const answer = await admin.put(linesOf(id), { fundingLines: Array(51).fill(line) })
    expect(answer).toMatchObject({ status: 422, body: { errors: [{ pointer: '/fundingLines' }] } })
  })
})
