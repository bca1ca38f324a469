/** What units report: a digit now, or a status with the time at which it happened. */

import { openBar } from "../../components/choice-bar.js";
import { openAsk } from "../../components/prompt-bar.js";
import { statusOf } from "../../components/units.js";
import { Problem, post } from "../../core/api.js";
import { momentOf } from "../../core/time.js";
import { say, sayProblem } from "../../core/toast.js";
import { fill, nameOf, words } from "../../core/words.js";
import { reportTogether, takeStatusBack, unitsTogether } from "./group-status.js";
import { resume } from "./sending.js";

/** @typedef {import("./desk.js").Desk} Desk */

/** Digits that end an assignment: the unit is free or away. */
const ENDING = new Set(["1", "2", "6"]);

/**
 * Report a status of the selected unit of the incident that is meant.
 * @param {Desk} desk @param {string} digit FMS
 */
export function pressDigit(desk, digit) {
  const incident = desk.dispatches ? desk.shown() : null;
  if (!incident) return;
  const together = unitsTogether(desk, incident, digit);
  if (together.length > 1) return void reportTogether(desk, incident, together, digit);
  const part = desk.selected(incident);
  if (!part) return say(words.status_no_unit, { tone: "bad", seconds: 3 });
  if (digit === "0") {
    return openBar({
      title: fill(words.emergency_bar, part),
      choices: [{ key: "0", label: words.emergency_yes, tone: "bad", act: () => report(desk, incident, part, "0") }],
    });
  }
  if (digit === "6") {
    return openAsk({
      title: fill(words.status_why, part),
      blank: true,
      accept: (reason) => void report(desk, incident, part, "6", { reason: reason || null }),
    });
  }
  report(desk, incident, part, digit);
}

/**
 * @param {Desk} desk @param {Api.IncidentForm} incident @param {Api.AssignmentEntry} part @param {string} status FMS digit or name
 * @param {{at?: string, reason?: string | null}} [more]
 */
export async function report(desk, incident, part, status, more = {}) {
  const unit = desk.store.things.units.get(part.unit);
  const going = desk.sending.get(incident.id) ?? new Set();
  desk.sending.set(incident.id, going.add(part.callsign));
  desk.screen.draw();
  try {
    // A stacked part is not what the unit is on: the unit's own endpoint takes its status.
    const path = part.status === "stacked" ? `units/${part.callsign}/status` : `assignments/${part.id}/status`;
    const result = await post(path, { status, ...more });
    const ended = ENDING.has(status) && part.status !== "stacked" && !more.at;
    const now = ended ? (desk.store.things.units.get(part.unit)?.status ?? result.status) : result.status;
    say(fill(words.status_done, { callsign: part.callsign, status: nameOf("statuses", now) }), {
      undo: ended
        ? () => resume(incident.id, part.callsign, part.status)
        : more.at || part.status === "stacked" || result.status === part.status
          ? undefined
          : () => takeStatusBack(part, result.status),
    });
  } catch (error) {
    refuse(error, part.callsign, unit?.status ?? part.status);
  } finally {
    going.delete(part.callsign);
    desk.screen.draw();
  }
}

/**
 * Say why a status was refused, with the allowed ones in words.
 * @param {unknown} error
 * @param {string} callsign
 * @param {string} state
 */
export function refuse(error, callsign, state) {
  if (!(error instanceof Problem) || error.code !== "step_not_allowed") return sayProblem(error);
  const allowed = error.members.allowed.map((/** @type {string} */ one) => nameOf("statuses", one)).join(", ");
  say(fill(words.status_refused, { callsign, state: nameOf("statuses", error.members.state ?? state), allowed }), {
    tone: "bad",
    seconds: 8,
  });
}

/** A status that is reported late: "4 1405". @param {Desk} desk */
export function askLate(desk) {
  const incident = desk.meant();
  if (!incident || !desk.dispatches) return;
  const part = desk.selected(incident);
  if (!part) return say(words.status_no_unit, { tone: "bad", seconds: 3 });
  const read = (/** @type {string} */ typed) => {
    const [status, time] = typed.split(/\s+/, 2);
    const name = statusOf(status ?? "");
    const at = momentOf(time ?? "", desk.screen.now(), desk.screen.root.dataset.timeZone ?? "UTC");
    return name && at !== null ? { name, at } : null;
  };
  openAsk({
    title: fill(words.late_field, part),
    hint: words.late_hint,
    keep: `late ${part.id}`,
    preview: (typed) => {
      const found = read(typed);
      return (
        found &&
        fill(words.status_done, {
          callsign: part.callsign,
          status: `${statusName(found.name)}, ${desk.screen.timeText(found.at)}`,
        })
      );
    },
    accept: (typed) => {
      const found = read(typed);
      if (!found) return words.late_wrong;
      report(desk, incident, part, found.name, { at: new Date(found.at).toISOString() });
    },
  });
}

/** The words of an FMS digit or a status' name. @param {string} status */
export function statusName(status) {
  return nameOf("fms", status) === status ? nameOf("statuses", status) : nameOf("fms", status);
}
