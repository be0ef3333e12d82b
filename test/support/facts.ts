/** Inputs that many tests need and none is about. */

export const anOrganisation = {
  legalName: 'Les Communs du Numérique',
  siret: '732 829 320 00074',
  declarationNumber: '11 75 61234 75',
  declarationRegion: 'Île-de-France',
  address: { street: '12 rue des Ateliers', postalCode: '75011', city: 'Paris' },
  email: 'contact@example.org',
  representative: { firstName: 'Camille', lastName: 'Le Goff', title: 'présidente' },
  vatExempt: true,
}

/** Drawn by hand, as strokes. */
export const aSignature = [
  [120, 260, 180, 90, 240, 280, 330, 120, 410, 250],
  [90, 310, 520, 300],
]
