/** One task in full: what the agency may read of its incident, its dangers, who is on it, and what the desk can do. */
import { html, nothing } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { safetyPart } from "../../components/contact-safety.js";
import { unitChip } from "../../components/units.js";
import { lengthText } from "../../core/time.js";
import { fill, nameOf, words } from "../../core/words.js";
import { headPart, linesPart, peoplePart, wherePart } from "../field/job.js";
import { knownDangers } from "../field/place-warnings.js";
import { acceptance, present } from "./task-list.js";

/** @param {Api.IncidentDetails | null} read */
function callersPart(read) {
  const calls = read?.linked_calls ?? [];
  if (!calls.length) return nothing;
  const known = calls.filter((call) => call.callback_number || call.number || call.contact_safety === "unsafe");
  return html`<div class="note callers"><b>${words.callers}</b> ${
    known.length
      ? known.map((call) => {
          const number = call.callback_number || call.number;
          const name = call.caller_name ? html`<bdi>${call.caller_name}</bdi> · ` : "";
          return call.contact_safety === "unsafe"
            ? html`<p>${name}<b class="late">${words.call_unsafe}</b></p>`
            : html`<p>${name}<a class="num" href="tel:${number}">${number}</a> <span class="soft">${safetyPart(call.contact_safety ?? "unknown")}</span></p>`;
        })
      : html`<span class="soft">${words.number_hidden}</span>`
  }</div>`;
}

/** @param {Api.IncidentForm} incident @param {(part: Api.AssignmentEntry) => boolean} own @param {(part: Api.AssignmentEntry) => void} callOff */
function unitsPart(incident, own, callOff) {
  const parts = present(incident);
  return html`<div class="note"><b>${words.units_here}</b>${
    parts.length
      ? html`<ul class="plain">${repeat(
          parts,
          (part) => part.id,
          (part) => html`<li>
    ${unitChip(part.callsign, part.status, part.fms)} <span class="soft" aria-hidden="true">${nameOf("statuses", part.status)}</span>
    ${own(part) ? html`<button @click=${() => callOff(part)}>${words.call_off}</button>` : nothing}</li>`,
        )}</ul>`
      : html` <span class="soft">${words.nobody_yet}</span>`
  }</div>`;
}

/** @param {Api.IncidentForm} incident */
function agenciesPart(incident) {
  const others = incident.tasks.filter((task) => task.state !== "withdrawn");
  return others.length
    ? html`<p class="soft agencies"><b>${words.others}</b> ${others.map(
        (task) => html`<span
    class="task-mark ${task.state}">${task.agency} · ${nameOf("tasks", task.state)}</span> `,
      )}</p>`
    : nothing;
}

/**
 * How long the task has waited, large, with what it runs against.
 * @param {Api.IncidentForm} incident
 * @param {Api.TaskEntry} task
 * @param {number} now
 * @param {Api.AlarmForm | null} alarm
 */
function clockPart(incident, task, now, alarm) {
  const { waited, within, look, level } = acceptance(incident, task, now, alarm);
  const text = !within
    ? words.passed_on_short
    : level
      ? fill(words.accept_level, { level })
      : fill(words.accept_before, { time: lengthText(within, words.days) });
  return html`<div class="clock deciding ${look}"><b class="num ${look}">${lengthText(waited, words.days)}</b>
    ${within ? html`<progress max=${within} value=${Math.min(waited, within)} aria-label=${text}></progress>` : nothing}<small>${text}</small></div>`;
}

/**
 * @param {import("./task-list.js").Entry} entry
 * @param {{read: Api.IncidentDetails | null, why: string | null}} known
 * @param {{now: number, alarm: Api.AlarmForm | null, timeText: (moment: string) => string, timeline: Api.TimelineItem[] | null,
 *          timelineOpen: boolean, own: (part: Api.AssignmentEntry) => boolean, callOff: (part: Api.AssignmentEntry) => void, back: () => void,
 *          onTimeline: (open: boolean) => void}} ways
 */
export function taskPart({ incident, task, group }, { read, why }, ways) {
  const { now, timeText } = ways;
  return html`<button class="back tap" @click=${ways.back}>‹ ${words.back}</button>
    <div class="task-top"><div>${headPart(incident, read, null, now)}${wherePart(incident, null)}
    ${incident.location.lat === null || incident.location.lng === null ? nothing : html`<p class="num soft point">${incident.location.lat.toFixed(5)}, ${incident.location.lng.toFixed(5)}</p>`}</div>
    ${group === "offered" && task ? clockPart(incident, task, now, ways.alarm) : nothing}</div>
    ${knownDangers(read)}${peoplePart(read)}
    ${why && !read ? html`<p class="note">${fill(words.read_failed, { why })}</p>` : nothing}
    ${!read && !why ? html`<p class="soft">${words.loading}</p>` : nothing}
    ${read && !read.readable ? html`<p class="note">${words.not_readable}</p>` : nothing}
    ${linesPart(incident, read, timeText)}
    ${read?.readable && !read.narrative && !read.notes?.length ? html`<p class="soft">${words.no_words}</p>` : nothing}
    ${callersPart(read)}${unitsPart(incident, ways.own, ways.callOff)}${agenciesPart(incident)}
    <details class="timeline" ?open=${ways.timelineOpen} @toggle=${(/** @type {ToggleEvent} */ event) =>
      ways.onTimeline(/** @type {HTMLDetailsElement} */ (event.target).open)}><summary>${words.timeline}</summary>
      ${
        ways.timeline
          ? html`<ol class="plain">${repeat(
              ways.timeline,
              (item) => item.seq,
              (item) => html`<li><time class="num mute">${timeText(item.at)}</time>
        <span>${item.text}</span></li>`,
            )}</ol>`
          : html`<p class="soft">${words.loading}</p>`
      }</details>`;
}
