import { z } from '@hono/zod-openapi'

export const modalities = ['onsite', 'remote', 'hybrid'] as const
export type Modality = (typeof modalities)[number]

/** BPF frame F-3: the general aim of the action (*objectif général des prestations*). */
export const objectives = ['rncp', 'rs', 'cqp', 'other', 'skillsAssessment', 'vae'] as const
export type Objective = (typeof objectives)[number]

/** Article L6313-1 of the Code du travail. */
export const actionKinds = ['training', 'skillsAssessment', 'vae', 'apprenticeship'] as const
export type ActionKind = (typeof actionKinds)[number]

export const registers = ['RNCP', 'RS'] as const
export type Register = (typeof registers)[number]

export const certificationLevels = ['2', '3', '4', '5', '6', '7', '8', 'cqp'] as const
export type CertificationLevel = (typeof certificationLevels)[number]

export const modality = z.enum(modalities)
