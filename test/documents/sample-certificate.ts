/** A certificate as the service freezes it, for tests to vary. */
import type { CertificateModel } from '../../src/documents/certificate.model.ts'

export const sample: CertificateModel = {
  number: 'CR-2026-0001',
  issuedAt: '2026-03-20T09:30:00Z',
  issuedOn: '2026-03-20',
  issuedAtCity: 'Paris',
  organisation: {
    legalName: 'Association Préau Formation',
    tradeName: 'Préau',
    siret: '73282932000074',
    declarationNumber: '11756123475',
    declarationRegion: 'Île-de-France',
    legalForm: 'association loi 1901',
    address: { street: '12 rue des Petites-Écuries', postalCode: '75010', city: 'Paris', country: 'France' },
    email: 'bonjour@preau.example',
    phone: '01 23 45 67 89',
    representative: { firstName: 'Camille', lastName: 'Durand', title: 'présidente' },
    qualiopi: { certificateNumber: 'FR-2024-0457', categories: ['training'], validUntil: '2027-06-30' },
  },
  learner: {
    firstName: 'Amina',
    lastName: 'Benali',
    birthName: null,
    employerName: 'Coopérative Les Ateliers du Canal',
    isEmployee: true,
  },
  training: { title: 'Concevoir un service numérique responsable', actionKind: 'training' },
  session: { reference: 'NUM-2026-03', startsOn: '2026-03-02', endsOn: '2026-03-04', modality: 'onsite' },
  attendedMinutes: 1110,
  onsiteMinutes: 1110,
  synchronousMinutes: 0,
  asynchronousMinutes: 0,
  plannedMinutes: 1260,
  verification: {
    code: '7K3MPQ4XW9ZC2HTD',
    url: 'https://formation.preau.example/verify/7K3MPQ4XW9ZC2HTD',
  },
}

/** The longest that people really have, all at once. */
export const longSample: CertificateModel = {
  ...sample,
  organisation: {
    ...sample.organisation,
    legalName:
      'Fédération interprofessionnelle des coopératives d’activité et d’emploi de la communication responsable',
    tradeName: 'La Fédé des coopératives de la communication responsable',
    qualiopi: {
      certificateNumber: 'FR-2024-0457',
      categories: ['training', 'skillsAssessment', 'vae', 'apprenticeship'],
      validUntil: '2027-06-30',
    },
  },
  learner: {
    ...sample.learner,
    firstName: 'Marie-Antoinette Éléonore Philippine Hélène Clotilde Bathilde',
    lastName: 'de La Rochefoucauld-Montmorency-Laval d’Albret de Clermont',
    birthName: 'Wolfeschlegelsteinhausenbergerdorff',
  },
  training: {
    title: 'Communication responsable, animation de communautés et gouvernance partagée : '
      .repeat(4)
      .slice(0, 255),
    actionKind: 'training',
  },
  onsiteMinutes: 720,
  synchronousMinutes: 270,
  asynchronousMinutes: 120,
}
