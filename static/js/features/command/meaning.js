/** What the command line's words mean among the units and incidents that are there: checked and explained. */

import { FREE } from "../../components/units.js";
import { momentOf } from "../../core/time.js";
import { fill, isolated, nameOf, names, words } from "../../core/words.js";
import { rowOf } from "./commands.js";

/**
 * @typedef {import("../../core/store.js").Form} Form
 * @typedef {import("./parse.js").Command} Command
 * @typedef {{units: Map<string, Api.UnitForm>, incidents: Map<string, Api.IncidentForm>, now: number, timeZone: string, me: string,
 *   timeText: (moment: number) => string}} World units by callsign, incidents by number
 * @typedef {{ok: boolean, text: string, wrong: string, command: Command, units: Api.UnitForm[], incident: Api.IncidentForm | null, into:
 *   Form | null, at: number | null, twice: boolean}} Meaning text: what Enter would do, and to what; wrong: what is
 *   wrong and how to fix it; at: milliseconds; twice: it asks for a second Enter
 */

/** A piece of a callsign that is enough to mean its unit, where it means one alone. */
const SHORTEST_PIECE = 2;
const MOST_NAMED = 6;

/** @param {import("../../core/screen.js").Screen} screen @returns {World} */
export function worldOf(screen) {
  return {
    units: new Map(screen.store.all("units").map((unit) => [unit.callsign, unit])),
    incidents: new Map(screen.store.all("incidents").map((incident) => [incident.number, incident])),
    now: screen.now(),
    timeZone: screen.root.dataset.timeZone ?? "UTC",
    me: document.body.dataset.user ?? "",
    timeText: (moment) => screen.timeText(moment),
  };
}

/** An incident in words: "Structure fire, Pasar Anom". @param {Api.IncidentForm} incident */
export function incidentText(incident) {
  return [nameOf("types", incident.type), isolated(incident.location.text)].filter(Boolean).join(", ");
}

/** A unit in words: "DMK1: en route on 1187, Structure fire, Pasar Anom". @param {Api.UnitForm} unit @param {World} world */
export function unitText(unit, world) {
  const text = fill(words.command_unit, { callsign: unit.callsign, status: nameOf("statuses", unit.status) });
  if (!unit.incident) return text;
  const incident = world.incidents.get(unit.incident.number);
  return `${text} ${fill(words.command_on, unit.incident)}${incident ? `, ${incidentText(incident)}` : ""}`;
}

/**
 * The units that a written callsign may mean: the one of that name, else those that end like it, else those that have
 * it.
 * @param {string} typed @param {World} world
 */
function unitsNamed(typed, world) {
  const low = typed.toUpperCase();
  const unit = world.units.get(low);
  if (unit) return [unit];
  if (low.length < SHORTEST_PIECE) return [];
  const all = [...world.units.values()];
  const ends = all.filter((one) => one.callsign.endsWith(low));
  return ends.length ? ends : all.filter((one) => one.callsign.includes(low));
}

/** What a status' digit or name means. @param {string} status */
export const statusText = (status) => (/^\d$/.test(status) ? nameOf("fms", status) : nameOf("statuses", status));

/**
 * @param {Command} command @param {World} world
 * @returns {Meaning}
 */
