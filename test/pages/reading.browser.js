/** Runs in the page: what keeps people from reading it, as it is drawn. */
globalThis.reading = {
  scrollsSideways: () => document.documentElement.scrollWidth > document.documentElement.clientWidth,

  unlabelledFields: () =>
    [...document.querySelectorAll('input:not([type=hidden]), select, textarea')]
      .filter((field) => !field.labels?.length && !field.ariaLabel)
      .map((field) => field.outerHTML),

  faintTexts: () =>
    [...document.body.querySelectorAll('*')].flatMap((element) => {
      const text = ownText(element)
      if (text === '') return []
      const ratio = contrast(getComputedStyle(element).color, backgroundOf(element))
      return ratio < 4.5 ? [`${ratio.toFixed(2)} ${text}`] : []
    }),

  style: (selector, property) => getComputedStyle(document.querySelector(selector))[property],
}

function ownText(element) {
  const texts = [...element.childNodes].filter((node) => node.nodeType === Node.TEXT_NODE)
  return texts
    .map((node) => node.textContent.trim())
    .join(' ')
    .trim()
}

/** WCAG 2.2, definition of contrast ratio. */
function contrast(one, other) {
  const [dark, light] = [luminance(one), luminance(other)].sort((a, b) => a - b)
  return (light + 0.05) / (dark + 0.05)
}

function luminance(colour) {
  const [red, green, blue] = channels(colour).map((value) => {
    const share = value / 255
    return share <= 0.04045 ? share / 12.92 : ((share + 0.055) / 1.055) ** 2.4
  })
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue
}

function backgroundOf(element) {
  if (!element) return 'rgb(255, 255, 255)'
  const colour = getComputedStyle(element).backgroundColor
  const isOpaque = (channels(colour)[3] ?? 1) === 1
  return isOpaque ? colour : backgroundOf(element.parentElement)
}

/** `rgb(r, g, b)` or `rgba(r, g, b, a)`. */
function channels(colour) {
  return colour.match(/[\d.]+/g).map(Number)
}
