/** Open incidents: by priority, then by the clock that runs out first. */
import { html, nothing } from "lit-html";
import { priorityMark } from "./priority.js";
import { lengthText, targetText, urgency } from "./time.js";
import { unitChip } from "./units.js";
import { fill, nameOf, names, words } from "./words.js";

/** How an agency's task stands, beside its code. @type {Record<string, string>} */
export const TASK_MARKS = { offered: "○", accepted: "✓", refused: "✕", done: "●" };
const CHIPS = 3; // more units than these are counted
const AGENCIES = 4; // and more agencies than these
export const ENDED = new Set(["cleared", "cancelled", "refused", "diverted"]);

/** @typedef {{kind: string, from: number, target: number}} Clock */

/**
 * A clock against a target by priority; null where there is none.
 * @param {string} kind @param {string | null} from @param {number} priority @returns {Clock | null}
 */
function against(kind, from, priority) {
  const seconds = Number(names.seconds?.[`${kind}.${priority}`]);
  if (!from || !seconds) return null;
  return { kind, from: Date.parse(from), target: Date.parse(from) + seconds * 1000 };
}

/**
 * What runs for each unit that was sent: to acknowledge and to set out (D1, D6 rules 5 and 6).
 * @param {import("../store.js").Form} incident
 */
function unitClocks(incident) {
  const { priority } = incident;
  const sent = assigned(incident);
  const clocks = sent.map((/** @type {any} */ part) => part.status === "dispatched" ? against("rule.5", part.dispatched_at, priority)
    : part.status === "acknowledged" ? against("rule.6", part.acknowledged_at, priority) : null);
  return /** @type {Clock[]} */ (clocks.filter(Boolean));
}

/**
 * The clock that runs out first among those that run: {kind, from, target}; null where none does.
 * @param {import("../store.js").Form} incident
 * @returns {Clock | null}
 */
export function nextClock(incident) {
  const running = incident.clocks
    .filter((/** @type {any} */ clock) => !clock.done_at)
    .map((/** @type {any} */ clock) => ({
      kind: clock.kind,
      from: Date.parse(clock.from),
      target: Date.parse(clock.target_at ?? clock.due_at[0]),
    }))
    .filter((/** @type {any} */ clock) => !Number.isNaN(clock.target));
  return [...running, ...unitClocks(incident)].sort((one, other) => one.target - other.target)[0] ?? null;
}

/** Forms are replaced, never changed: what was worked out of one stays true. @type {WeakMap<import("../store.js").Form, number>} */
const known = new WeakMap();

/** @param {import("../store.js").Form} incident */
function dueOf(incident) {
  let due = known.get(incident);
  if (due === undefined) known.set(incident, (due = nextClock(incident)?.target ?? Infinity));
  return due;
}

/** @param {import("../store.js").Form[]} incidents */
export function inOrder(incidents) {
  const due = new Map(incidents.map((incident) => [incident.id, dueOf(incident)]));
  return [...incidents].sort(
    (one, other) =>
      one.priority - other.priority ||
      Number(other.now) - Number(one.now) ||
      /** @type {number} */ (due.get(one.id)) - /** @type {number} */ (due.get(other.id)) ||
      one.created_at.localeCompare(other.created_at),
  );
}

/**
 * @param {import("../store.js").Form} incident
 * @param {number} now
 */
export function clockPart(incident, now) {
  const clock = nextClock(incident);
  if (!clock) return html`<b class="num">${lengthText(now - Date.parse(incident.created_at), words.days)}</b>`;
  const [elapsed, target] = [now - clock.from, clock.target - clock.from];
  const look = urgency(elapsed, target);
  const words_ = `${words[clock.kind] ?? clock.kind} ${targetText(target)}`;
  return html`<div class="clock ${look}"><b class="num ${look}">${lengthText(elapsed, words.days)}</b>
    <progress max=${Math.max(1, target)} value=${Math.max(0, Math.min(elapsed, target))} aria-hidden="true"></progress>
    <small title=${words_}>${words_}</small></div>`;
}

/** @param {import("../store.js").Form} incident */
export function placePart(incident) {
  const { text, kecamatan, outside } = incident.location;
  const named = kecamatan ? nameOf("kecamatan", kecamatan) : "";
  // A place that says its district has both lines for itself.
  const district = [text.toLowerCase().includes(named.toLowerCase()) ? "" : named, outside ? words.outside : ""].filter(Boolean).join(" · ");
  return html`<div class="two"><span>${text || html`<span class="soon">${words.place_unknown}</span>`}</span>${district ? html`<small class="soft">${district}</small>` : nothing}</div>`;
}

