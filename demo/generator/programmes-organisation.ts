/** The trainings on projects, law and organisations. */
import { onSite, type Programme, remote } from './programme.ts'

export const organisationProgrammes: readonly Programme[] = [
  {
    ...onSite,
    code: 'AGILE',
    title: 'Piloter un projet agile',
    objectives: [
      'Cadrer un projet avec ses parties prenantes et formuler un objectif de produit mesurable',
      'Découper, estimer et ordonner le travail selon la valeur et le risque',
      'Animer les rituels d’une équipe répartie et rendre l’avancement visible de tous',
      'Conduire une rétrospective et transformer ses enseignements en décisions',
    ],
    prerequisites: 'Avoir participé à au moins un projet, quel qu’en soit le domaine.',
    audience:
      'Cheffes et chefs de projet, consultantes et consultants, indépendants qui coordonnent une équipe.',
    content: [
      'Jour 1, matin : valeurs, cadres et contresens ; quand l’agilité n’aide pas.',
      'Jour 1, après-midi : vision, parties prenantes, récits d’usage, ordonnancement.',
      'Jour 2, matin : estimation, capacité, flux ; simulation d’une itération.',
      'Jour 2, après-midi : indicateurs honnêtes, gestion des risques, contrat et budget d’un projet agile.',
      'Jour 3, matin (classe virtuelle) : animer à distance, revue et rétrospective.',
      'Jour 3, après-midi (classe virtuelle) : étude de cas certifiante et restitution.',
    ],
    methods:
      'Projet fil rouge mené en équipe pendant les trois journées, simulations, retours entre pairs. La troisième journée se tient en classe virtuelle.',
    assessment:
      'Bloc de compétences évalué par une étude de cas individuelle et une mise en situation d’animation devant un jury.',
    modality: 'mixte',
    hours: '21',
    price: 1650,
    nsf: '310',
    objective: 'RNCP',
    certification:
      'RNCP99001 | Responsable de projets de transformation responsable | Institut fictif des usages numériques | niveau 6',
  },
  {
    ...onSite,
    code: 'FACIL',
    title: 'Facilitation et intelligence collective',
    objectives: [
      'Concevoir le déroulé d’une réunion ou d’un atelier à partir de l’intention du commanditaire',
      'Choisir et animer des formats adaptés à la taille et à la maturité du groupe',
      'Tenir le cadre : temps, parole, désaccords, décision',
      'Restituer fidèlement et faire vivre les décisions après l’atelier',
    ],
    prerequisites: 'Aucun. Venir avec une réunion ou un atelier à préparer.',
    audience:
      'Indépendants, responsables associatifs, cadres de proximité, animatrices et animateurs de communautés.',
    content: [
      'Jour 1, matin : posture et cadre. Intention, rôle, sécurité du groupe.',
      'Jour 1, après-midi : formats d’inclusion, de divergence et d’émergence ; animation par les participants.',
      'Jour 2, matin : décider ensemble. Consentement, vote, avis sollicité ; traitement des objections.',
      'Jour 2, après-midi : situations difficiles, facilitation à distance, trace visuelle ; animation finale et retours.',
    ],
    methods:
      'Pédagogie active : chaque personne anime au moins une séquence filmée avec son accord et reçoit des retours écrits du groupe.',
    assessment:
      'Animation d’une séquence de vingt minutes, évaluée par les pairs et la formatrice ou le formateur sur une grille de douze critères.',
    hours: '14',
    price: 910,
    nsf: '413',
  },
  {
    ...onSite,
    code: 'ESS',
    title: 'Entreprendre dans l’économie sociale et solidaire',
    objectives: [
      'Distinguer les statuts et les principes de l’économie sociale et solidaire',
      'Vérifier l’utilité sociale d’un projet et la traduire en indicateurs',
      'Construire un modèle économique hybride et repérer les financements possibles',
    ],
    prerequisites: 'Avoir une idée, un projet ou une structure à faire évoluer.',
    audience: 'Porteuses et porteurs de projet, indépendants, salariés d’associations et de coopératives.',
    content: [
      'Matin : histoire, principes, statuts (association, coopérative, mutuelle, fondation, société commerciale agréée) ; gouvernance partagée.',
      'Après-midi : utilité sociale, modèle économique, financements ; diagnostic croisé des projets.',
    ],
    methods:
      'Études de cas de structures locales, jeu de rôle sur la gouvernance, canevas de modèle économique complété en séance.',
    assessment: 'Présentation du canevas complété, évaluée selon quatre critères ; quiz de sortie.',
    hours: '7',
    price: 420,
    nsf: '122',
  },
  {
    ...remote,
    code: 'DROIT-IND',
    title: 'Droit du travail indépendant',
    objectives: [
      'Choisir un statut adapté à son activité et en mesurer les conséquences sociales et fiscales',
      'Rédiger des conditions générales et un contrat de prestation équilibrés',
      'Repérer les indices de salariat déguisé et de dépendance économique',
      'Réagir à un impayé, étape par étape',
    ],
    prerequisites: 'Exercer ou préparer une activité indépendante.',
    audience: 'Indépendants en activité ou en création, collectifs, structures qui font appel à eux.',
    content: [
      'Matin (classe virtuelle) : statuts, protection sociale, contrat de prestation, propriété intellectuelle.',
      'Après-midi (classe virtuelle) : relation avec les donneurs d’ordre, travail en collectif, impayés, médiation.',
    ],
    methods:
      'Analyse de contrats réels rendus anonymes, rédaction accompagnée, réponses aux questions envoyées avant la session.',
    assessment:
      'Correction d’un contrat fautif et quiz de vingt questions ; seuil de réussite fixé à quatorze.',
    hours: '7',
    price: 390,
    nsf: '128',
  },
  {
    ...remote,
    code: 'RGPD',
    title: 'RGPD : mettre son activité en conformité',
    objectives: [
      'Qualifier un traitement de données personnelles et en choisir la base légale',
      'Tenir un registre des traitements adapté à une petite structure',
      'Informer les personnes, répondre à leurs demandes et gérer une violation de données',
      'Encadrer ses sous-traitants et ses outils en ligne',
    ],
    prerequisites: 'Aucun prérequis juridique.',
    audience:
      'Indépendants, petites entreprises et associations qui traitent des données de clients, de membres ou de prospects.',
    content: [
      'Matin (classe virtuelle) : notions, principes, bases légales, registre ; première version du registre de chacun.',
      'Après-midi (classe virtuelle) : droits des personnes, prospection, cookies, sous-traitance, sécurité, violation de données.',
    ],
    methods:
      'Chaque personne travaille sur ses propres traitements, à partir d’un modèle de registre ; études de cas tirées de décisions publiques.',
    assessment:
      'Relecture du registre produit et mise en situation : répondre à une demande d’accès dans le délai légal.',
    hours: '7',
    price: 450,
    nsf: '128',
  },
]
