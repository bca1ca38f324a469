/** Sending units: each goes with an id of its own, none is dropped in silence, five seconds to call them off. */

import { barOpen, openBar } from "../../components/choice-bar.js";
import { needsText } from "../../components/needs.js";
import { openAsk } from "../../components/prompt-bar.js";
import { newId, Problem, patch, post } from "../../core/api.js";
import { inField } from "../../core/keys.js";
import { say, sayProblem } from "../../core/toast.js";
import { fill, nameOf, words } from "../../core/words.js";

/** @typedef {import("./desk.js").Desk} Desk */

const WHY_MS = 600_000;
const ENDED = new Set(["cleared", "cancelled", "refused", "diverted"]);
const REASONS = ["nearer", "asked", "equipment", "unfit", "other"];
/**
 * The ids of what was tried, so that trying again after a broken line makes nothing twice.
 * @type {Map<string, string>}
 */
const tried = new Map();

/**
 * Why a unit was not sent, in words: by whom it is taken and for what, or what the server says.
 * @param {{screen: import("../../core/screen.js").Screen}} desk @param {unknown} error @returns {string}
 */
export function whyNot(desk, error) {
  if (!(error instanceof Problem)) throw error;
  if (error.code === "unit_taken") {
    const { by, incident, since } = error.members;
    return fill(words.taken_by, { by, number: incident.number, time: desk.screen.timeText(since) });
  }
  if (error.code === "unit_not_available") return nameOf("statuses", error.members.state);
  return error.message;
}

/**
 * Assign a unit, under one id until an answer has come: a line that broke makes nothing twice.
 * @param {Api.IncidentForm} incident @param {string} callsign @param {{divert?: boolean}} [how]
 * @returns {Promise<Api.AssignmentForm>} the assignment, which is not over
 */
export async function assignOnce(incident, callsign, how = {}) {
  const key = `${incident.id} ${callsign} ${Boolean(how.divert)}`;
  const before = tried.get(key);
  const id = before ?? newId();
  tried.set(key, id);
  let made;
  try {
    made = await post(`incidents/${incident.id}/assignments`, { id, unit: callsign, ...how });
  } catch (error) {
    if (error instanceof Problem && !error.passing) tried.delete(key);
    throw error;
  }
  tried.delete(key);
  // What was tried before had gone through and has been ended since: that one sends nobody.
  return before && ENDED.has(made.status) ? assignOnce(incident, callsign, how) : made;
}

/**
 * Send one unit. Resolves to the assignment, or throws the server's problem.
 * @param {Desk} desk @param {Api.IncidentForm} incident @param {string} callsign @param {{divert?: boolean}} [how]
 */
async function sendOne(desk, incident, callsign, { divert = false } = {}) {
  const going = desk.sending.get(incident.id) ?? new Set();
  desk.sending.set(incident.id, going.add(callsign));
  desk.screen.draw();
  try {
    return await assignOnce(incident, callsign, divert ? { divert } : {});
  } finally {
    going.delete(callsign);
    desk.screen.draw();
  }
}

/**
 * Send units to an incident: those that go are said with an undo, those that don't are named with the reason.
 * @param {Desk} desk @param {Api.IncidentForm} incident @param {string[]} callsigns
 * @returns {Promise<Api.AssignmentForm[]>} the assignments made
 */
export async function sendUnits(desk, incident, callsigns) {
  /** @type {Api.AssignmentForm[]} */
  const made = [];
  /** @type {{callsign: string, why: string}[]} */
  const missed = [];
  await Promise.all(
    callsigns.map(async (callsign) => {
      try {
        made.push(await sendOne(desk, incident, callsign));
      } catch (error) {
        missed.push({ callsign, why: whyNot(desk, error) });
      }
    }),
  );
  if (made.length) {
    say(fill(words.sent, { callsigns: made.map((one) => one.callsign).join(", "), number: incident.number }), {
      undo: () => callOff(made),
    });
  }
  if (missed.length) {
    desk.missed.set(incident.id, missed);
    for (const one of missed) say(fill(words.missed, one), { tone: "bad", seconds: 10 });
    desk.recommend();
  }
  desk.screen.draw();
  return made;
}

