/** What the command line's commands do once they are sent; each says what became of it, with its undo. */
import { newId, post } from "../../core/api.js";
import { say } from "../../core/toast.js";
import { fill, nameOf, words } from "../../core/words.js";
import { assignOnce, callOff, resume, whyNot } from "../incidents/sending.js";
import { refuse } from "../incidents/status-reports.js";
import { statusText } from "./meaning.js";

/** @typedef {import("./meaning.js").Meaning} Meaning */

/** @param {Meaning} meaning */
export async function setStatus(meaning) {
  const { command, at } = meaning;
  if (command.kind !== "status") return;
  for (const unit of meaning.units) {
    try {
      const answer = await post(`units/${unit.callsign}/status`, {
        status: command.status,
        ...(at === null ? {} : { at: new Date(at).toISOString() }),
      });
      const status = command.status === "5" ? statusText("5") : nameOf("statuses", answer.status);
      say(fill(words.status_done, { callsign: unit.callsign, status }), { seconds: 3 });
    } catch (error) {
      refuse(error, unit.callsign, unit.status);
    }
  }
}

/** @param {import("../../core/screen.js").Screen} screen @param {Meaning} meaning */
export async function sendUnits(screen, { incident, units }) {
  if (!incident) return;
  /** @type {Api.AssignmentForm[]} */
  const made = [];
  for (const unit of units) {
    try {
      made.push(await assignOnce(incident, unit.callsign));
    } catch (error) {
      say(fill(words.command_missed, { callsign: unit.callsign, why: whyNot({ screen }, error) }), {
        tone: "bad",
        seconds: 10,
      });
    }
  }
  if (!made.length) return;
  say(fill(words.command_sent, { callsigns: made.map((one) => one.callsign).join(", "), number: incident.number }), {
    undo: () => callOff(made),
  });
}

/** @param {import("../../core/screen.js").Screen} screen @param {Meaning} meaning */
export async function divertUnits(screen, { incident, units }) {
  if (!incident) return;
  for (const unit of units) {
    const from = unit.incident;
    let made;
    try {
      made = await assignOnce(incident, unit.callsign, from ? { divert: true } : {});
    } catch (error) {
      say(fill(words.command_missed, { callsign: unit.callsign, why: whyNot({ screen }, error) }), {
        tone: "bad",
        seconds: 10,
      });
      continue;
    }
    const text = from
      ? fill(words.command_diverted, { callsign: unit.callsign, from: from.number, number: incident.number })
      : fill(words.command_sent, { callsigns: unit.callsign, number: incident.number });
    say(text, {
      undo: () =>
        from ? resume(from.id, unit.callsign, unit.status, { divert: true, instead_of: made.id }) : callOff([made]),
    });
  }
}

/** @param {Meaning} meaning */
export async function askAgency({ command, incident }) {
  if (command.kind !== "task" || !incident) return;
  const task = await post(`incidents/${incident.id}/tasks`, { id: newId(), agency: command.agency });
  say(fill(words.command_asked, { agency: command.agency, number: incident.number }), {
    undo: () => post(`tasks/${task.id}/withdraw`, { expected: "offered" }),
  });
}

/** @param {Meaning} meaning */
export async function acceptShortfall({ command, incident }) {
  if (command.kind !== "shortfall" || !incident) return;
  await post(`incidents/${incident.id}/shortfall`, { reason: command.text });
  say(fill(words.command_short, incident), { seconds: 4 });
}
