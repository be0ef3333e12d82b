/** How far a long import is, for whoever waits. */

const linesBetweenReports = 10_000

type Output = { isTTY?: boolean; write(text: string): unknown }

/** A terminal gets one line that moves; a log gets a line now and then, and none for a small file. */
export function progressOn(output: Output): (done: number, of: number) => void {
  let reported = 0
  return (done, of) => {
    if (output.isTTY) output.write(done < of ? `\r${done} / ${of}` : '\r\u001b[K')
    else if (done - reported >= linesBetweenReports && done < of) {
      reported = done
      output.write(`${done} / ${of}\n`)
    }
  }
}