/** Take back what was just sent. @param {Api.AssignmentForm[]} made */
export async function callOff(made) {
  for (const one of made) await post(`assignments/${one.id}/cancel`);
}

/** The recommended units as one text, which differs when the units differ. @param {Desk} desk */
export function picksText(desk) {
  return desk.picked.map((pick) => pick.callsign).join(", ");
}

/**
 * Enter on the open incident: sends what is recommended as it has been shown; where it has changed, shows it again.
 * @param {Desk} desk @param {Api.IncidentForm} incident @param {KeyboardEvent} event
 */
export function pressSend(desk, incident, event) {
  const what = picksText(desk);
  if (!what) return;
  const read = desk.picksRead;
  const judged = desk.press.press(event, incident.id, what);
  if (judged === "changed")
    say(fill(words.picks_changed, { number: incident.number, callsigns: what }), { tone: "bad", seconds: 8 });
  if (judged === "second" && read) sendRecommended(desk);
}

/** Send everything that is recommended. @param {Desk} desk */
export function sendRecommended(desk) {
  const { known } = desk;
  const incident = desk.open();
  const picks = desk.picked;
  if (!incident || !known || !picks.length || !desk.dispatches || desk.sending.get(incident.id)?.size) return;
  const callsigns = picks.map((pick) => pick.callsign);
  const { alarm } = known;
  if (known.recommendation) known.recommendation = { ...known.recommendation, picks: [] }; // a second Enter sends nothing twice
  desk.press.forget();
  desk.part = null;
  desk.lone = null;
  sendUnits(desk, incident, callsigns).then(() => {
    // Whoever has asked for the next alarm meanwhile is shown that one.
    if (desk.known === known && known.alarm === alarm) desk.recommend(1);
  });
}

/**
 * Send a unit that was not recommended, then ask why by one key; Esc leaves the reason blank.
 * @param {Desk} desk @param {Api.IncidentForm} incident @param {string} callsign
 */
export async function sendOther(desk, incident, callsign) {
  const picked = desk.known?.recommendation?.picks ?? [];
  const asWell = picked.some((pick) => pick.callsign === callsign);
  const [made] = await sendUnits(desk, incident, [callsign]);
  if (made && !asWell) wantWhy(desk, made);
}

/**
 * Divert a unit from where it is to this incident; undo sends it back.
 * @param {Desk} desk @param {Api.IncidentForm} incident @param {Api.UnitForm} unit
 */
export async function divertUnit(desk, incident, unit) {
  const from = unit.incident;
  let made;
  try {
    made = await sendOne(desk, incident, unit.callsign, { divert: true });
  } catch (error) {
    const why = whyNot(desk, error);
    desk.missed.set(incident.id, [{ callsign: unit.callsign, why }]);
    return say(fill(words.missed, { callsign: unit.callsign, why }), { tone: "bad", seconds: 10 });
  }
  say(fill(words.diverted, { callsign: unit.callsign, from: from?.number ?? "", number: incident.number }), {
    undo: from ? () => resume(from.id, unit.callsign, unit.status, { divert: true, instead_of: made.id }) : undefined,
  });
  wantWhy(desk, made);
}

/**
 * Accept, with a reason, that units which the plan requires do not come.
 * @param {Desk} desk
 */
