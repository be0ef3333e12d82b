/** The organisation of the demonstration. Nothing here exists. */
import type { ChapterInput, OrganisationInput } from '../../organisation/organisation.schema.ts'

export const organisation: OrganisationInput = {
  legalName: 'Les Communs du Numérique',
  tradeName: null,
  siret: '73282932000074',
  declarationNumber: '11756123475',
  declarationRegion: 'Île-de-France',
  nafCode: '8559A',
  legalForm: 'Association loi 1901',
  timeZone: 'Europe/Paris',
  address: { street: '12 rue des Ateliers', postalCode: '75011', city: 'Paris', country: 'France' },
  email: 'formation@example.org',
  phone: '01 23 45 67 89',
  representative: { firstName: 'Camille', lastName: 'Le Goff', title: 'présidente' },
  qualiopi: { certificateNumber: 'DEMO-0000', categories: ['training'], validUntil: '2027-12-31' },
  vatExempt: true,
}

export const chapters: ChapterInput[] = [
  { name: 'Paris', city: 'Paris', regionCode: '11' },
  { name: 'Lyon', city: 'Lyon', regionCode: '84' },
  { name: 'Marseille', city: 'Marseille', regionCode: '93' },
  { name: 'Bordeaux', city: 'Bordeaux', regionCode: '75' },
  { name: 'Bretagne', city: 'Rennes', regionCode: '53' },
]
