/** Attendance sheets in process: one that most sessions have, and one that is as large as they come. */
import type { AttendanceSheetModel } from '../src/documents/attendance-sheet.model.ts'
import { drawAttendanceSheet } from '../src/documents/attendance-sheet.ts'
import { aSheet, aSignature } from '../test/documents/sample-attendance-sheet.ts'
import { drawBareSheet } from './bare/sheet.ts'
import { compare, type Figure, timed } from './measure.ts'

const rounds = { warmUp: 15, counted: 25 }
const sheetsOfARound = 4

export async function sheetFigures(): Promise<Figure[]> {
  const usual = withTwoTrainers(aSheet({ learners: 12, halfDays: 6 }))
  const large = aSheet({ learners: 40, halfDays: 20 })
  const times = (40 * 20) / (12 * 6)
  const timeOf = async (model: AttendanceSheetModel, draw = drawAttendanceSheet, count = sheetsOfARound) =>
    (await timed(async () => {
      for (let drawn = 0; drawn < count; drawn++) await draw(model)
    })) / count
  return [
    {
      what: 'A sheet of 12 learners and 6 half-days, 84 signatures (bare: pdfkit, untagged)',
      unit: 'ms',
      aim: { most: 15 },
      ...(await compare(rounds, { ours: () => timeOf(usual), bare: () => timeOf(usual, drawBareSheet) })),
    },
    {
      what: 'Its size',
      unit: 'kB',
      ours: (await drawAttendanceSheet(usual)).length / 1000,
      bare: (await drawBareSheet(usual)).length / 1000,
      aim: { most: 80 },
    },
    {
      what: 'A sheet of 40 learners and 20 half-days (bare: 11 times the one of 12 and 6)',
      unit: 'ms',
      aim: { ratio: 1 },
      ...(await compare(
        { warmUp: 2, counted: 7 },
        {
          ours: () => timeOf(large, drawAttendanceSheet, 1),
          bare: async () => times * (await timeOf(usual)),
        },
      )),
    },
  ]
}

function withTwoTrainers(sheet: AttendanceSheetModel): AttendanceSheetModel {
  const signature = { at: { date: '2026-03-02', time: '17:30' }, strokes: aSignature(7) }
  const second = { name: 'Yann Kerdoncuff', signature }
  return {
    ...sheet,
    halfDays: sheet.halfDays.map((slot) => ({ ...slot, trainers: [...slot.trainers, second] })),
  }
}
