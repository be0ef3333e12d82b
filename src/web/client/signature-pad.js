/**
 * A frame to sign in with a finger, a pen or a mouse. Strokes are lists of x and y in turn, integers on a field of
 * 1000 × 400, so that a signature is the same on every screen.
 */
const width = 1000
const height = 400
/** As many points as a signature may have; longer ones are thinned out. */
const mostPoints = 1_800
const mostStrokes = 60
/** Points nearer to the last one say nothing. */
const nearest = 4

/**
 * Makes an `svg` with viewBox `0 0 1000 400` one to sign in. `onChange` is told after each stroke.
 * @param {SVGSVGElement} svg
 * @param {() => void} onChange
 */
export function signaturePad(svg, onChange = () => {}) {
  /** @type {number[][]} */
  let strokes = []
  /** @type {SVGPolylineElement | undefined} */
  let line

  svg.addEventListener('pointerdown', (event) => {
    if (!event.isPrimary || event.button !== 0 || strokes.length >= mostStrokes) return
    event.preventDefault()
    svg.setPointerCapture(event.pointerId)
    line = svg.appendChild(document.createElementNS('http://www.w3.org/2000/svg', 'polyline'))
    strokes.push(pointOf(event))
    draw()
  })
  svg.addEventListener('pointermove', (event) => {
    if (!line || !event.isPrimary) return
    event.preventDefault()
    const stroke = strokes.at(-1) ?? []
    // Browsers join the moves of one frame; without them a quick hand draws corners.
    const moves = event.getCoalescedEvents?.() ?? []
    for (const move of moves.length > 0 ? moves : [event]) addPoint(stroke, pointOf(move))
    draw()
  })
  for (const end of ['pointerup', 'pointercancel']) {
    svg.addEventListener(end, () => {
      if (!line) return
      line = undefined
      onChange()
    })
  }

  /** @param {PointerEvent} event */
  function pointOf(event) {
    const box = svg.getBoundingClientRect()
    return [
      within(((event.clientX - box.left) / box.width) * width, width),
      within(((event.clientY - box.top) / box.height) * height, height),
    ]
  }

  function draw() {
    line?.setAttribute('points', (strokes.at(-1) ?? []).join(' '))
  }

  return {
    /** What was drawn; nothing that is only a dot. */
    strokes: () => thinned(strokes),
    clear() {
      strokes = []
      line = undefined
      svg.replaceChildren()
      onChange()
    },
  }
}

/**
 * @param {number} value
 * @param {number} most
 */
function within(value, most) {
  return Math.min(most, Math.max(0, Math.round(value)))
}

/**
 * @param {number[]} stroke
 * @param {number[]} point
 */
function addPoint(stroke, [x = 0, y = 0]) {
  const [lastX = 0, lastY = 0] = stroke.slice(-2)
  if (Math.abs(x - lastX) + Math.abs(y - lastY) >= nearest) stroke.push(x, y)
}

/** @param {number[][]} strokes */
function thinned(strokes) {
  let kept = strokes.filter((stroke) => stroke.length > 2)
  while (kept.reduce((sum, stroke) => sum + stroke.length / 2, 0) > mostPoints) kept = kept.map(everyOther)
  return kept
}

/**
 * Every other point, and always the last one.
 * @param {number[]} stroke
 */
function everyOther(stroke) {
  const last = stroke.length / 2 - 1
  return stroke.filter((_, index) => {
    const point = Math.floor(index / 2)
    return point % 2 === 0 || point === last
  })
}
