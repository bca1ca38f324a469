/**
 * What the half-written last word of a command may become, from the table of commands; each choice names its target.
 */

import { html } from "lit-html";
import { FREE, unitChip } from "../../components/units.js";
import { fill, nameOf, names, words } from "../../core/words.js";
import { COMMANDS, commandOf } from "./commands.js";
import { incidentText, unitText } from "./meaning.js";

/** @typedef {import("./meaning.js").World} World */
/**
 * @typedef {{line: string, word: string, label: unknown, detail: unknown}} Completion line: the whole line with the
 *   word completed
 */

const MOST = 8;
const { compare } = new Intl.Collator("id", { numeric: true });

/**
 * What the words of a line are about, and what may stand where the last one is being written.
 * @param {string} before the line up to the last word
 * @returns {{side: "start" | "units" | "incidents" | "agencies" | "endings" | "verbs" | "text", number: string, kind:
 *   string}}
 */
function placeOf(before) {
  const numbered = /^\s*#?(\d+)\s+(\S+)\s+/.exec(before);
  const worded = /^\s*([a-z]+)\s+(?:#?(\d+)\s+)?/i.exec(before);
  const row = numbered ? commandOf(numbered[2], true) : worded ? commandOf(worded[1], false) : undefined;
  const number = numbered?.[1] ?? worded?.[2] ?? "";
  if (row && number) {
    const side = /** @type {const} */ ({
      text: "text",
      units: "units",
      agency: "agencies",
      incident: "incidents",
      ending: "endings",
      nothing: "text",
    })[row.takes];
    return { side, number, kind: row.kind };
  }
  if (row && row.kind !== "help" && row.kind !== "show") return { side: "incidents", number: "", kind: row.kind };
  if (row || /^\s*\?/.test(before)) return { side: "start", number: "", kind: row?.kind ?? "show" };
  const sent = /^\s*#?(\d+)\s*>/.exec(before);
  if (sent) return { side: "units", number: sent[1], kind: "assign" };
  if (before.includes(">")) return { side: "incidents", number: "", kind: "assign" };
  const alone = /^\s*#?(\d+)\s+$/.exec(before);
  return alone ? { side: "verbs", number: alone[1], kind: "" } : { side: "start", number: "", kind: "" };
}

/** @param {Api.UnitForm} unit @param {string} kind @param {string} number */
function unitDetail(unit, kind, number) {
  if (unit.incident?.number === number) return fill(words.command_there, { number });
  if (unit.incident) return fill(kind === "assign" ? words.command_busy : words.command_divert_from, unit.incident);
  return [nameOf("capabilities", unit.kind), nameOf("statuses", unit.status)].filter(Boolean).join(" · ");
}

/**
 * @param {string} line @param {World} world
 * @returns {{title: string, choices: Completion[]}} title: what is being chosen, and for which incident
 */
export function completions(line, world) {
  const last = /[^\s,>?]*$/.exec(line)?.[0] ?? "";
  const before = line.slice(0, line.length - last.length);
  const { side, number, kind } = placeOf(before);
  const incident = number ? world.incidents.get(number) : undefined;
  const target = incident ? `${number} ${incidentText(incident)}` : number;
  const low = last.toLowerCase();
  /** @type {(word: string, label: unknown, detail: unknown) => Completion} */
  const choice = (word, label, detail) => ({ line: before + word, word, label, detail });
  const units = () =>
    [...world.units.values()]
      .filter((unit) => unit.callsign.toLowerCase().startsWith(low) && (side === "start" || unit.status !== "off_duty"))
      .sort(
        (one, other) => rank(one, kind, number) - rank(other, kind, number) || compare(one.callsign, other.callsign),
      )
      .map((unit) =>
        choice(
          unit.callsign,
          unitChip(unit.callsign, unit.status, unit.fms),
          side === "start" ? unitText(unit, world) : unitDetail(unit, kind, number),
        ),
      );
  const incidents = () =>
    [...world.incidents.values()]
      .filter((one) => one.number !== number && one.number.startsWith(low.replace("#", "")))
      .map((one) => choice(one.number, html`<b class="num">${one.number}</b>`, incidentText(one)));
  const coded = (/** @type {Record<string, string>} */ list) =>
    Object.entries(list)
      .filter(([code, name]) => code.toLowerCase().startsWith(low) || (low && name.toLowerCase().includes(low)))
      .map(([code, name]) => choice(code, html`<b>${code}</b>`, name));
  const verbs = () =>
    COMMANDS.filter(
      (row) =>
        row.letter && (row.letter.toLowerCase() === low || !low || row.words.some((word) => word.startsWith(low))),
    ).map((row) =>
      choice(
        row.letter.toLowerCase(),
        html`<kbd>${row.letter.toLowerCase()}</kbd> <span class="mute">${row.words[0]}</span>`,
        words[`command_do_${row.kind}`],
      ),
    );
  const starts = () =>
    low
      ? [
          ...units(),
          ...incidents(),
          ...COMMANDS.flatMap((row) => row.words.slice(0, 1))
            .filter((word) => low.length > 1 && word.startsWith(low))
            .map((word) => choice(word, html`<b>${word}</b>`, words[`command_do_${commandOf(word, false)?.kind}`])),
        ]
      : [];
  const found =
    side === "units"
      ? units()
      : side === "incidents"
        ? incidents()
        : side === "agencies"
          ? coded(names.agencies ?? {})
          : side === "endings"
            ? coded(names.incident_dispositions ?? {})
            : side === "verbs"
              ? verbs()
              : side === "text"
                ? []
                : starts();
  return {
    title: target && side !== "start" ? fill(words[`command_choose_${side}`] ?? "{target}", { target }) : "",
    choices: found.filter((one) => one.word.toLowerCase() !== low).slice(0, MOST),
  };
}

/**
 * Free ones first; for diverting those that are elsewhere.
 * @param {Api.UnitForm} unit
 * @param {string} kind
 * @param {string} number
 */
function rank(unit, kind, number) {
  if (unit.incident?.number === number && number) return 3;
  if (kind === "divert") return unit.incident ? 0 : 2;
  return FREE.has(unit.status) ? 0 : 1;
}
