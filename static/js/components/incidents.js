/** Open incidents: by priority, then by the clock that runs out first. */
import { html, nothing } from "lit-html";
import { lengthText, targetText, urgency } from "../core/time.js";
import { fill, isolated, nameOf, names, words } from "../core/words.js";
import { priorityMark } from "./priority.js";
import { unitChip } from "./units.js";

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
 * What runs for each unit that was sent: to acknowledge and to set out (docs/rules/priorities.md#targets).
 * @param {Api.IncidentForm} incident
 */
function unitClocks(incident) {
  const { priority } = incident;
  const sent = assigned(incident);
  const clocks = sent.map((part) =>
    part.status === "dispatched"
      ? against("rule.5", part.dispatched_at, priority)
      : part.status === "acknowledged"
        ? against("rule.6", part.acknowledged_at, priority)
        : null,
  );
  return /** @type {Clock[]} */ (clocks.filter(Boolean));
}

/**
 * Board items are replaced, never changed: what was worked out of one stays true.
 * @type {WeakMap<Api.IncidentForm, Clock | null>}
 */
const known = new WeakMap();

/**
 * The clock that runs out first among those that run: {kind, from, target}; null where none does.
 * @param {Api.IncidentForm} incident
 * @returns {Clock | null}
 */
export function nextClock(incident) {
  let clock = known.get(incident);
  if (clock === undefined) {
    clock = firstClock(incident);
    known.set(incident, clock);
  }
  return clock;
}

/** @param {Api.IncidentForm} incident @returns {Clock | null} */
function firstClock(incident) {
  const running = incident.clocks
    .filter((clock) => !clock.done_at)
    .map((clock) => ({
      kind: clock.kind,
      from: Date.parse(clock.from),
      target: Date.parse(clock.target_at ?? clock.due_at[0]),
    }))
    .filter((clock) => !Number.isNaN(clock.target));
  return [...running, ...unitClocks(incident)].sort((one, other) => one.target - other.target)[0] ?? null;
}

/** @param {Api.IncidentForm[]} incidents */
export function inOrder(incidents) {
  const due = new Map(incidents.map((incident) => [incident.id, nextClock(incident)?.target ?? Infinity]));
  return [...incidents].sort(
    (one, other) =>
      one.priority - other.priority ||
      Number(other.now) - Number(one.now) ||
      /** @type {number} */ (due.get(one.id)) - /** @type {number} */ (due.get(other.id)) ||
      one.created_at.localeCompare(other.created_at),
  );
}

/**
 * The clock that runs out first, its bar and what it runs against.
 * @param {Api.IncidentForm} incident
 * @param {number} now
 * @param {string} [attention] the level of attention.js, where the alarms are known; by the clock alone otherwise
 */
export function clockPart(incident, now, attention) {
  const clock = nextClock(incident);
  if (!clock) return html`<b class="num">${lengthText(now - Date.parse(incident.created_at), words.days)}</b>`;
  const [elapsed, target] = [now - clock.from, clock.target - clock.from];
  const look = attention ?? urgency(elapsed, target);
  const words_ = `${words[clock.kind] ?? clock.kind} ${targetText(target)}`;
  return html`<div class="clock ${look}"><b class="num ${look === "ok" ? "" : look}">${lengthText(elapsed, words.days)}</b>
    <progress max=${Math.max(1, target)} value=${Math.max(0, Math.min(elapsed, target))} aria-hidden="true"></progress>
    <small title=${words_}><span class="kind">${words[clock.kind] ?? clock.kind}</span> ${targetText(target)}</small></div>`;
}

/** @param {Api.IncidentForm} incident */
export function placePart(incident) {
  const { text, kecamatan, outside } = incident.location;
  const named = kecamatan ? nameOf("kecamatan", kecamatan) : "";
  // A place that says its district has both lines for itself.
  const district = [text.toLowerCase().includes(named.toLowerCase()) ? "" : named, outside ? words.outside : ""]
    .filter(Boolean)
    .join(" · ");
  return html`<div class="two"><span>${text || html`<span class="soon">${words.place_unknown}</span>`}</span>${district ? html`<small class="soft">${district}</small>` : nothing}</div>`;
}

/** What it is, in words. @param {Api.IncidentForm} incident */
export function incidentWords(incident) {
  return incident.restricted ? `${nameOf("types", incident.type)} (${incident.type})` : nameOf("types", incident.type);
}

/** Where it is, in one line. @param {Api.IncidentForm} incident */
export function placeWords(incident) {
  const { text, kecamatan, outside } = incident.location;
  return [
    isolated(text || words.place_unknown),
    kecamatan && nameOf("kecamatan", kecamatan),
    outside ? words.outside : null,
  ]
    .filter(Boolean)
    .join(" · ");
}

/** @param {Api.IncidentForm} incident */
export function assigned(incident) {
  return incident.assignments.filter((part) => !ENDED.has(part.status));
}

/** Whether nobody has been sent yet. @param {Api.IncidentForm} incident */
export function alone(incident) {
  return ["new", "triaged", "reopened"].includes(incident.state) && !assigned(incident).length;
}

/**
 * The head of the table of incidents. A heading is a button: it sorts by its column, once more in the board's own
 * order.
 */
export const incidentHead = (
  /** @type {string} */ sort = "",
) => html`<th class="mark" aria-sort=${sort ? "none" : "ascending"}
    title=${words.sort_priority}><span class="sr">${words.priority_head}</span>${sort ? "" : html`<span aria-hidden="true">↓</span>`}</th>
  ${[
    ["number", words.number],
    ["what", words.what],
    ["where", words.where],
    ["clock", words.clock],
  ].map(
    ([name, label]) => html`<th class=${name} aria-sort=${sort === name ? "ascending" : "none"}><button
    class="sort" tabindex="-1" data-sort=${name}>${label}${sort === name ? " ↓" : ""}</button></th>`,
  )}
  <th class="units">${words.units_or_missing}</th><th class="agencies">${words.agencies_legend}</th>`;

/** States that the units of an incident do not show. */
const SHOWN_STATES = new Set(["on_hold", "controlled", "resolved", "reopened"]);

/**
 * The cells of an incident's row.
 * @param {Api.IncidentForm} incident
 * @param {number} now
 * @param {{attention: string, missing: unknown[], unseen: boolean, emergency: Set<string>, dense: boolean}} how
 *   attention: attention.js; missing: chips of what is not there; unseen: it came while the reader was here; emergency:
 *   callsigns of units in an emergency; dense: a row has one line
 */
export function incidentCells(incident, now, { attention, missing, unseen, emergency, dense }) {
  const [sent, nobody] = [assigned(incident), alone(incident)];
  const agencies = incident.tasks.filter((task) => task.state !== "withdrawn");
  const chips = sent.length + missing.length > CHIPS ? Math.max(1, CHIPS - missing.length) : CHIPS;
  return html`<td>${priorityMark(incident.priority)}</td>
    <td class="num"><b>${incident.number}</b><small class="soft">${incident.calls > 1 ? fill(words.calls_count, { count: incident.calls }) : ""}</small></td>
    <td title=${`${nameOf("types", incident.type)} (${incident.type})`}><div class="two"><b>${incident.now ? html`<b class="now">${words.now}</b> ` : nothing}${nameOf("types", incident.type)}</b>${
      unseen ? html`<b class="new">${words.new_mark}</b>` : nothing
    }<small class="soft">${incident.type}${incident.restricted ? html` · ${words.restricted}` : nothing}${
      SHOWN_STATES.has(incident.state) ? html` · ${nameOf("incident_states", incident.state)}` : nothing
    }${incident.owner ? html` · ${incident.owner.name}` : nothing}</small></div></td>
    <td title=${placeWords(incident)}>${placePart(incident)}</td>
    <td>${clockPart(incident, now, attention)}</td>
    <td class="units"><div class="two">${sent.slice(0, chips).map((part) => unitChip(part.callsign, part.status, part.fms, emergency.has(part.callsign)))}${
      sent.length > chips
        ? html`<b title=${sent.map((part) => part.callsign).join(", ")}>+${sent.length - chips}</b>`
        : ""
    }${missing}${
      !sent.length && !missing.length
        ? html`<span class="soft">${nobody ? words.no_unit : incident.assignments.length ? words.units_left : words.no_unit_needed}</span>`
        : ""
    }</div></td>
    <td class="agencies" title=${agencies.map((task) => `${task.agency}: ${nameOf("tasks", task.state)}`).join(", ")}><div class="two">${dense ? fewTasks(agencies) : html`${agencies.slice(0, AGENCIES).map(taskPart)}${agencies.length > AGENCIES ? html`<b>+${agencies.length - AGENCIES}</b>` : nothing}`}</div></td>`;
}

/** An agency and how its task stands. @param {Api.TaskEntry} task */
const taskPart = (task) =>
  html`<span class="task ${task.state}">${task.agency}<i aria-hidden="true">${TASK_MARKS[task.state] ?? ""}</i><span class="sr">${nameOf("tasks", task.state)}</span></span> `;

/** In one line: the first agency that has not accepted, how many more have not, how many have. @param {Api.TaskEntry[]} tasks */
function fewTasks(tasks) {
  const open = tasks.filter((task) => task.state === "offered" || task.state === "refused");
  const accepted = tasks.length - open.length;
  const first = open[0] ?? tasks[0];
  return html`${first ? taskPart(first) : nothing}${open.length > 1 ? html`<b>+${open.length - 1}</b>` : nothing}${
    accepted > (open.length ? 0 : 1) ? html` <span class="ok num">✓${accepted}</span>` : nothing
  }`;
}

/**
 * Whether it has this word anywhere in it: number, kind, place, unit, agency.
 * @param {Api.IncidentForm} incident
 * @param {string} wanted in lower case; "" is in everything
 */
export function incidentHas(incident, wanted) {
  if (!wanted) return true;
  const texts = [
    incident.number,
    incident.type,
    incidentWords(incident),
    placeWords(incident),
    `p${incident.priority}`,
    nameOf("incident_states", incident.state),
    ...incident.assignments.map((part) => part.callsign),
    ...incident.tasks.map((task) => task.agency),
  ];
  return texts.some((text) => text.toLowerCase().includes(wanted));
}
