/** Who employs, pays and subcontracts in the demonstration. None of them exists; their SIREN begin with 000. */

export type Client = { name: string; siret: string }

export const companies = {
  brindille: client('Atelier Brindille & Cie', 91_201),
  kerlann: client('Maison Kerlann-Izel', 91_317),
  poulpe: client('Studio Poulpe Vermeil', 91_423),
  tournesol: client('Coopérative Tournesol de Nuit', 91_534),
  papeterie: client('Papeterie du Vieux Bief', 91_648),
  lierre: client('Cabinet Lierre & Solstice', 91_759),
} as const

export const publicEmployers = {
  phare: client('Commune de Saint-Aubin-du-Phare', 92_106),
  vallons: client('Syndicat mixte des Trois Vallons', 92_218),
} as const

export const volunteers: Client = client('Association Les Semeurs de Liens', 93_105)

/** The other training organisations: one is given a session now and then, the other gives some. */
export const givenOutTo: Client = client('Atelier des Rives Formation', 94_111)
export const receivedFrom: Client = client('Institut des Passerelles', 94_227)

export const payers = {
  opcoHorizons: client('OPCO Horizons', 95_103),
  opcoMosaique: client('OPCO Mosaïque', 95_214),
  fafSavoirs: client('FAF des Indépendants du Savoir', 95_325),
  fafArtisans: client('FAF des Artisans du Geste', 95_436),
  personalAccount: client('Gestionnaire du compte personnel de formation', 95_547),
  transitions: client('Transitions des Quatre Vents', 95_658),
  employmentService: client('Service public de l’emploi – agence du Canal', 95_769),
  regionalCouncil: client('Région des Deux Caps', 96_101),
  europeanFund: client('Autorité de gestion des fonds européens des Deux Caps', 96_212),
  state: client('Préfecture des Deux Caps', 96_323),
  publicAgency: client('Agence publique du Bocage', 96_434),
} as const

function client(name: string, number: number): Client {
  const siren = withCheckDigit(`000${number}`)
  return { name, siret: withCheckDigit(`${siren}0001`) }
}

/** Appends the digit that makes the whole pass Luhn's formula, as in every SIREN and SIRET. */
function withCheckDigit(digits: string): string {
  const sum = [...digits]
    .reverse()
    .map(Number)
    .map((digit, index) => (index % 2 === 0 ? digit * 2 : digit))
    .reduce((total, value) => total + (value > 9 ? value - 9 : value), 0)
  return `${digits}${(10 - (sum % 10)) % 10}`
}
