/** What a completion certificate (certificat de réalisation) says, frozen as it stood at issue. */
import { z } from 'zod'

/** The natures of an action the ministry's form knows, in the order of its boxes (L6313-1). */
export const actionKinds = ['training', 'skillsAssessment', 'vae', 'apprenticeship'] as const

const line = z.string().min(1).max(500)
const minutes = z.int().min(0)

const organisation = z.strictObject({
  legalName: line,
  tradeName: line.nullable(),
  siret: line,
  declarationNumber: line,
  declarationRegion: line,
  legalForm: line.nullable(),
  address: z.strictObject({ street: line, postalCode: line, city: line, country: line }),
  email: line,
  phone: line.nullable(),
  representative: z.strictObject({ firstName: line, lastName: line, title: line }),
  qualiopi: z
    .strictObject({
      certificateNumber: line,
      categories: z.array(z.enum(actionKinds)).min(1),
      validUntil: z.iso.date(),
    })
    .nullable(),
})

/**
 * The frozen model of a certificate. Dates are civil dates of the organisation's zone, `issuedAt` an instant in
 * UTC. The duration printed is `attendedMinutes`, hours realised, never hours planned; its three parts add up
 * to it, so that the split on paper cannot contradict the figure above it.
 */
export const certificateModel = z
  .strictObject({
    number: line,
    issuedAt: z.iso.datetime(),
    issuedOn: z.iso.date(),
    issuedAtCity: line,
    organisation,
    learner: z.strictObject({
      firstName: line,
      lastName: line,
      birthName: line.nullable(),
      employerName: line.nullable(),
      isEmployee: z.boolean(),
    }),
    training: z.strictObject({ title: line, actionKind: z.enum(actionKinds) }),
    session: z.strictObject({
      reference: line,
      startsOn: z.iso.date(),
      endsOn: z.iso.date(),
      modality: z.enum(['onsite', 'remote', 'hybrid']),
    }),
    attendedMinutes: minutes,
    onsiteMinutes: minutes,
    synchronousMinutes: minutes,
    asynchronousMinutes: minutes,
    plannedMinutes: minutes,
    verification: z.strictObject({ code: line, url: z.url({ protocol: /^https?$/ }) }),
  })
  .refine(
    (model) =>
      model.onsiteMinutes + model.synchronousMinutes + model.asynchronousMinutes === model.attendedMinutes,
    { path: ['attendedMinutes'], error: 'on-site, synchronous and asynchronous minutes must add up to it' },
  )

export type CertificateModel = z.output<typeof certificateModel>