export function meaningOf(command, world) {
  /** @type {Meaning} */
  const meaning = {
    ok: false,
    text: "",
    wrong: "",
    command,
    units: [],
    incident: null,
    into: null,
    at: null,
    twice: false,
  };
  const fail = (/** @type {string} */ code, /** @type {Record<string, unknown>} */ values) => ({
    ...meaning,
    wrong: fill(words[`wrong_${code}`] ?? code, values),
  });
  if (command.kind === "empty") return meaning;
  if (command.kind === "wrong") return { ...fail(command.code, command), text: hintFor(command.what, world) };
  meaning.twice = rowOf(command.kind).twice;
  if (command.kind === "help") return { ...meaning, ok: true, text: words.command_do_help };
  if (command.kind === "show") return showMeaning(command.what, meaning, world);
  if ("number" in command) {
    const incident = world.incidents.get(command.number);
    if (!incident) return fail("incident", { what: command.number });
    meaning.incident = incident;
    meaning.text = `${command.number} ${incidentText(incident)}`;
  }
  const explained = (/** @type {string} */ text) => ({ ...meaning, ok: true, text: `${text}: ${meaning.text}` });
  if (command.kind === "note" || command.kind === "shortfall")
    return explained(command.kind === "note" ? fill(words.command_note, command) : words.command_do_shortfall);
  if (command.kind === "own")
    return explained(meaning.incident?.owner?.id === world.me ? words.command_give_up : words.command_own);
  if (command.kind === "task") {
    if (!names.agencies?.[command.agency]) return fail("agency_unknown", { what: command.agency });
    return explained(fill(words.command_task, { agency: nameOf("agencies", command.agency) }));
  }
  if (command.kind === "merge") {
    const into = world.incidents.get(command.into);
    if (!into || into === meaning.incident) return fail(into ? "into_itself" : "incident", { what: command.into });
    return {
      ...meaning,
      ok: true,
      into,
      text: fill(words.command_merge, { one: meaning.text, other: `${into.number} ${incidentText(into)}` }),
    };
  }
  if (command.kind === "close") {
    const ending = endingOf(command.ending);
    if (!ending) return fail("ending", { what: command.number });
    const there = presentParts(/** @type {Api.IncidentForm} */ (meaning.incident))
      .map((part) => part.callsign)
      .join(", ");
    meaning.command = { ...command, ending };
    return explained(
      fill(there ? words.command_close_free : words.command_close, {
        ending: nameOf("incident_dispositions", ending),
        units: there,
      }),
    );
  }
  if (!("callsigns" in command)) return meaning;
  for (const typed of command.callsigns) {
    const [unit, ...others] = unitsNamed(typed, world);
    if (!unit) return fail("unit", { what: typed });
    if (others.length)
      return fail("several", {
        what: typed,
        callsigns: [unit, ...others]
          .slice(0, MOST_NAMED)
          .map((one) => one.callsign)
          .join(", "),
      });
    if (!meaning.units.includes(unit)) meaning.units.push(unit);
  }
  meaning.command = { ...command, callsigns: meaning.units.map((unit) => unit.callsign) };
  if (command.kind !== "status") {
    const here = meaning.units.find((unit) => unit.incident?.number === command.number);
    if (here) return fail("there", { callsign: here.callsign, number: command.number });
    const parts = meaning.units.map(
      (unit) => `${unit.callsign} ${FREE.has(unit.status) ? nameOf("statuses", unit.status) : unitState(unit)}`,
    );
    return { ...meaning, ok: true, text: `${meaning.text} · ${parts.join(" · ")}` };
  }
  if (command.at !== null) {
    meaning.at = momentOf(command.at, world.now, world.timeZone);
    if (meaning.at === null) return fail("time", { what: `@${command.at}` });
  }
  const lone = meaning.units.find((unit) => !unit.incident && !FREE_WORDS.has(command.status) && meaning.at === null);
  if (lone) return fail("no_assignment", { callsign: lone.callsign, status: statusText(command.status) });
  const moves = meaning.units.map(
    (unit) =>
      `${fill(words.command_status, {
        callsign: unit.callsign,
        state: nameOf("statuses", unit.status),
        status: statusText(command.status),
      })}${unit.incident ? ` · ${unitIncident(unit, world)}` : ""}`,
  );
  const when = meaning.at === null ? "" : ` · ${fill(words.command_at, { time: world.timeText(meaning.at) })}`;
  return { ...meaning, ok: true, text: moves.join(" · ") + when };
}

const GONE = new Set(["cleared", "cancelled", "refused", "diverted"]);
/** The units that are on their way or there. @param {Api.IncidentForm} incident @returns {Api.AssignmentEntry[]} */
export const presentParts = (incident) =>
  incident.assignments.filter((part) => !GONE.has(part.status) && part.status !== "stacked");

/** The code of how an incident ended, written as its code or its name. @param {string} text */
function endingOf(text) {
  const low = text.toLowerCase();
  const found = Object.entries(names.incident_dispositions ?? {});
  return (
    (found.find(([code, name]) => code.toLowerCase() === low || name.toLowerCase() === low) ??
      found.find(([code, name]) => code.toLowerCase().startsWith(low) || name.toLowerCase().startsWith(low)))?.[0] ?? ""
  );
}

/** Statuses that need no incident. */
const FREE_WORDS = new Set(["1", "2", "4", "5", "6"]);

/** @param {Api.UnitForm} unit */
const unitState = (unit) =>
  `${nameOf("statuses", unit.status)}${unit.incident ? ` ${fill(words.command_on, unit.incident)}` : ""}`;

/** @param {Api.UnitForm} unit @param {World} world */
function unitIncident(unit, world) {
  const number = unit.incident?.number ?? "";
  const incident = world.incidents.get(number);
  return `${number}${incident ? ` ${incidentText(incident)}` : ""}`;
}

/** @param {string} what @param {Meaning} meaning @param {World} world @returns {Meaning} */
function showMeaning(what, meaning, world) {
  const unit = world.units.get(what.toUpperCase());
  if (unit) return { ...meaning, ok: true, units: [unit], text: unitText(unit, world) };
  const incident = world.incidents.get(what.replace("#", ""));
  if (incident) return { ...meaning, ok: true, incident, text: `${incident.number} ${incidentText(incident)}` };
  return { ...meaning, ok: true, text: words.command_find };
}

/** What a half-written line is about already. @param {string} what @param {World} world */
function hintFor(what, world) {
  const first = what.split(/[\s,>]+/)[0] ?? "";
  const [unit, ...others] = unitsNamed(first, world);
  if (unit && !others.length) return unitText(unit, world);
  const incident = world.incidents.get(first.replace("#", ""));
  return incident ? `${incident.number} ${incidentText(incident)}` : "";
}
