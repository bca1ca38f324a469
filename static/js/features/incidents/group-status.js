/** One digit for all units of an incident that may take that step, as long as none of them is selected. */
import { Problem, post } from "../../core/api.js";
import { say } from "../../core/toast.js";
import { fill, nameOf, words } from "../../core/words.js";

/** @typedef {import("./desk.js").Desk} Desk */

/**
 * The digits that several units may be given at once: none that frees a unit or calls for help.
 * @type {Record<string, string>}
 */
const TOGETHER = { 3: "en_route", 4: "on_scene" };
/** From which statuses a unit takes that step. @type {Record<string, Set<string>>} */
const FROM = {
  3: new Set(["dispatched", "acknowledged"]),
  4: new Set(["dispatched", "acknowledged", "en_route", "staging"]),
};

/**
 * The units that a digit is for while no unit is selected; empty where it is for one unit only.
 * @param {Desk} desk @param {Api.IncidentForm} incident @param {string} digit FMS
 * @returns {Api.AssignmentEntry[]}
 */
export function unitsTogether(desk, incident, digit) {
  if (!(digit in TOGETHER) || desk.part !== null) return [];
  return desk.parts(incident).filter((part) => FROM[digit].has(part.status));
}

/**
 * Report a status for several units; those that refused are named, the others go back by one undo.
 * @param {Desk} desk @param {Api.IncidentForm} incident @param {Api.AssignmentEntry[]} parts @param {string} digit
 */
export async function reportTogether(desk, incident, parts, digit) {
  const status = TOGETHER[digit];
  const going = desk.sending.get(incident.id) ?? new Set();
  desk.sending.set(incident.id, going);
  for (const part of parts) going.add(part.callsign);
  desk.screen.draw();
  /** @type {Api.AssignmentEntry[]} */
  const done = [];
  /** @type {string[]} */
  const missed = [];
  await Promise.all(
    parts.map(async (part) => {
      try {
        await post(`assignments/${part.id}/status`, { status: digit });
        done.push(part);
      } catch (error) {
        if (!(error instanceof Problem)) throw error;
        missed.push(`${part.callsign}: ${error.message}`);
      } finally {
        going.delete(part.callsign);
      }
    }),
  );
  desk.screen.draw();
  const callsigns = done
    .map((part) => part.callsign)
    .sort()
    .join(", ");
  if (done.length)
    say(fill(words.status_done, { callsign: callsigns, status: nameOf("statuses", status) }), {
      undo: () => takeBack(done, status),
    });
  if (missed.length) say(missed.join(" · "), { tone: "bad", seconds: 8 });
}

/** @param {Api.AssignmentEntry[]} parts @param {string} status */
async function takeBack(parts, status) {
  for (const part of parts) await post(`assignments/${part.id}/status/undo`, { status });
}

/** Take one unit's status back. @param {Api.AssignmentEntry} part @param {string} status as it was set */
export const takeStatusBack = (part, status) => post(`assignments/${part.id}/status/undo`, { status });