export function askShortfall(desk) {
  const incident = desk.shown();
  if (!incident || !desk.dispatches) return;
  const short = desk.missing(incident); // all of them, as the server accepts them: not only those that no unit can meet
  if (!short) return say(words.reading, { seconds: 3 });
  if (!short.length) return say(fill(words.no_shortfall, incident), { tone: "bad", seconds: 4 });
  const what = needsText(short);
  openAsk({
    title: fill(words.shortfall_field, { number: incident.number, what }),
    hint: words.shortfall_hint,
    keep: `shortfall ${incident.id}`,
    accept: (reason) =>
      post(`incidents/${incident.id}/shortfall`, { reason }).then(() =>
        say(fill(words.shortfall_accepted, { number: incident.number, what }), { seconds: 4 }),
      ),
  });
}

/**
 * Put a unit back on an incident, as far as it had got there: the undo of calling it off.
 * @param {string} incident @param {string} callsign @param {string} status
 * @param {{divert?: boolean, instead_of?: string}} [how] instead_of: the assignment that it must still be on
 */
export async function resume(incident, callsign, status, how = {}) {
  const made = await post(`incidents/${incident}/assignments`, { id: newId(), unit: callsign, ...how });
  const steps = STEPS_TO[status] ?? [];
  for (const step of steps) await post(`assignments/${made.id}/status`, { status: step });
}

/** How a unit gets back to where it was, from dispatched. @type {Record<string, string[]>} */
const STEPS_TO = {
  acknowledged: ["acknowledged"],
  en_route: ["en_route"],
  staging: ["acknowledged", "staging"],
  on_scene: ["on_scene"],
  transporting: ["on_scene", "transporting"],
  at_destination: ["on_scene", "transporting", "at_destination"],
};

/**
 * Want the reason of a choice: asked at once where nobody is typing, and offered beside the unit for ten minutes.
 * @param {Desk} desk @param {Api.AssignmentForm} made
 */
function wantWhy(desk, made) {
  desk.whys.set(made.id, performance.now() + WHY_MS);
  if (!barOpen() && !inField(document.activeElement)) askWhy(desk, made);
}

/** Ask for it: one key answers, Esc leaves it blank; kept with the assignment. @param {Desk} desk @param {Api.AssignmentEntry} part */
export function askWhy(desk, part) {
  const { callsign } = part;
  const answer = (/** @type {string} */ reason) => {
    desk.whys.delete(part.id);
    post(`assignments/${part.id}/reason`, { reason: words[`why_${reason}`] }).then(() => desk.fetch(), sayProblem);
  };
  openBar({
    title: fill(words.why_unit, { callsign }),
    choices: REASONS.map((reason, at) => ({
      key: String(at + 1),
      label: words[`why_${reason}`],
      act: () => answer(reason),
    })),
  });
}

/** Send a unit to what it is stacked for. @param {Api.AssignmentEntry} part */
export function sendStacked(part) {
  post(`assignments/${part.id}/send`).catch(sayProblem);
}

/**
 * Call a unit off; undo sends it again.
 * @param {Api.IncidentForm} incident @param {Api.AssignmentEntry} part
 */
export async function callOffPart(incident, part) {
  try {
    await post(`assignments/${part.id}/cancel`);
  } catch (error) {
    return sayProblem(error);
  }
  say(fill(words.status_done, { callsign: part.callsign, status: words.call_off }), {
    undo: part.status === "stacked" ? undefined : () => resume(incident.id, part.callsign, part.status),
  });
}

/** Give an incident to oneself, or give it up. @param {Desk} desk */
export async function ownIncident(desk) {
  const incident = desk.shown();
  if (incident) await takeOrGiveUp(incident, desk.me);
}

/** @param {Api.IncidentForm} incident @param {string} me */
export async function takeOrGiveUp(incident, me) {
  const owner = incident.owner?.id === me ? null : me;
  try {
    await patch(`incidents/${incident.id}`, { version: incident.version, owner });
  } catch (error) {
    if (error instanceof Problem && error.code === "take_over_refused") {
      return say(fill(words.owner_other, { name: incident.owner?.name, number: incident.number }), { tone: "bad" });
    }
    return sayProblem(error);
  }
  say(fill(owner ? words.owned : words.given_up, { number: incident.number }), { seconds: 3 });
}
