/** An agency's tasks: what asks for an answer first, what runs, where its units are, what is answered. */
import { html, nothing } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { priorityMark } from "../../components/priority.js";
import { unitChip } from "../../components/units.js";
import { lengthText, urgency } from "../../core/time.js";
import { fill, nameOf, words } from "../../core/words.js";
import { table } from "../field/page-data.js";

/** @typedef {{incident: Api.IncidentForm, task: Api.TaskEntry | null, group: "offered" | "accepted" | "units" | "done"}} Entry */

const ENDED = new Set(["cleared", "cancelled", "refused", "diverted"]);
const GROUPS = /** @type {const} */ (["offered", "accepted", "units", "done"]);
/** A tap that comes sooner than this after the rows moved may have been for the row that was there before. */
const SETTLED_MS = 500;

/**
 * The agency's own task in an incident, the newest that wasn't withdrawn.
 * @param {Api.IncidentForm} incident
 * @returns {Api.TaskEntry | null}
 */
export function ownTask(incident) {
  return incident.tasks.findLast((task) => task.agency === table.agency && task.state !== "withdrawn") ?? null;
}

/** Units that are on an incident now. @param {Api.IncidentForm} incident @returns {Api.AssignmentEntry[]} */
export function present(incident) {
  return incident.assignments.filter((part) => !ENDED.has(part.status));
}

/** All that concerns this desk, in the order of the list. @param {Api.IncidentForm[]} incidents @returns {Entry[]} */
export function entriesOf(incidents) {
  const entries = incidents.map((incident) => {
    const task = ownTask(incident);
    const group =
      task?.state === "offered" ? "offered" : task?.state === "accepted" ? "accepted" : task ? "done" : "units";
    return /** @type {Entry} */ ({ incident, task, group });
  });
  return entries.sort(
    (one, other) =>
      GROUPS.indexOf(one.group) - GROUPS.indexOf(other.group) ||
      one.incident.priority - other.incident.priority ||
      (one.task?.at ?? one.incident.created_at).localeCompare(other.task?.at ?? other.incident.created_at),
  );
}

/** When the rows last took other places. */
let movedAt = -Infinity;
let places = "";

/** Whether the rows have stood still long enough for a tap to be for the row that is there. */
export const settled = () => performance.now() - movedAt >= SETTLED_MS;

/**
 * How long an offered task has waited against rule 11, and its alarm.
 * @param {Api.IncidentForm} incident @param {Api.TaskEntry} task @param {number} now @param {Api.AlarmForm | null} alarm of this task
 * @returns {{waited: number, within: number, look: "" | "soon" | "late" | "known", level: number}}
 */
export function acceptance(incident, task, now, alarm) {
  const within = (table.accept_seconds[incident.priority]?.[0] ?? 0) * 1000;
  const waited = now - Date.parse(task.at);
  const look = within ? urgency(waited, within) : "";
  return {
    waited,
    within,
    look: look === "late" && alarm?.acknowledged ? "known" : look === "ok" ? "" : look,
    level: alarm?.level ?? 0,
  };
}

/**
 * The clock of an offered task in its row.
 * @param {Api.IncidentForm} incident
 * @param {Api.TaskEntry} task
 * @param {number} now
 * @param {Api.AlarmForm | null} alarm
 */
function acceptClock(incident, task, now, alarm) {
  const { waited, within, look, level } = acceptance(incident, task, now, alarm);
  const target = !within
    ? ""
    : level
      ? fill(words.accept_level, { level })
      : fill(words.accept_of, { time: lengthText(within, words.days) });
  return html`<span class="clock ${look}"><b class="num ${look}">${lengthText(waited, words.days)}</b><small class=${look}>${target}</small></span>`;
}

/**
 * @param {Entry} entry
 * @param {{now: number, fresh: boolean, chosen: boolean, busy: string | null, alarm: Api.AlarmForm | null,
 *          open: () => void, accept: () => void, refuse: () => void}} ways
 */
function row({ incident, task, group }, { now, fresh, chosen, busy, alarm, open, accept, refuse }) {
  const units = present(incident);
  const place = incident.location.text || words.place_unknown;
  const district = incident.location.kecamatan ? nameOf("kecamatan", incident.location.kecamatan) : "";
  const asks = group === "offered" && !busy;
  const late = asks && task ? acceptance(incident, task, now, alarm).look : "";
  return html`<li class="row task-row ${group} ${asks ? "asks" : ""} ${late ? `due-${late}` : ""} ${fresh ? "fresh" : ""} ${chosen ? "chosen" : ""}">
    <button class="open" data-incident=${incident.id} aria-current=${chosen ? "true" : nothing} @click=${open}>
      ${priorityMark(incident.priority)}
      <span class="what"><b><span class="num">${incident.number}</span> ${nameOf("types", incident.type)}${incident.now ? html` <b class="late">${words.now}</b>` : nothing}</b>
        <small class="soft"><bdi>${place}</bdi>${district ? ` · ${district}` : ""}</small></span>
      <span class="when">${
        group === "offered" && task
          ? acceptClock(incident, task, now, alarm)
          : html`<span class="num soft">${lengthText(now - Date.parse(incident.created_at), words.days)}</span><small>${
              busy ??
              (task && group === "done" ? nameOf("tasks", task.state) : nameOf("incident_states", incident.state))
            }</small>`
      }</span>
      ${units.length ? html`<span class="units">${units.map((part) => unitChip(part.callsign, part.status, part.fms))}</span>` : nothing}
    </button>
    ${
      group === "offered"
        ? html`<span class="answer">${
            busy
              ? html`<b class="soft">${busy}</b>`
              : html`
      <button class="accept" @click=${accept}>${words.accept} <span class="num">${incident.number}</span></button>
      <button class="refuse" @click=${refuse}>${words.refuse} <span class="sr num">${incident.number}</span></button>`
          }</span>`
        : nothing
    }
  </li>`;
}

/**
 * @param {Entry[]} entries
 * @param {{now: number, marked: Set<string>, chosen: string | null, busyOf: (task: Api.TaskEntry | null) => string | null,
 *          alarmOf: (task: Api.TaskEntry | null) => Api.AlarmForm | null,
 *          open: (entry: Entry) => void, accept: (entry: Entry) => void, refuse: (entry: Entry) => void}} ways
 */
export function tasksPart(entries, { now, marked, chosen, busyOf, alarmOf, open, accept, refuse }) {
  const order = entries.map((entry) => `${entry.group} ${entry.incident.id}`).join();
  if (order !== places) {
    places = order;
    movedAt = performance.now();
  }
  if (!entries.length) return html`<p class="empty">${words.no_tasks}</p>`;
  /**
   * A tap on a row that has just come under the finger opens it, so that it is read first.
   * @param {Entry} entry
   * @param {(entry: Entry) => void} act
   */
  const whenSettled = (entry, act) => () => (settled() ? act(entry) : open(entry));
  return GROUPS.map((group) => {
    const found = entries.filter((entry) => entry.group === group);
    return found.length
      ? html`<h3 class="group">${words[`group_${group}`]} <span class="num">${found.length}</span></h3>
      <ul class="rows">${repeat(
        found,
        (entry) => entry.incident.id,
        (entry) =>
          row(entry, {
            now,
            fresh: marked.has(`incident:${entry.incident.id}`),
            chosen: chosen === entry.incident.id,
            busy: busyOf(entry.task),
            alarm: alarmOf(entry.task),
            open: () => open(entry),
            accept: whenSettled(entry, accept),
            refuse: whenSettled(entry, refuse),
          }),
      )}</ul>`
      : nothing;
  });
}
