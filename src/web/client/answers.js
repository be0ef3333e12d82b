/** Sends to the server, and says on the page what became of it. */

/**
 * @param {string} path
 * @param {object} body
 */
export function postJson(path, body) {
  return fetch(path, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  })
}

/**
 * What a page says of the code of a problem.
 * @param {Record<string, string>} texts
 * @param {string} code
 * @param {string} otherwise of every other code
 */
export function textFor(texts, code, otherwise) {
  return (Object.hasOwn(texts, code) && texts[code]) || otherwise
}

/**
 * Says it where screen readers listen too.
 * @param {HTMLElement} line with `role=status`
 * @param {string} text
 * @param {boolean} isWrong
 */
export function say(line, text, isWrong = false) {
  line.textContent = text
  line.className = isWrong ? 'alert' : 'small'
}
