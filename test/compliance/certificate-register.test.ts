import { parse } from 'csv-parse/sync'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { newId } from '../../src/platform/ids.ts'
import { type Caller, type TestApp, testApp, testAppForOneTest } from '../support/app.ts'
import { bpfExample } from '../support/bpf-example.ts'
import { anOrganisation } from '../support/facts.ts'
import { insertOrganisation } from '../support/random-organisation.ts'

type Issue = { number: number; issuedAt: string; title?: string; lastName?: string; revokedAt?: string }

const example = bpfExample()
const learner = example.straddling.learners[0]!

let app: TestApp
let admin: Caller
beforeAll(async () => {
  app = await testApp()
  admin = await app.signIn('admin')
  await insertOrganisation(app.deps.db, example.organisation)
  await issue(app, { number: 7, issuedAt: '2025-12-31T22:59:59.999999Z' })
  await issue(app, {
    number: 1,
    issuedAt: '2025-12-31T23:00:00Z',
    lastName: '=1+1',
    revokedAt: '2026-02-02T08:00:00Z',
  })
  await issue(app, { number: 2, issuedAt: '2026-03-01T10:00:00.123456Z', title: 'Animer ; faciliter' })
  await issue(app, { number: 12_345, issuedAt: '2026-03-01T10:00:00.123456Z' })
})
afterAll(() => app.close())

/** A certificate as it stands in the database once it has been issued. */
async function issue({ deps }: TestApp, { number, issuedAt, ...details }: Issue): Promise<void> {
  const at = Temporal.Instant.from(issuedAt)
  const revokedAt = details.revokedAt === undefined ? null : Temporal.Instant.from(details.revokedAt)
  await deps.db
    .insertInto('issuedDocument')
    .values({
      id: newId(),
      createdAt: at,
      updatedAt: at,
      kind: 'certificate',
      year: at.toZonedDateTimeISO('Europe/Paris').year,
      number,
      sessionId: example.straddling.id,
      enrolmentId: learner.id,
      personId: learner.personId,
      // One per month, since only one may be valid for a period.
      periodFrom: `20${String(10 + (number % 80))}-01-01`,
      periodTo: `20${String(10 + (number % 80))}-01-31`,
      model: JSON.stringify({
        learner: { firstName: 'Anne', lastName: details.lastName ?? 'Le Goff' },
        training: { title: details.title ?? 'Numérique responsable' },
        session: { reference: 'NR-2025-01', startsOn: '2024-12-31', endsOn: '2025-01-02' },
      }),
      templateSource: '',
      templateVersion: '1',
      attendedMinutes: 450,
      issuedAt: at,
      verificationCode: newId(),
      revokedAt,
      revokedReason: revokedAt && 'erreur de nom',
    })
    .execute()
}

describe('the register of certificates', () => {
  test('lists the certificates of a period by civil date in Paris, revoked ones too', async () => {
    const { status, body } = await admin.get('/api/reports/certificates?from=2026-01-01&to=2026-02-28')
    expect(status).toBe(200)
    expect(body).toEqual({
      items: [
        {
          id: expect.any(String),
          number: 'CR-2026-0001',
          holder: 'Anne =1+1',
          training: 'Numérique responsable',
          enrolmentId: learner.id,
          sessionId: example.straddling.id,
          sessionReference: 'NR-2025-01',
          sessionStartsOn: '2024-12-31',
          sessionEndsOn: '2025-01-02',
          attendedMinutes: 450,
          issuedAt: '2025-12-31T23:00:00Z',
          revokedAt: '2026-02-02T08:00:00Z',
        },
      ],
      nextCursor: null,
    })
    const before = await admin.get('/api/reports/certificates?from=2025-12-31&to=2025-12-31')
    expect(before.body.items.map((item: { number: string }) => item.number)).toEqual(['CR-2025-0007'])
  })

  test('follows the zone of the organisation', async () => {
    const own = await testAppForOneTest()
    const boss = await own.signIn('admin')
    await boss.put('/api/organisation', { ...anOrganisation, timeZone: 'Indian/Reunion' })
    await insertOrganisation(own.deps.db, example.organisation)
    await issue(own, { number: 1, issuedAt: '2025-12-31T20:00:00Z' })
    const first = await boss.get('/api/reports/certificates?from=2026-01-01&to=2026-01-01')
    expect(first.body.items).toHaveLength(1)
    const sheet = await boss.get('/api/reports/certificates.csv?from=2026-01-01&to=2026-01-01')
    expect(sheet.body).toContain(';01/01/2026 00:00;')
  })

  test('is read page by page, also where two were issued in the same microsecond', async () => {
    const numbers: string[] = []
    let cursor = ''
    do {
      const { body } = await admin.get(
        `/api/reports/certificates?from=2025-01-01&to=2026-12-31&limit=1${cursor && `&cursor=${cursor}`}`,
      )
      numbers.push(...body.items.map((item: { number: string }) => item.number))
      cursor = body.nextCursor
    } while (cursor)
    expect(numbers.slice(0, 2)).toEqual(['CR-2025-0007', 'CR-2026-0001'])
    expect(numbers.slice(2).sort()).toEqual(['CR-2026-0002', 'CR-2026-12345'])
  })

  test('is a sheet that a French Excel opens', async () => {
    const { status, body, headers } = await admin.get(
      '/api/reports/certificates.csv?from=2026-01-01&to=2026-12-31',
    )
    expect(status).toBe(200)
    expect(headers.get('content-disposition')).toContain('certificats-2026-01-01-2026-12-31.csv')
    const [heading = [], ...rows] = parse(body, { delimiter: ';' })
    expect(heading.slice(0, 3)).toEqual(['Numéro', 'Titulaire', 'Formation'])
    expect(rows).toHaveLength(3)
    expect(rows[0]).toEqual([
      'CR-2026-0001',
      'Anne =1+1',
      'Numérique responsable',
      'NR-2025-01',
      '31/12/2024',
      '02/01/2025',
      '450',
      '7,5',
      '01/01/2026 00:00',
      '02/02/2026 09:00',
    ])
    expect(rows.map((row: string[]) => row[2])).toContain('Animer ; faciliter')
  })

  test.for([
    'from=2026-02-01&to=2026-01-01',
    'from=2026-01-01&to=2026-01-31&cursor=x',
    `from=2026-01-01&to=2026-01-31&cursor=${Buffer.from(JSON.stringify(['hier', newId()])).toString('base64url')}`,
  ])('%s is refused', async (query) => {
    expect((await admin.get(`/api/reports/certificates?${query}`)).status).toBe(422)
  })

  test('is read by admins only', async () => {
    const trainer = await app.signIn('trainer')
    expect((await trainer.get('/api/reports/certificates?from=2026-01-01&to=2026-01-31')).status).toBe(403)
    expect(
      (await app.anonymous.get('/api/reports/certificates.csv?from=2026-01-01&to=2026-01-31')).status,
    ).toBe(401)
  })
})
