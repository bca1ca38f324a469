/** The page's words in the reader's language, and the names of codes: JSON that the template put there. */

/** @param {string} id @returns {any} */
function read(id) {
  return JSON.parse(document.getElementById(id)?.textContent ?? "{}");
}

/** @type {Record<string, string>} */
export const words = read("words");
/** Names of codes by kind: types, statuses, states ... @type {Record<string, Record<string, string>>} */
export const names = read("names");

/**
 * The name of a code, or the code itself where it has none.
 * @param {string} kind
 * @param {string | number | null} code
 */
export function nameOf(kind, code) {
  return code === null ? "" : (names[kind]?.[code] ?? String(code));
}

// Letters of the scripts that run from right to left.
const RIGHT_TO_LEFT = /[\u0590-\u08ff\ufb1d-\ufdff\ufe70-\ufefc\u{10800}-\u{10fff}\u{1e800}-\u{1efff}]/u;

/**
 * A text of somebody, for a place beside other text in one string: a name in Arabic letters does not turn the number
 * after it. In a template an element of its own (`<bdi>`) does the same.
 * @param {unknown} text
 */
export function isolated(text) {
  const own = String(text);
  return RIGHT_TO_LEFT.test(own) ? `\u2068${own}\u2069` : own;
}

/**
 * A sentence with its blanks filled in: fill("Call {number}", {number: "112"}). One that counts may have two forms with
 * a bar between them, "{count} call|{count} calls": the first is said of one. A language with one form has no bar.
 * @param {string} text
 * @param {Record<string, unknown>} values
 */
export function fill(text, values) {
  const [one, many = one] = text.split("|");
  return (values.count === 1 ? one : many).replace(/\{(\w+)\}/g, (blank, key) => isolated(values[key] ?? blank));
}
