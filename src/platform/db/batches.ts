/** Splits many rows into statements: PostgreSQL takes 65,535 parameters in one. */

const mostParameters = 60_000

/** `columns` is the number of values of a row. One batch for all but very large numbers of rows. */
export function* inBatches<Row>(rows: readonly Row[], columns: number): Generator<Row[]> {
  const size = Math.floor(mostParameters / columns)
  for (let start = 0; start < rows.length; start += size) yield rows.slice(start, start + size)
}
