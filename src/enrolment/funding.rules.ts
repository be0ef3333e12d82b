import type { ClientKind } from '../organisation/organisation.schema.ts'
import type { FundingSource } from './enrolment.schema.ts'

/** What kind of client a payer is who is known by name only: it follows from who is invoiced (BPF frame C). */
export const payerKind = {
  employer: 'company',
  fundApprenticeship: 'fundBody',
  fundProfessionalisation: 'fundBody',
  fundReconversion: 'fundBody',
  fundTransition: 'fundBody',
  fundCpf: 'fundBody',
  fundJobSeeker: 'fundBody',
  fundSelfEmployed: 'fundBody',
  fundDevelopmentPlan: 'fundBody',
  publicAgents: 'publicBody',
  europe: 'publicBody',
  state: 'publicBody',
  region: 'publicBody',
  franceTravail: 'publicBody',
  otherPublic: 'publicBody',
  individual: 'individual',
  trainingOrganisation: 'trainingOrganisation',
  otherIncome: 'company',
} as const satisfies Record<FundingSource, ClientKind>
