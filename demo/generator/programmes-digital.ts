/** The trainings on digital services. */
import { onSite, type Programme, remote } from './programme.ts'

export const digitalProgrammes: readonly Programme[] = [
  {
    ...onSite,
    code: 'NUM-RESP',
    title: 'Numérique responsable : les fondamentaux',
    objectives: [
      'Expliquer les impacts environnementaux et sociaux d’un service numérique tout au long de son cycle de vie',
      'Estimer l’empreinte d’un équipement, d’un usage et d’un site avec des ordres de grandeur fiables',
      'Repérer les obligations qui s’appliquent à son activité et à celle de ses clients',
      'Bâtir un plan d’action de six mois, chiffré et hiérarchisé, pour soi ou pour un client',
    ],
    prerequisites: 'Aucun prérequis technique. Une première expérience d’un projet numérique est un plus.',
    audience:
      'Indépendants et salariés du numérique, de la communication, du marketing et de l’administration qui conçoivent, commandent ou utilisent des services numériques.',
    content: [
      'Jour 1, matin : de quoi parle-t-on ? Cycle de vie des équipements, des réseaux et des centres de données ; ordres de grandeur ; effets rebond.',
      'Jour 1, après-midi : mesurer. Atelier sur un parcours réel : analyse du cycle de vie simplifiée, limites des outils de mesure, lecture critique d’un rapport.',
      'Jour 2, matin : les personnes. Accessibilité, attention, données personnelles, conditions de travail dans la chaîne de fabrication ; cadre légal et normes.',
      'Jour 2, après-midi : agir. Allongement de la durée de vie, achats, sobriété fonctionnelle ; construction et présentation croisée des plans d’action.',
    ],
    methods:
      'Alternance d’apports courts et d’ateliers en petits groupes sur les projets des participants. Jeu de cartes sur le cycle de vie, tableur de mesure remis à chacun, retour d’expérience d’une organisation de la communauté.',
    assessment:
      'Questionnaire d’auto-positionnement à l’entrée et à la sortie. Le plan d’action présenté en fin de session est évalué par la formatrice ou le formateur à l’aide d’une grille remise au départ.',
    hours: '14',
    price: 980,
    nsf: '326',
  },
  {
    ...onSite,
    code: 'ECO-WEB',
    title: 'Éco-conception de services numériques',
    objectives: [
      'Définir l’unité fonctionnelle d’un service et en écarter les fonctions inutiles',
      'Appliquer un référentiel d’éco-conception à la maquette, au code et à l’hébergement',
      'Mesurer le poids et le nombre de requêtes d’une page, puis les réduire sans perdre en usage',
      'Rédiger une déclaration d’éco-conception sincère et vérifiable',
    ],
    prerequisites:
      'Savoir lire une page HTML et utiliser les outils de développement d’un navigateur. Venir avec son ordinateur portable.',
    audience: 'Développeuses et développeurs, designers, cheffes et chefs de projet web.',
    content: [
      'Jour 1, matin : pourquoi éco-concevoir ? Impacts, idées reçues, référentiel, place de l’utilité dans la démarche.',
      'Jour 1, après-midi : concevoir. Parcours, contenus, images, polices et vidéos ; atelier de simplification d’une maquette.',
      'Jour 2, matin : développer. Budget de performance, chargement, cache, dépendances, compatibilité avec les terminaux anciens.',
      'Jour 2, après-midi : héberger et piloter. Choix d’un hébergeur, mesure continue, déclaration ; audit d’un site apporté par les participants.',
    ],
    methods:
      'Travaux pratiques sur un site d’exercice puis sur un site réel, en binômes mêlant design et développement. Relecture collective des arbitrages.',
    assessment:
      'Audit d’une page avant et après amélioration : la réduction obtenue et les arbitrages sont commentés et évalués selon une grille commune.',
    hours: '14',
    price: 1050,
    nsf: '326',
  },
  {
    ...onSite,
    code: 'RGAA',
    title: 'Accessibilité numérique : concevoir et auditer avec le RGAA',
    objectives: [
      'Décrire les principales situations de handicap et les outils d’assistance qui leur répondent',
      'Intégrer l’accessibilité à la conception, à la rédaction et au développement',
      'Vérifier les critères du RGAA sur un échantillon de pages et en calculer le taux de conformité',
      'Rédiger un rapport d’audit, une déclaration d’accessibilité et un plan de correction',
    ],
    prerequisites:
      'Connaître les bases du HTML et du CSS, ou travailler au quotidien avec une équipe qui les pratique.',
    audience:
      'Développeuses et développeurs, designers, rédactrices et rédacteurs web, responsables de la qualité.',
    content: [
      'Jour 1, matin : situations de handicap, cadre légal, normes ; découverte d’un lecteur d’écran et de la navigation au clavier.',
      'Jour 1, après-midi : concevoir. Contrastes, structure, formulaires, composants ; relecture d’une maquette.',
      'Jour 2, matin : développer. Sémantique, alternatives textuelles, focus, tableaux, médias.',
      'Jour 2, après-midi : éditer. Contenus, documents bureautiques, vidéos sous-titrées, langage clair.',
      'Jour 3, matin : auditer. Échantillon, environnement de test, critères et tests, constat.',
      'Jour 3, après-midi : restituer. Rapport, déclaration, schéma pluriannuel ; audit complet d’une page en binôme.',
    ],
    methods:
      'Démonstrations avec des outils d’assistance, exercices corrigés, audit guidé d’un service public d’exercice. Intervention d’une utilisatrice de lecteur d’écran le premier jour.',
    assessment:
      'Audit individuel d’une page le troisième jour, comparé à un corrigé. Une attestation des acquis détaille les objectifs atteints.',
    hours: '21',
    price: 1470,
    nsf: '326',
  },
  {
    ...onSite,
    code: 'IA-RESP',
    title: 'IA générative responsable',
    objectives: [
      'Expliquer le fonctionnement, les limites et les coûts environnementaux des modèles génératifs',
      'Choisir les usages utiles à son métier et renoncer à ceux qui ne le sont pas',
      'Rédiger des consignes reproductibles et vérifier la qualité des réponses',
      'Encadrer les usages d’une équipe : confidentialité, droit d’auteur, biais, charte',
    ],
    prerequisites:
      'Utiliser un ordinateur avec aisance. Aucune connaissance en programmation n’est demandée.',
    audience:
      'Indépendants et salariés de tous métiers qui utilisent ou vont utiliser l’IA générative dans leur travail.',
    content: [
      'Jour 1, matin : comprendre. Ce que fait un modèle de langage, ce qu’il ne fait pas ; erreurs, biais, dépendances.',
      'Jour 1, après-midi : pratiquer. Consignes, contexte, vérification ; ateliers par métier (rédaction, code, analyse, gestion).',
      'Jour 2, matin : mesurer et choisir. Énergie, eau, matériel, travail de l’ombre ; modèles sobres et alternatives sans IA.',
      'Jour 2, après-midi : encadrer. Données personnelles, secret des affaires, propriété intellectuelle, règlement européen ; rédaction d’une charte. Épreuve de certification.',
    ],
    methods:
      'Essais comparés avec et sans IA sur des tâches apportées par les participants, journal de bord des erreurs relevées, débats mouvants.',
    assessment:
      'Évaluation certifiante : remise d’un dossier d’usage argumenté et entretien de vingt minutes avec un jury de deux personnes extérieures à la formation.',
    hours: '14',
    price: 1190,
    nsf: '326',
    objective: 'RS',
    certification:
      'RS99002 | Intégrer l’IA générative de façon responsable dans son activité | Institut fictif des usages numériques',
  },
  {
    ...remote,
    code: 'SOBRIETE',
    title: 'Sobriété numérique : l’essentiel en 90 minutes',
    objectives: [
      'Situer les trois postes qui pèsent le plus dans l’empreinte du numérique',
      'Choisir trois gestes professionnels efficaces et les mettre en place dès le lendemain',
    ],
    prerequisites: 'Disposer d’une connexion stable, d’un micro et d’un casque.',
    audience: 'Toute personne qui travaille avec des outils numériques.',
    content: [
      '0 h 00 : quiz d’entrée et ordres de grandeur.',
      '0 h 20 : équipements, réseaux, centres de données : où sont les impacts ?',
      '0 h 50 : atelier en sous-groupes : son équipement, ses courriels, ses visioconférences.',
      '1 h 15 : engagement personnel et quiz de sortie.',
    ],
    methods: 'Classe virtuelle animée, sondages en direct, ateliers en sous-groupes de cinq.',
    assessment: 'Quiz d’entrée et de sortie ; engagement écrit relu par l’équipe pédagogique.',
    hours: '1,5',
    price: 60,
    nsf: '326',
  },
]
