/** Open incidents: by priority, then by the clock that runs out first. */
import { html, nothing } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { priorityMark } from "./priority.js";
import { lengthText, targetText, urgency } from "./time.js";
import { unitChip } from "./units.js";
import { fill, nameOf, words } from "./words.js";

/** How an agency's task stands, beside its code. @type {Record<string, string>} */
const TASK_MARKS = { offered: "…", accepted: "✓", refused: "✕", done: "●" };
const ENDED = new Set(["cleared", "cancelled", "refused", "diverted"]);

/**
 * The clock that runs out first among those that run: {kind, from, target}; null where none does.
 * @param {import("../store.js").Form} incident
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
  return running.sort((/** @type {any} */ one, /** @type {any} */ other) => one.target - other.target)[0] ?? null;
}

/** @param {import("../store.js").Form[]} incidents */
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
 * @param {import("../store.js").Form} incident
 * @param {number} now
 */
function clockPart(incident, now) {
  const clock = nextClock(incident);
  if (!clock) return html`<b class="num">${lengthText(now - Date.parse(incident.created_at), words.days)}</b>`;
  const [elapsed, target] = [now - clock.from, clock.target - clock.from];
  const look = urgency(elapsed, target);
  const words_ = `${words[clock.kind] ?? clock.kind} ${targetText(target)}`;
  return html`<div class="clock ${look}"><b class="num ${look}">${lengthText(elapsed, words.days)}</b>
    <progress max=${Math.max(1, target)} value=${Math.max(0, Math.min(elapsed, target))} aria-label=${words_}></progress>
    <small>${words_}</small></div>`;
}

/** @param {import("../store.js").Form} incident */
function placePart(incident) {
  const { text, kecamatan, outside } = incident.location;
  const district = [kecamatan && nameOf("kecamatan", kecamatan), outside ? words.outside : null].filter(Boolean).join(" · ");
  return html`${text || html`<span class="soon">${words.place_unknown}</span>`}<small class="soft">${district}</small>`;
}

/**
 * @param {import("../store.js").Form} incident
 * @param {number} now
 * @param {boolean} fresh
 */
function row(incident, now, fresh) {
  const assigned = incident.assignments.filter((/** @type {any} */ part) => !ENDED.has(part.status));
  const alone = !assigned.length && ["new", "triaged", "reopened"].includes(incident.state);
  const agencies = incident.tasks.filter((/** @type {any} */ task) => task.state !== "withdrawn");
  return html`<tr class="${alone && incident.priority === 1 ? "loud" : ""} ${fresh ? "fresh" : ""}">
    <td>${priorityMark(incident.priority)}</td>
    <td class="num"><b>${incident.number}</b><small class="soft">${incident.calls > 1
      ? fill(words.calls_count, { count: incident.calls }) : ""}</small></td>
    <td><b>${nameOf("types", incident.type)}</b>${incident.now ? html` <b class="late">${words.now}</b>` : nothing}<small
      class="soft">${incident.type}${incident.restricted ? html` · ${words.restricted}` : nothing}</small></td>
    <td>${placePart(incident)}</td>
    <td>${clockPart(incident, now)}</td>
    <td>${assigned.length
      ? repeat(assigned, (/** @type {any} */ part) => part.id, (/** @type {any} */ part) => unitChip(part.callsign, part.status, part.fms))
      : html`<b class=${alone ? "late" : "mute"}>${words.no_unit}</b>`}</td>
    <td>${agencies.map((/** @type {any} */ task) => html`<span class="task ${task.state}" title=${nameOf("tasks", task.state)}>${task.agency}
      <i aria-hidden="true">${TASK_MARKS[task.state] ?? ""}</i><span class="sr">${nameOf("tasks", task.state)}</span></span> `)}</td>
    <td class="state">${nameOf("incident_states", incident.state)}</td>
  </tr>`;
}

/**
 * @param {import("../store.js").Form[]} incidents
 * @param {number} now
 * @param {Set<string>} fresh
 */
export function incidentsPart(incidents, now, fresh) {
  if (!incidents.length) return html`<p class="empty">${words.no_incidents}</p>`;
  return html`<table><thead><tr><th><span class="sr">${words.priority_head}</span></th><th>${words.number}</th>
    <th>${words.what}</th><th>${words.where}</th><th class="clock-column">${words.clock}</th><th>${words.units}</th>
    <th>${words.agencies}</th><th>${words.state}</th></tr></thead>
    <tbody>${repeat(inOrder(incidents), (incident) => incident.id, (incident) =>
      row(incident, now, fresh.has(`incident:${incident.id}`)))}</tbody></table>`;
}

/** @param {import("../store.js").Form[]} incidents */
export function incidentsTile(incidents) {
  return html`<h2>${fill(words.open_incidents, { count: incidents.length })}</h2>
    <p class="counts num">${[1, 2, 3, 4, 5].map((priority) => html`<span>${priorityMark(priority)}
      ${incidents.filter((incident) => incident.priority === priority).length}</span>`)}</p>`;
}
