export const enrolmentStatuses = [
  'requested',
  'confirmed',
  'waitlisted',
  'refused',
  'cancelled',
  'completed',
  'abandoned',
] as const
export type EnrolmentStatus = (typeof enrolmentStatuses)[number]

/** BPF frame F-1 (*type de stagiaires*), lines a to e in this order. */
export const traineeTypes = ['privateEmployee', 'apprentice', 'jobSeeker', 'selfFunded', 'other'] as const
export type TraineeType = (typeof traineeTypes)[number]

/** Who is invoiced: one per line of BPF frame C. */
export const fundingSources = [
  'employer',
  'fundApprenticeship',
  'fundProfessionalisation',
  'fundReconversion',
  'fundTransition',
  'fundCpf',
  'fundJobSeeker',
  'fundSelfEmployed',
  'fundDevelopmentPlan',
  'publicAgents',
  'europe',
  'state',
  'region',
  'franceTravail',
  'otherPublic',
  'individual',
  'trainingOrganisation',
  'otherIncome',
] as const
export type FundingSource = (typeof fundingSources)[number]
