/** The trainings on communication, marketing and the duties of organisations. */
import { onSite, type Programme, remote } from './programme.ts'

export const societyProgrammes: readonly Programme[] = [
  {
    ...onSite,
    code: 'COM-RESP',
    title: 'Communication responsable',
    objectives: [
      'Reconnaître l’écoblanchiment et formuler une allégation environnementale juste',
      'Concevoir une campagne sobre, inclusive et accessible',
      'Choisir ses supports et ses prestataires selon leurs impacts',
      'Évaluer une campagne autrement que par sa portée',
    ],
    prerequisites: 'Pratiquer la communication, à titre professionnel ou bénévole.',
    audience:
      'Chargées et chargés de communication, graphistes, rédactrices et rédacteurs, indépendants et agences.',
    content: [
      'Jour 1, matin : responsabilités du communicant, cadre légal des allégations, analyse de campagnes.',
      'Jour 1, après-midi : récits et représentations. Stéréotypes, écriture inclusive, langage clair.',
      'Jour 2, matin : supports. Impression, événement, vidéo, réseaux sociaux : impacts et choix.',
      'Jour 2, après-midi : construire et évaluer. Brief responsable, indicateurs ; présentation d’une mini-campagne.',
    ],
    methods:
      'Décryptage collectif, ateliers d’écriture, calcul d’impact d’un support imprimé et d’un support numérique.',
    assessment:
      'Mini-campagne présentée en groupe et évaluée sur une grille ; questionnaire individuel sur le cadre légal.',
    hours: '14',
    price: 910,
    nsf: '321',
  },
  {
    ...remote,
    code: 'MKT-ETH',
    title: 'Marketing éthique',
    objectives: [
      'Identifier les pratiques manipulatoires et leur cadre juridique',
      'Construire une proposition de valeur sincère et un prix explicable',
      'Mettre en place une prospection respectueuse et mesurable',
    ],
    prerequisites: 'Connaître les bases du marketing ou vendre ses propres services.',
    audience: 'Indépendants, responsables marketing et commerciaux.',
    content: [
      'Matin (classe virtuelle) : besoins, désirs, persuasion ; interfaces trompeuses ; cas d’école.',
      'Après-midi (classe virtuelle) : offre, prix, prospection, indicateurs ; plan d’action individuel.',
    ],
    methods: 'Analyse d’offres réelles, ateliers en sous-groupes, retours entre pairs sur l’offre de chacun.',
    assessment:
      'Réécriture d’une page de vente et justification des choix, évaluées selon une grille commune.',
    hours: '7',
    price: 450,
    nsf: '312',
  },
  {
    ...onSite,
    code: 'RSE-CSRD',
    title: 'Transition écologique des organisations : RSE et CSRD',
    objectives: [
      'Expliquer les limites planétaires et leurs conséquences pour une organisation',
      'Conduire une analyse de double matérialité à l’échelle d’une petite ou moyenne structure',
      'Choisir des indicateurs utiles et en fiabiliser la collecte',
      'Accompagner un comité de direction dans ses arbitrages',
    ],
    prerequisites: 'Une première expérience de la RSE, de la qualité, des ressources humaines ou du conseil.',
    audience:
      'Responsables RSE et RH, consultantes et consultants, directions de petites et moyennes structures.',
    content: [
      'Jour 1, matin : état des lieux. Climat, biodiversité, ressources, justice sociale ; cadre européen et calendrier.',
      'Jour 1, après-midi : double matérialité. Parties prenantes, impacts, risques, opportunités ; atelier sur un cas.',
      'Jour 2, matin : indicateurs. Bilan des émissions, données sociales, collecte et contrôle interne.',
      'Jour 2, après-midi : transformer. Feuille de route, renoncements, pilotage ; simulation d’un comité de direction.',
    ],
    methods:
      'Étude de cas continue d’une entreprise fictive de soixante personnes, fresque, jeu de rôle, tableur d’indicateurs.',
    assessment:
      'Matrice de double matérialité et feuille de route présentées en équipe ; questionnaire individuel.',
    hours: '14',
    price: 1120,
    nsf: '343',
  },
  {
    ...onSite,
    code: 'VSS',
    title: 'Prévenir les violences sexistes et sexuelles',
    objectives: [
      'Nommer les faits : agissement sexiste, outrage, harcèlement, agression, viol',
      'Accueillir la parole d’une personne qui se confie, et l’orienter',
      'Appliquer les obligations de l’employeur, du donneur d’ordre et de l’organisateur d’événements',
      'Rédiger une procédure de signalement pour sa structure ou son collectif',
    ],
    prerequisites: 'Aucun. Les échanges sont confidentiels et chacun peut quitter la salle à tout moment.',
    audience:
      'Toute personne, et en particulier les référentes et référents, responsables RH, animatrices et animateurs de collectifs.',
    content: [
      'Matin : mécanismes, chiffres, définitions juridiques ; reconnaître une situation ; écouter sans nuire.',
      'Après-midi : obligations, témoins actifs, procédure de signalement et enquête interne ; mises en situation.',
    ],
    methods:
      'Études de situations, mises en situation filmées sans participants, écoute active en trinômes. Groupe limité à douze personnes.',
    assessment:
      'Qualification de dix situations et ébauche d’une procédure de signalement, relue par la formatrice.',
    hours: '7',
    price: 420,
    nsf: '345',
  },
]
