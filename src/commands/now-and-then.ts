/** For who waits for something long: a line every five seconds on standard error, and none for what is quick. */
const betweenMs = 5_000

export function sayNowAndThen(
  say: (line: string) => void = (line) => process.stderr.write(`${line}\n`),
): (what: string) => void {
  let saidAt = Date.now()
  return (what) => {
    if (Date.now() - saidAt < betweenMs) return
    saidAt = Date.now()
    say(what)
  }
}
