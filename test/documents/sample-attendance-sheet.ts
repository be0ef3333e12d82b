/** Attendance sheets of any size, with signatures as hands draw them: for tests to vary, and to be measured. */
import type {
  AttendanceSheetModel,
  SheetCell,
  SheetHalfDay,
  SheetLearner,
  SheetStrokes,
} from '../../src/documents/attendance-sheet.model.ts'
import { sample as certificate } from './sample-certificate.ts'

const people = [
  ['Amina', 'Benali'],
  ['Jean-Baptiste', 'Le Goff'],
  ['Nguyễn Thị', 'Ánh Nguyệt'],
  ['Ελένη', 'Παπαδοπούλου'],
  ['Олександра', 'Щербаківська'],
  ['Zoé', 'Marchand'],
  ['Işıl', 'Çağlayan'],
  ['Świętosława', 'Żółkiewska'],
] as const

const topics = [
  'Mesurer l’empreinte d’une page',
  'Alléger les images, les polices et les scripts sans perdre en qualité',
  'Atelier : reprendre son propre site',
  null,
]

/** A signature of three strokes and 180 points, another one for every number. */
export function aSignature(seed: number): SheetStrokes {
  return [0, 1, 2].map((stroke) =>
    Array.from({ length: 60 }, (_, index) => {
      const along = (stroke * 60 + index) / 180
      const x = 60 + 860 * along + 60 * Math.sin(index * (0.25 + 0.009 * ((seed * 7) % 13)) + seed)
      const y = 200 + (140 - 80 * along) * Math.sin(index * (0.3 + 0.013 * (seed % 11)) + seed * stroke)
      return [Math.round(x), Math.round(y)]
    }).flat(),
  )
}

function aHalfDay(index: number): SheetHalfDay {
  const date = Temporal.PlainDate.from('2026-03-02')
    .add({ days: Math.floor(index / 2) })
    .toString()
  const isMorning = index % 2 === 0
  return {
    id: `01980000-0000-7000-8000-${String(index).padStart(12, '0')}`,
    number: index + 1,
    date,
    halfDay: isMorning ? 'morning' : 'afternoon',
    startTime: isMorning ? '09:00' : '14:00',
    endTime: isMorning ? '12:30' : '17:30',
    minutes: 210,
    isRemote: index % 4 === 3,
    place: index % 4 === 3 ? 'visio.example/salle-7' : 'Préau, 12 rue des Petites-Écuries, 75010 Paris',
    topic: topics[index % topics.length] ?? null,
    hasEnded: true,
    cancelled: null,
    trainers: [
      {
        name: 'Claire Morel',
        signature: { at: { date, time: isMorning ? '12:34' : '17:33' }, strokes: aSignature(1000 + index) },
      },
    ],
    seal: {
      at: { date, time: isMorning ? '12:35' : '17:34' },
      by: 'Claire Morel',
      sequence: 14 + 15 * index,
      hash: '3f2a91bc04de77a1'.repeat(4),
    },
  }
}

export function signedCell({ date, startTime }: SheetHalfDay, seed: number): SheetCell {
  return {
    isExpected: true,
    mark: {
      status: 'present',
      minutes: 210,
      reason: null,
      justified: null,
      arrivedAt: null,
      leftAt: null,
      addendum: null,
    },
    signature: {
      way: (['ownDevice', 'code', 'trainerDevice'] as const)[seed % 3] ?? 'code',
      at: { date, time: startTime.replace(/\d$/, String(seed % 10)) },
      strokes: aSignature(seed),
      scan: null,
    },
    waiver: null,
  }
}

function aLearner(index: number, halfDays: readonly SheetHalfDay[]): SheetLearner {
  const [firstName, lastName] = people[index % people.length] ?? people[0]
  const minutes = 210 * halfDays.length
  return {
    firstName,
    lastName: index < people.length ? lastName : `${lastName}-${index}`,
    company: index % 3 === 2 ? null : { name: 'Coopérative Les Ateliers du Canal', siret: '80914267400012' },
    startedOn: null,
    interruptedOn: null,
    hasLeft: false,
    attendedMinutes: minutes,
    asynchronousMinutes: 0,
    plannedMinutes: minutes,
    cells: halfDays.map((slot, place) => signedCell(slot, index * halfDays.length + place)),
  }
}

/** A sheet on which everybody was there and signed, trainers included. */
export function aSheet(size: { learners: number; halfDays: number }): AttendanceSheetModel {
  const halfDays = Array.from({ length: size.halfDays }, (_, index) => aHalfDay(index))
  const { legalName, tradeName, siret, declarationNumber, declarationRegion, address, representative } =
    certificate.organisation
  return {
    printedAt: '2026-03-20T09:30:00Z',
    printed: { date: '2026-03-20', time: '10:30' },
    isBlank: false,
    organisation: {
      legalName,
      tradeName,
      siret,
      declarationNumber,
      declarationRegion,
      address,
      representative,
    },
    training: { title: certificate.training.title },
    session: {
      reference: 'NUM-2026-03',
      startsOn: halfDays[0]?.date ?? '',
      endsOn: halfDays.at(-1)?.date ?? '',
      timeZone: null,
      client: { name: 'Coopérative Les Ateliers du Canal', siret: '80914267400012' },
      funders: ['Opco Atlas', 'AGEFICE'],
    },
    halfDays,
    learners: Array.from({ length: size.learners }, (_, index) => aLearner(index, halfDays)),
    addenda: [],
    scans: [],
    ledger: { sequence: 168, hash: '9b7c01d4e2f3aa5566778899aabbccdd00112233445566778899aabbccddeeff' },
    scanUrl: 'https://formation.preau.example/sessions/01980000-0000-7000-8000-0000000000ff/scan',
    ledgerUrl: 'https://formation.preau.example/api/sessions/01980000-0000-7000-8000-0000000000ff/ledger',
  }
}
