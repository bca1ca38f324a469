/**
 * What a line of the command line means, by its form alone; nothing here knows which units and incidents there are.
 * The commands are those of commands.js.
 *
 * @typedef {{kind: "empty"}} Empty
 * @typedef {{kind: "status", callsigns: string[], status: string, at: string | null}} Status at: as written
 * @typedef {{kind: "assign" | "divert", number: string, callsigns: string[]}} Assign
 * @typedef {{kind: "note" | "shortfall", number: string, text: string}} Note
 * @typedef {{kind: "task", number: string, agency: string}} Task
 * @typedef {{kind: "own", number: string}} Own
 * @typedef {{kind: "merge", number: string, into: string}} Merge
 * @typedef {{kind: "close", number: string, ending: string}} Close ending: how it ended, as written
 * @typedef {{kind: "show", what: string}} Show
 * @typedef {{kind: "help", what: string}} Help
 * @typedef {{kind: "wrong", code: string, what: string}} Wrong code: the word in the page's words is `wrong_CODE`
 * @typedef {Empty | Status | Assign | Note | Task | Own | Merge | Close | Show | Help | Wrong} Command
 */
import { statusOf } from "../../components/units.js";
import { commandOf } from "./commands.js";

const CALLSIGN = /^[A-Za-z0-9][A-Za-z0-9-]{0,15}$/;
const NUMBER = /^#?\d{1,18}$/;

/** @param {string} line @returns {Command} */
export function parse(line) {
  const text = line.trim().replace(/\s+/g, " ");
  if (!text) return { kind: "empty" };
  if (text.startsWith("?")) {
    const what = text.slice(1).trim();
    return what ? { kind: "show", what } : { kind: "wrong", code: "show", what: "" };
  }
  const tokens = text.split(" ");
  const [first, second = ""] = tokens;
  if (NUMBER.test(first)) {
    const row = commandOf(second, true);
    // A note's words may have any sign.
    if (row && row.kind !== "help" && row.kind !== "show")
      return parseNumbered(row, first, text.slice(first.length + second.length + 1).trim());
  } else {
    const row = commandOf(first, false);
    if (
      row &&
      (row.kind === "help" || row.kind === "show" || NUMBER.test(second) || tokens.length === 1 || /\d$/.test(text))
    )
      return parseWorded(row, first, text.slice(first.length).trim());
  }
  if (text.includes(">")) return parseAssign(text);
  return parseStatus(text);
}

/**
 * A command with its number before it: "117 n hydrant dry".
 * @param {import("./commands.js").Row} row @param {string} number @param {string} rest @returns {Command}
 */
function parseNumbered({ kind, takes }, number, rest) {
  const of = bare(number);
  if (takes === "units") {
    const callsigns = rest.split(/[\s,]+/).filter(Boolean);
    const bad = callsigns.find((one) => !CALLSIGN.test(one));
    if (bad !== undefined) return { kind: "wrong", code: "unit", what: bad };
    if (!callsigns.length) return { kind: "wrong", code: "units", what: of };
    return {
      kind: /** @type {"assign" | "divert"} */ (kind),
      number: of,
      callsigns: [...new Set(callsigns.map((one) => one.toUpperCase()))],
    };
  }
  if (kind === "note" || kind === "shortfall")
    return rest
      ? { kind, number: of, text: rest }
      : { kind: "wrong", code: kind === "note" ? "text" : "reason", what: of };
  if (kind === "task")
    return /^\S+$/.test(rest)
      ? { kind, number: of, agency: rest.toUpperCase() }
      : { kind: "wrong", code: "agency", what: of };
  if (kind === "merge")
    return NUMBER.test(rest) ? { kind, number: of, into: bare(rest) } : { kind: "wrong", code: "into", what: of };
  if (kind === "close") return rest ? { kind, number: of, ending: rest } : { kind: "wrong", code: "ending", what: of };
  return rest ? { kind: "wrong", code: "too_much", what: rest } : { kind: "own", number: of };
}

/**
 * A command with its word first: "note 117 hydrant dry", "divert DMK7 117", "help".
 * @param {import("./commands.js").Row} row @param {string} word @param {string} rest @returns {Command}
 */
function parseWorded(row, word, rest) {
  if (row.kind === "help") return { kind: "help", what: rest };
  if (row.kind === "show") return rest ? { kind: "show", what: rest } : { kind: "wrong", code: "show", what: "" };
  const first = /^(#?\d{1,18})(?:\s+(.*))?$/.exec(rest);
  if (first) return parseNumbered(row, first[1], first[2] ?? "");
  const last = row.takes === "units" ? /^(.*\S)\s+(?:>\s*)?(#?\d{1,18})$/.exec(rest) : null;
  if (last) return parseNumbered(row, last[2], last[1]);
  return { kind: "wrong", code: "number", what: word };
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
  const typed = /** @type {string} */ (pieces.pop());
  const bad = pieces.find((piece) => !CALLSIGN.test(piece));
  if (bad !== undefined) return { kind: "wrong", code: "unit", what: bad };
  if (typed === "0") return { kind: "wrong", code: "emergency", what: typed };
  const status = statusOf(typed);
  if (!status) return { kind: "wrong", code: "status", what: typed };
  return { kind: "status", callsigns: [...new Set(pieces.map((piece) => piece.toUpperCase()))], status, at };
}

/** @param {string} number */
function bare(number) {
  return number.replace("#", "");
}
