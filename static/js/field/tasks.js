/** An agency's tasks: what asks for an answer first and loud, what runs, where its units are, what is answered. */
import { html, nothing } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { comboFor } from "../keys.js";
import { priorityMark } from "../parts/priority.js";
import { lengthText, urgency } from "../parts/time.js";
import { unitChip } from "../parts/units.js";
import { fill, nameOf, words } from "../parts/words.js";
import { table } from "./table.js";

/** @typedef {import("../store.js").Form} Form */
/** @typedef {{incident: Form, task: Form | null, group: "offered" | "accepted" | "units" | "done"}} Entry */

const ENDED = new Set(["cleared", "cancelled", "refused", "diverted"]);
const GROUPS = /** @type {const} */ (["offered", "accepted", "units", "done"]);

/** The agency's own task in an incident, the newest that wasn't withdrawn. @param {Form} incident @returns {Form | null} */
export function ownTask(incident) {
  return incident.tasks.findLast((/** @type {Form} */ task) => task.agency === table.agency && task.state !== "withdrawn") ?? null;
}

/** Units that are on an incident now. @param {Form} incident @returns {Form[]} */
export function present(incident) {
  return incident.assignments.filter((/** @type {Form} */ part) => !ENDED.has(part.status));
}

/** All that concerns this desk, in the order of the list. @param {Form[]} incidents @returns {Entry[]} */
export function entriesOf(incidents) {
  const entries = incidents.map((incident) => {
    const task = ownTask(incident);
    const group = task?.state === "offered" ? "offered" : task?.state === "accepted" ? "accepted" : task ? "done" : "units";
    return /** @type {Entry} */ ({ incident, task, group });
  });
  return entries.sort((one, other) => GROUPS.indexOf(one.group) - GROUPS.indexOf(other.group)
    || one.incident.priority - other.incident.priority
    || (one.task?.at ?? one.incident.created_at).localeCompare(other.task?.at ?? other.incident.created_at));
}

/** The clock of an offered task against rule 11. @param {Form} incident @param {Form} task @param {number} now */
export function acceptClock(incident, task, now) {
  const [within] = table.accept_seconds[incident.priority] ?? [];
  const waited = now - Date.parse(task.at);
  if (!within) return html`<span class="num soft">${fill(words.passed_on, { age: lengthText(waited, words.days) })}</span>`;
  const look = urgency(waited, within * 1000);
  const text = look === "late" ? fill(words.accept_late, { age: lengthText(waited - within * 1000, words.days) }) : fill(words.accept_within, { seconds: within });
  return html`<div class="clock ${look}"><b class="num ${look}">${lengthText(waited, words.days)}</b>
    <progress max=${within * 1000} value=${Math.min(waited, within * 1000)} aria-hidden="true"></progress><small>${text}</small></div>`;
}

/**
 * @param {Entry} entry
 * @param {{now: number, fresh: boolean, chosen: boolean, busy: string | null,
 *          open: () => void, accept: () => void, refuse: () => void}} ways
 */
function row({ incident, task, group }, { now, fresh, chosen, busy, open, accept, refuse }) {
  const units = present(incident);
  const place = incident.location.text || words.place_unknown;
  const district = incident.location.kecamatan ? nameOf("kecamatan", incident.location.kecamatan) : "";
  const loud = group === "offered" && !busy;
  return html`<li class="row task-row ${group} ${loud ? "loud" : ""} ${fresh ? "fresh" : ""} ${chosen ? "chosen" : ""}">
    <button class="open" data-incident=${incident.id} aria-current=${chosen ? "true" : nothing} @click=${open}>
      ${priorityMark(incident.priority)}
      <span class="what"><b>${nameOf("types", incident.type)}${incident.now ? html` <b class="late">${words.now}</b>` : nothing}</b>
        <small class="soft"><span class="num">${incident.number}</span> · ${place}${district ? ` · ${district}` : ""}</small></span>
      <span class="when">${group === "offered" && task ? acceptClock(incident, task, now)
        : html`<span class="num soft">${lengthText(now - Date.parse(incident.created_at), words.days)}</span><small>${busy
          ?? (task && group === "done" ? nameOf("tasks", task.state) : nameOf("incident_states", incident.state))}</small>`}</span>
      ${units.length ? html`<span class="units">${units.map((part) => unitChip(part.callsign, part.status, part.fms))}</span>` : nothing}
    </button>
    ${group === "offered" ? html`<span class="answer">${busy ? html`<b class="soft">${busy}</b>` : html`
      <button class="accept" @click=${accept}>${words.accept} <kbd>${comboFor("accept")}</kbd></button>
      <button class="refuse" @click=${refuse}>${words.refuse} <kbd>${comboFor("refuse")}</kbd></button>`}</span>` : nothing}
  </li>`;
}

/**
 * @param {Entry[]} entries
 * @param {{now: number, marked: Set<string>, chosen: string | null, busyOf: (task: Form | null) => string | null,
 *          open: (entry: Entry) => void, accept: (entry: Entry) => void, refuse: (entry: Entry) => void}} ways
 */
export function tasksPart(entries, { now, marked, chosen, busyOf, open, accept, refuse }) {
  if (!entries.length) return html`<p class="empty">${words.no_tasks}</p>`;
  return GROUPS.map((group) => {
    const found = entries.filter((entry) => entry.group === group);
    return found.length ? html`<h3 class="group">${words[`group_${group}`]} <span class="num">${found.length}</span></h3>
      <ul class="rows">${repeat(found, (entry) => entry.incident.id, (entry) => row(entry, {
        now,
        fresh: marked.has(`incident:${entry.incident.id}`),
        chosen: chosen === entry.incident.id,
        busy: busyOf(entry.task),
        open: () => open(entry),
        accept: () => accept(entry),
        refuse: () => refuse(entry),
      }))}</ul>` : nothing;
  });
}
