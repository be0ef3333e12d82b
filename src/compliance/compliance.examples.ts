/** Examples of the routes of this slice: the exercise 2026 of a small association. */
import type { z } from '@hono/zod-openapi'
import { exampleIds as certificationIds } from '../certification/certification.examples.ts'
import { exampleIds as enrolmentIds } from '../enrolment/enrolment.examples.ts'
import { exampleIds as organisationIds } from '../organisation/organisation.examples.ts'
import { exampleIds as peopleIds } from '../people/people.examples.ts'
import { exampleIds as planningIds } from '../planning/planning.examples.ts'
import type { auditAnswer } from './audit-log.schema.ts'
import { checkFrames } from './bpf.checks.ts'
import type { BpfFrames, BpfInputs, BpfReport, DrillDown, StoredBpfInputs } from './bpf.schema.ts'
import type { registerAnswer } from './certificate-register.schema.ts'

const period = { from: '2026-01-01', to: '2026-12-31' }

const none = { count: 0, hours: 0 }
const learners = { count: 14, hours: 91 }

const frames: BpfFrames = {
  C: {
    '1': 0,
    a: 0,
    b: 0,
    c: 0,
    d: 0,
    e: 0,
    f: 0,
    g: 11_760,
    h: 0,
    '2': 11_760,
    '3': 0,
    '4': 0,
    '5': 0,
    '6': 0,
    '7': 0,
    '8': 0,
    '9': 1_960,
    '10': 0,
    '11': 0,
    total: 13_720,
    shareOfTurnover: 34,
  },
  D: { total: 9_200, trainersPay: 3_100, purchases: 2_800 },
  E: { internal: { count: 1, hours: 7 }, external: { count: 2, hours: 14 } },
  F1: { a: none, b: none, c: none, d: { count: 2, hours: 13 }, e: { count: 12, hours: 78 }, total: learners },
  F2: { total: none },
  F3: {
    a: none,
    'a.n6-8': none,
    'a.n5': none,
    'a.n4': none,
    'a.n3': none,
    'a.n2': none,
    'a.cqp': none,
    b: none,
    c: none,
    d: learners,
    e: none,
    f: none,
    total: learners,
  },
  F4: {
    rows: [{ nsfCode: '326', label: 'Informatique, traitement de l’information', ...learners }],
    other: none,
    total: learners,
  },
  G: { total: none },
}

const report: BpfReport = {
  form: '10443*17',
  period,
  frames,
  checks: checkFrames(frames),
  unresolved: [
    {
      kind: 'noFundingDecision',
      enrolmentId: enrolmentIds.enrolment,
      sessionId: planningIds.session,
      detail:
        'Session ECO-WEB-2026-04, Maëlle Le Bihan\u00a0: des heures suivies, mais ni financement ni exclusion du BPF.',
    },
  ],
}

const drillDown: DrillDown = {
  printed: 3,
  exactMinutes: 180,
  count: 1,
  rows: [
    {
      enrolmentId: enrolmentIds.enrolment,
      sessionId: planningIds.session,
      slotId: planningIds.morning,
      heldOn: '2026-04-13',
      minutes: 180,
    },
  ],
}

const inputs: BpfInputs = {
  turnoverCents: 4_030_000,
  expenses: { totalCents: 920_000, trainersPayCents: 310_000, purchasesCents: 280_000 },
}

const storedInputs: StoredBpfInputs = { ...inputs, period, version: 1, updatedAt: '2027-02-01T09:00:00Z' }

const register: z.output<typeof registerAnswer> = {
  items: [
    {
      id: certificationIds.certificate,
      number: 'CR-2026-0042',
      holder: 'Maëlle Le Bihan',
      training: 'Éco-concevoir un site web',
      enrolmentId: enrolmentIds.enrolment,
      sessionId: planningIds.session,
      sessionReference: 'ECO-WEB-2026-04',
      sessionStartsOn: '2026-04-13',
      sessionEndsOn: '2026-04-13',
      attendedMinutes: 390,
      issuedAt: '2026-04-15T08:10:00Z',
      revokedAt: null,
    },
  ],
  nextCursor: null,
}

const exampleRequestId = '0197f3a7-3c20-7d11-8f4e-5a6b7c8d9e0f'

const audit: z.output<typeof auditAnswer> = {
  items: [
    {
      id: '0197f3a7-3c21-7e52-9a3b-2c4d6e8f0a1b',
      sequence: 4_211,
      occurredAt: '2026-04-15T08:10:00Z',
      actorKind: 'account',
      actorAccountId: peopleIds.memberAccount,
      actorName: 'Maëlle Le Bihan',
      actorProcess: null,
      action: 'person.change',
      subjectKind: 'person',
      subjectId: peopleIds.member,
      changes: { chapterId: [null, organisationIds.chapter] },
      requestId: exampleRequestId,
    },
  ],
  nextCursor: null,
}

export const complianceExamples = {
  audit: {
    query: { from: '2026-04-01', to: '2026-04-30', action: 'person.', personId: peopleIds.member },
    answer: audit,
  },
  auditCsv: {
    query: { from: '2026-04-01', to: '2026-04-30', action: 'person.change' },
    text: 'Date et heure;Auteur;Compte;Action;Objet;Identifiant;Modifications;Requête;Rang\r\n',
  },
  bpfReport: { query: period, answer: report },
  bpfCsv: {
    query: period,
    text: 'Cadre;Ligne;Libellé;Montant HT (€);Nombre;Heures\r\nFormulaire;;Cerfa n° 10443*17;;;\r\n',
  },
  bpfDrillDown: { params: { frame: 'F1', line: 'e' }, query: period, answer: drillDown },
  setBpfInputs: { query: period, body: inputs, answer: storedInputs },
  certificateRegister: { query: { ...period, limit: 50 }, answer: register },
  certificateRegisterCsv: {
    query: period,
    text: 'Numéro;Titulaire;Formation;Session;Début;Fin;Minutes suivies;Heures suivies;Délivré le;Révoqué le\r\nCR-2026-0042;Maëlle Le Bihan;Éco-concevoir un site web;ECO-WEB-2026-04;13/04/2026;13/04/2026;390;6,5;15/04/2026 10:10;\r\n',
  },
}