/** What it is, in words. @param {import("../store.js").Form} incident */
export function incidentWords(incident) {
  return incident.restricted ? `${nameOf("types", incident.type)} (${incident.type})` : nameOf("types", incident.type);
}

/** Where it is, in one line. @param {import("../store.js").Form} incident */
export function placeWords(incident) {
  const { text, kecamatan, outside } = incident.location;
  return [text || words.place_unknown, kecamatan && nameOf("kecamatan", kecamatan), outside ? words.outside : null].filter(Boolean).join(" · ");
}

/** @param {import("../store.js").Form} incident */
function assigned(incident) {
  return incident.assignments.filter((/** @type {any} */ part) => !ENDED.has(part.status));
}

/** Whether nobody has been sent yet. @param {import("../store.js").Form} incident */
export function alone(incident) {
  return ["new", "triaged", "reopened"].includes(incident.state) && !assigned(incident).length;
}

/** The head of the table of incidents. */
export const incidentHead = () => html`<th class="mark"><span class="sr">${words.priority_head}</span></th><th class="number">${words.number}</th>
  <th>${words.what}</th><th>${words.where}</th><th class="clock-column">${words.clock}</th><th class="units">${words.units}</th><th
  class="agencies">${words.agencies}</th><th class="state">${words.state}</th>`;

/**
 * The cells of an incident's row.
 * @param {import("../store.js").Form} incident
 * @param {number} now
 */
export function incidentCells(incident, now) {
  const [sent, nobody] = [assigned(incident), alone(incident)];
  const agencies = incident.tasks.filter((/** @type {any} */ task) => task.state !== "withdrawn");
  return html`<td>${priorityMark(incident.priority)}</td>
    <td class="num"><b>${incident.number}</b><small class="soft">${incident.calls > 1 ? fill(words.calls_count, { count: incident.calls }) : ""}</small></td>
    <td title=${`${nameOf("types", incident.type)} (${incident.type})`}><div class="two"><b>${incident.now ? html`<b class="late">${words.now}</b> ` : nothing}${nameOf("types", incident.type)}</b><small
      class="soft">${incident.type}${incident.restricted ? html` · ${words.restricted}` : nothing}${incident.owner ? html` · ${incident.owner.name}` : nothing}</small></div></td>
    <td title=${placeWords(incident)}>${placePart(incident)}</td>
    <td>${clockPart(incident, now)}</td>
    <td class="units"><div class="two">${sent.length
      ? html`${sent.slice(0, CHIPS).map((/** @type {any} */ part) => unitChip(part.callsign, part.status, part.fms))}${sent.length > CHIPS
        ? html`<b title=${sent.map((/** @type {any} */ part) => part.callsign).join(", ")}>+${sent.length - CHIPS}</b>` : ""}`
      : nobody ? html`<b class=${nextClock(incident) ? "late" : "soft"}>${words.no_unit}</b>`
        : html`<span class="soft">${incident.assignments.length ? words.units_left : words.no_unit_needed}</span>`}</div></td>
    <td class="agencies" title=${agencies.map((/** @type {any} */ task) => `${task.agency}: ${nameOf("tasks", task.state)}`).join(", ")}><div class="two">${agencies.slice(0, AGENCIES).map((/** @type {any} */ task) => html`<span class="task ${task.state}">${task.agency}<i aria-hidden="true">${TASK_MARKS[task.state] ?? ""}</i><span class="sr">${nameOf("tasks", task.state)}</span></span> `)}${agencies.length > AGENCIES ? html`<b>+${agencies.length - AGENCIES}</b>` : nothing}</div></td>
    <td class="state">${nameOf("incident_states", incident.state)}</td>`;
}

/** How a row looks: the one that nobody has been sent to is loud. @param {import("../store.js").Form} incident */
export function incidentLook(incident) {
  return incident.priority === 1 && alone(incident) ? "loud" : "";
}

/**
 * Whether it has this word anywhere in it: number, kind, place, unit, agency.
 * @param {import("../store.js").Form} incident
 * @param {string} wanted in lower case; "" is in everything
 */
export function incidentHas(incident, wanted) {
  if (!wanted) return true;
  const texts = [incident.number, incident.type, incidentWords(incident), placeWords(incident), `p${incident.priority}`, nameOf("incident_states", incident.state),
    ...incident.assignments.map((/** @type {any} */ part) => part.callsign), ...incident.tasks.map((/** @type {any} */ task) => task.agency)];
  return texts.some((text) => text.toLowerCase().includes(wanted));
}
