/** A CSV file, whole or as it comes, as an answer that browsers save under its name. */
export function csvAnswer(file: string | ReadableStream<Uint8Array>, name: string): Response {
  return new Response(file, {
    headers: {
      'Content-Type': 'text/csv; charset=utf-8',
      'Content-Disposition': `attachment; filename="${name}"`,
      'X-Content-Type-Options': 'nosniff',
      'Cache-Control': 'no-store',
    },
  })
}
