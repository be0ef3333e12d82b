/** What was held when: fifty-four sessions in the three years before the reference date, never two in one week. */
import type { Chapter, Trade } from './people.ts'

/** The history ends before this day; at loading all dates move by whole weeks, so that it becomes today. */
export const referenceDate = '2026-01-01'

/** A Monday; weeks are counted from it, those of the first half-year below zero. Twenty-six make a half-year. */
export const firstMonday = '2023-07-03'

/**
 * Who comes and who pays. Each half-year has one session of each of the first seven kinds, so that every source of
 * funding occurs in any twelve months, wherever the exercise falls once the dates have moved.
 */
export type Kind =
  | 'withApprentices'
  | 'withEmployees'
  | 'forCompany'
  | 'certifying'
  | 'received'
  | 'forRegion'
  | 'withPublicAgents'
  | 'forMembers'
  | 'givenOut'
  | 'onlineClass'

export type PlannedSession = {
  week: number
  /** Of its first day: 1 is Monday. */
  weekday: number
  chapter: Chapter
  code: string
  kind: Kind
  trainers: readonly string[]
  learners: number
}

type Line = readonly [
  week: number,
  weekday: number,
  chapter: Chapter,
  code: string,
  kind: Kind,
  trainers: string,
  learners: number,
]

const lines: readonly Line[] = [
  [-25, 2, 'Bordeaux', 'VSS', 'withApprentices', 'aminata', 9],
  [-22, 4, 'Paris', 'ECO-WEB', 'withEmployees', 'mai', 10],
  [-20, 1, 'Bretagne', 'FACIL', 'forCompany', 'olivier', 8],
  [-17, 3, 'Lyon', 'AGILE', 'certifying', 'elodie', 9],
  [-14, 2, 'Marseille', 'RGPD', 'received', 'rachid', 8],
  [-11, 4, 'Paris', 'DROIT-IND', 'forRegion', 'sandrine', 10],
  [-8, 2, 'Bordeaux', 'ESS', 'withPublicAgents', 'fatoumata', 11],
  [-5, 3, 'Lyon', 'COM-RESP', 'forMembers', 'agnieszka', 9],
  [-2, 2, 'Marseille', 'NUM-RESP', 'forMembers', 'yann', 8],

  [2, 2, 'Paris', 'NUM-RESP', 'withApprentices', 'yann', 10],
  [4, 1, 'Lyon', 'ECO-WEB', 'withEmployees', 'mai', 9],
  [8, 3, 'Marseille', 'COM-RESP', 'forCompany', 'agnieszka', 9],
  [11, 1, 'Bretagne', 'AGILE', 'certifying', 'elodie', 8],
  [13, 2, 'Bordeaux', 'FACIL', 'received', 'olivier', 8],
  [15, 4, 'Marseille', 'ESS', 'forRegion', 'fatoumata', 11],
  [17, 5, 'Paris', 'VSS', 'withPublicAgents', 'aminata', 12],
  [20, 2, 'Bretagne', 'REDAC-WEB', 'forMembers', 'agnieszka', 7],
  [23, 3, 'Lyon', 'RGPD', 'forMembers', 'rachid', 10],

  [27, 3, 'Bordeaux', 'FACIL', 'withApprentices', 'olivier', 12],
  [30, 1, 'Paris', 'RGAA', 'withEmployees', 'nadia mai', 11],
  [32, 2, 'Bretagne', 'NUM-RESP', 'forCompany', 'goulven', 9],
  [35, 3, 'Lyon', 'IA-RESP', 'certifying', 'ines', 10],
  [37, 4, 'Paris', 'RSE-CSRD', 'received', 'baptiste', 9],
  [39, 2, 'Bretagne', 'DROIT-IND', 'forRegion', 'sandrine', 10],
  [42, 4, 'Marseille', 'VSS', 'withPublicAgents', 'aminata', 11],
  [45, 2, 'Bordeaux', 'ECO-WEB', 'givenOut', 'bruno', 8],
  [49, 5, 'Paris', 'MKT-ETH', 'forMembers', 'hugo', 9],

  [53, 1, 'Marseille', 'COM-RESP', 'withApprentices', 'agnieszka', 10],
  [56, 3, 'Bretagne', 'ECO-WEB', 'withEmployees', 'mai goulven', 10],
  [60, 2, 'Lyon', 'RSE-CSRD', 'forCompany', 'baptiste', 9],
  [63, 1, 'Paris', 'AGILE', 'certifying', 'elodie olivier', 11],
  [65, 2, 'Bretagne', 'NUM-RESP', 'received', 'yann', 10],
  [67, 4, 'Bordeaux', 'ESS', 'forRegion', 'fatoumata', 12],
  [69, 2, 'Lyon', 'VSS', 'withPublicAgents', 'aminata', 10],
  [72, 3, 'Paris', 'FACIL', 'forMembers', 'olivier elodie', 14],
  [75, 4, 'Marseille', 'RGPD', 'forMembers', 'rachid', 8],

  [79, 4, 'Lyon', 'NUM-RESP', 'withApprentices', 'yann', 11],
  [82, 1, 'Marseille', 'RGAA', 'withEmployees', 'nadia', 9],
  [84, 3, 'Paris', 'COM-RESP', 'forCompany', 'agnieszka', 8],
  [86, 2, 'Bordeaux', 'IA-RESP', 'certifying', 'ines goulven', 13],
  [89, 4, 'Lyon', 'COM-RESP', 'received', 'agnieszka', 8],
  [91, 2, 'Paris', 'ESS', 'forRegion', 'fatoumata', 11],
  [94, 3, 'Bordeaux', 'VSS', 'withPublicAgents', 'aminata', 12],
  [96, 1, 'Bretagne', 'RSE-CSRD', 'givenOut', 'bruno', 9],
  [100, 4, 'Paris', 'SOBRIETE', 'onlineClass', 'yann goulven', 30],

  [105, 2, 'Paris', 'ECO-WEB', 'withApprentices', 'mai', 12],
  [108, 2, 'Bretagne', 'FACIL', 'withEmployees', 'elodie', 9],
  [111, 4, 'Bordeaux', 'RGPD', 'forCompany', 'sandrine', 8],
  [114, 1, 'Marseille', 'AGILE', 'certifying', 'elodie', 10],
  [117, 2, 'Paris', 'IA-RESP', 'received', 'ines', 7],
  [119, 4, 'Lyon', 'DROIT-IND', 'forRegion', 'sandrine', 10],
  [121, 2, 'Bretagne', 'VSS', 'withPublicAgents', 'aminata', 11],
  [124, 2, 'Marseille', 'NUM-RESP', 'forMembers', 'goulven yann', 13],
  [126, 4, 'Lyon', 'MKT-ETH', 'forMembers', 'hugo', 6],
]

export const plan: readonly PlannedSession[] = lines.map(
  ([week, weekday, chapter, code, kind, trainers, learners]) => {
    return { week, weekday, chapter, code, kind, trainers: trainers.split(' '), learners }
  },
)

/** Trades whose members come to a training first. */
export const interests: Record<string, readonly Trade[]> = {
  'NUM-RESP': ['tech', 'rse', 'administration'],
  'ECO-WEB': ['tech'],
  RGAA: ['tech', 'communication'],
  'IA-RESP': ['tech', 'communication', 'marketing'],
  SOBRIETE: ['tech', 'rse', 'communication', 'marketing', 'rh', 'administration'],
  AGILE: ['tech', 'rh'],
  FACIL: ['rh', 'rse'],
  ESS: ['rse', 'administration'],
  'DROIT-IND': ['administration', 'communication'],
  RGPD: ['administration', 'marketing', 'tech'],
  'COM-RESP': ['communication'],
  'MKT-ETH': ['marketing'],
  'RSE-CSRD': ['rse', 'rh'],
  VSS: ['rh', 'administration'],
  'REDAC-WEB': ['communication', 'marketing'],
}
