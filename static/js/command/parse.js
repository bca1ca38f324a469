/**
 * What a line of the command line means, by its form alone; nothing here knows which units and incidents there are.
 *
 *   DMK1 4 · DMK1 a · DMK1 s · DMK1 4 @14:05 · DMK1 > 117 · DMK1, DMK2 > 117 · 117 > DMK1, DMK2 · 117 n words · ? DMK1
 *
 * @typedef {{kind: "empty"}} Empty
 * @typedef {{kind: "status", callsigns: string[], status: string, at: string | null}} Status at: as written
 * @typedef {{kind: "assign", number: string, callsigns: string[]}} Assign
 * @typedef {{kind: "note", number: string, text: string}} Note
 * @typedef {{kind: "show", what: string}} Show
 * @typedef {{kind: "wrong", code: string, what: string}} Wrong code: the word in the page's words is `wrong_CODE`
 * @typedef {Empty | Status | Assign | Note | Show | Wrong} Command
 */

import { momentsAt } from "../parts/time.js";

const DAY_MS = 86_400_000;
const AHEAD_MS = 60_000;
const CALLSIGN = /^[A-Za-z0-9][A-Za-z0-9-]{0,15}$/;
const NUMBER = /^#?\d{1,18}$/;
/** What stands for a status: FMS digits, the letters of D4, and what the API calls these. @type {Record<string, string>} */
const LETTERS = { A: "acknowledged", S: "staging" };

/** @param {string} line @returns {Command} */
export function parse(line) {
  const text = line.trim().replace(/\s+/g, " ");
  if (!text) return { kind: "empty" };
  if (text.startsWith("?")) {
    const what = text.slice(1).trim();
    return what ? { kind: "show", what } : { kind: "wrong", code: "show", what: "" };
  }
  const note = /^(#?\d{1,18}) [nN](?: (.*))?$/.exec(text);
  if (note) return note[2] ? { kind: "note", number: bare(note[1]), text: note[2] } : { kind: "wrong", code: "text", what: note[1] };
  if (text.includes(">")) return parseAssign(text);
  return parseStatus(text);
}

/** @param {string} text @returns {Command} */
function parseAssign(text) {
  const sides = text.split(">").map((side) => side.split(/[\s,]+/).filter(Boolean));
  const [left, right] = sides;
  if (sides.length !== 2 || !left.length || !right.length) return { kind: "wrong", code: "target", what: text };
  // A number on one side is the incident; on both, the right one is: a unit may be called by digits alone.
  const [units, numbers] = right.length === 1 && NUMBER.test(right[0]) ? [left, right] : [right, left];
  if (numbers.length !== 1 || !NUMBER.test(numbers[0])) return { kind: "wrong", code: "target", what: text };
  const bad = units.find((unit) => !CALLSIGN.test(unit));
  if (bad !== undefined) return { kind: "wrong", code: "unit", what: bad };
  return { kind: "assign", number: bare(numbers[0]), callsigns: [...new Set(units.map((unit) => unit.toUpperCase()))] };
}

/** @param {string} text @returns {Command} */
function parseStatus(text) {
  const pieces = text.split(/[\s,]+/).filter(Boolean);
  const time = pieces.findIndex((piece) => piece.startsWith("@"));
  const at = time > 0 ? pieces.splice(time).join(" ").slice(1) : null;
  if (pieces.length < 2) return { kind: "wrong", code: "verb", what: text };
  const said = /** @type {string} */ (pieces.pop());
  const bad = pieces.find((piece) => !CALLSIGN.test(piece));
  if (bad !== undefined) return { kind: "wrong", code: "unit", what: bad };
  if (said === "0") return { kind: "wrong", code: "emergency", what: said };
  const status = statusOf(said);
  if (!status) return { kind: "wrong", code: "status", what: said };
  return { kind: "status", callsigns: [...new Set(pieces.map((piece) => piece.toUpperCase()))], status, at };
}

/** What a digit 1 to 8 or a letter a, s stands for in the API; "" for anything else. @param {string} said */
export function statusOf(said) {
  if (/^[1-8]$/.test(said)) return said;
  return Object.hasOwn(LETTERS, said.toUpperCase()) ? LETTERS[said.toUpperCase()] : "";
}

/**
 * The moment that a written time means: "14:05", "1405", "14.05" as the last such time at the site, "-5" minutes ago.
 * Of two such times (clocks were put back) the later one that is past; a time that clocks left out is none.
 * @param {string} said
 * @param {number} now milliseconds
 * @param {string} timeZone of the site, such as "Asia/Jakarta"
 * @returns {number | null} milliseconds; null where it is no time
 */
export function momentOf(said, now, timeZone) {
  const ago = /^-(\d{1,3})$/.exec(said);
  if (ago) return now - Number(ago[1]) * 60_000;
  const clock = /^(\d{1,2})[:.]?(\d{2})(?:[:.](\d{2}))?$/.exec(said);
  if (!clock) return null;
  const [hours, minutes, seconds] = [Number(clock[1]), Number(clock[2]), Number(clock[3] ?? 0)];
  if (hours > 23 || minutes > 59 || seconds > 59) return null;
  const clockText = `${pad(hours)}:${pad(minutes)}:${pad(seconds)}`;
  for (const day of [now, now - DAY_MS]) {
    const date = new Date(day).toLocaleDateString("sv-SE", { timeZone });
    const moments = momentsAt(`${date}T${clockText}`, timeZone);
    const past = moments.filter((moment) => moment <= now + AHEAD_MS).at(-1);
    if (past !== undefined) return Math.min(past, now);
    // Clocks were put forward over it today: it is no time, and yesterday's is not meant.
    if (!moments.length && clockText < new Date(now).toLocaleTimeString("sv-SE", { timeZone })) return null;
  }
  return null;
}

/** @param {number} number */
const pad = (number) => String(number).padStart(2, "0");

/** @param {string} number */
function bare(number) {
  return number.replace("#", "");
}
