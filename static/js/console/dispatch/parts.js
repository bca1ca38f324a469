/** The sections of an incident's pane: its units with their stamps, its agencies, its words. */
import { html, nothing } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { ENDED } from "../../parts/incidents.js";
import { lengthText } from "../../parts/time.js";
import { unitChip } from "../../parts/units.js";
import { fill, nameOf, words } from "../../parts/words.js";
import { askStrike, notesQueue } from "./noting.js";
import { askWhy, callOffPart, sendStacked } from "./sending.js";
import { pressDigit } from "./statuses.js";
import { answerTask, withdrawTask } from "./tasking.js";

/** @typedef {import("./desk.js").Desk} Desk @typedef {import("../../store.js").Form} Form */

const STAMPS = ["dispatched_at", "acknowledged_at", "en_route_at", "on_scene_at", "cleared_at"];
const DIGITS = ["1", "2", "3", "4", "5", "6", "7", "8"];

/** @param {Desk} desk @param {Form} incident @param {number} now */
export function unitsHere(desk, incident, now) {
  const parts = desk.parts(incident);
  const ended = incident.assignments.filter((/** @type {Form} */ part) => ENDED.has(part.status));
  const selected = desk.selected(incident);
  const going = desk.sending.get(incident.id);
  const choose = (/** @type {Form} */ part) => {
    desk.part = part.id;
    desk.screen.draw();
  };
  return html`<section class="part"><header><h3>${words.units_here}</h3>${parts.length && desk.dispatches
    ? html`<span class="mute">← → · ${words.digits}</span>` : nothing}</header>
    ${parts.length || ended.length ? html`<table class="here"><tbody>${repeat(parts, (part) => part.id, (part) => html`<tr
      class="row ${part === selected ? "selected" : ""}" aria-selected=${String(part === selected)} @click=${() => choose(part)}>
      <td>${unitChip(part.callsign, part.status, part.fms)}</td>
      <td><b>${nameOf("statuses", part.status)}</b> <span class="num soft">${lengthText(now - Date.parse(part.at), words.days)}</span>
        ${going?.has(part.callsign) ? html`<b class="accent">${words.sending}</b>` : nothing}</td>
      <td class="u-stamps">${stampsOf(desk, part)}</td>
      <td class="u-acts">${(desk.whys.get(part.id) ?? 0) > performance.now() ? html`<button @click=${() => askWhy(desk, part)}>${fill(words.why_short, part)}</button>` : nothing}
        ${desk.dispatches && part.status === "stacked" ? html`<button @click=${() => sendStacked(part)}>${words.send_stacked}</button>` : nothing}
        ${desk.dispatches ? html`<button @click=${() => callOffPart(desk, incident, part)}>${words.call_off}<span class="sr"> ${part.callsign}</span></button>` : nothing}</td></tr>`)}
      ${repeat(ended, (/** @type {Form} */ part) => part.id, (/** @type {Form} */ part) => html`<tr class="row over"><td><span class="gone">${part.callsign}</span></td>
        <td>${nameOf("statuses", part.status)}</td><td class="u-stamps" colspan="2">${stampsOf(desk, part)}</td></tr>`)}</tbody></table>`
      : html`<p class="soft">${words.no_units_here}</p>`}
    ${selected && desk.dispatches ? html`<div class="digits" role="toolbar" aria-label=${`${selected.callsign}: ${words.digits}`}>${DIGITS.map((digit) => html`<button
      @click=${() => { choose(selected); pressDigit(desk, digit); }}><kbd>${digit}</kbd> ${nameOf("fms", digit)}</button>`)}</div>` : nothing}
  </section>`;
}

/** The times of an assignment, and why this unit; a stamp that is not there is left out. @param {Desk} desk @param {Form} part */
function stampsOf(desk, part) {
  const why = desk.known?.details?.assignment_reasons?.[part.id];
  const stamps = STAMPS.filter((stamp) => part[stamp]).map((stamp) => html`<span><span class="mute">${words[`stamp_${stamp}`]}</span>
    <span class="num">${desk.screen.timeText(part[stamp])}</span></span> `);
  return html`${stamps}${why ? html`<span class="soft">${why}</span>` : nothing}`;
}

/** @param {Desk} desk @param {Form} incident @param {number} now */
export function tasksPart(desk, incident, now) {
  const tasks = incident.tasks;
  return html`<section class="part"><header><h3>${words.agencies}</h3></header>${tasks.length ? html`<ul class="tasks">${repeat(tasks, (/** @type {Form} */ task) => task.id, (/** @type {Form} */ task) => html`<li
    class="row ${task.state}"><b title=${nameOf("agencies", task.agency)}>${task.agency}</b> <span class=${task.state === "refused" ? "late" : task.state === "accepted" ? "ok" : "soft"}>${nameOf("tasks", task.state)}</span>
      <span class="num soft">${task.state === "offered" ? lengthText(now - Date.parse(task.at), words.days) : desk.screen.timeText(task.at)}</span>
      <span class="grow"></span>${desk.dispatches ? taskActs(incident, task) : nothing}</li>`)}</ul>` : html`<p class="soft">${words.no_tasks}</p>`}</section>`;
}

/** @param {Form} incident @param {Form} task */
function taskActs(incident, task) {
  const name = html`<span class="sr"> ${task.agency}</span>`;
  return html`${task.state === "offered" ? html`<button @click=${() => answerTask(task, "accept")}>${words.accept_for}${name}</button>
    <button @click=${() => answerTask(task, "refuse")}>${words.refuse_for}${name}</button>` : nothing}
    ${task.state === "accepted" ? html`<button @click=${() => answerTask(task, "done")}>${words.done_for}${name}</button>` : nothing}
    ${task.state === "offered" || task.state === "accepted" ? html`<button @click=${() => withdrawTask(incident, task)}>${words.withdraw}${name}</button>` : nothing}`;
}

/** Words: the first ones, then each line; struck ones stay readable. @param {Desk} desk @param {Form} incident */
export function notesPart(desk, incident) {
  const details = desk.known?.details;
  if (details && !details.readable) return html`<section class="part"><header><h3>${words.notes}</h3></header><p class="soon">${words.hidden}</p></section>`;
  const narrative = details?.narrative ?? incident.narrative;
  const notes = details?.notes ?? [];
  const waiting = notesQueue(desk.screen).errands.filter((errand) => errand.path.startsWith(`incidents/${incident.id}/`));
  return html`<section class="part"><header><h3>${words.notes}</h3><span class="grow"></span><kbd>N</kbd></header>
    ${narrative ? html`<p class="narrative">${narrative}</p>` : nothing}
    ${notes.length || waiting.length ? html`<ul class="notes">${repeat(notes, (/** @type {Form} */ note) => note.id, (/** @type {Form} */ note) => noteRow(desk, note))}
      ${waiting.map((errand) => html`<li class="row waiting"><span class="num soft">${words.sending}</span><span>${errand.body.text}</span></li>`)}</ul>`
      : narrative ? nothing : html`<p class="soft">${words.no_notes}</p>`}</section>`;
}

/** @param {Desk} desk @param {Form} note */
function noteRow(desk, note) {
  const late = Date.parse(note.recorded_at) - Date.parse(note.at) > 60_000;
  return html`<li class="row ${note.struck ? "struck" : ""}"><span class="num soft" title=${fill(words.said_at, { at: desk.screen.timeText(note.at), recorded: desk.screen.timeText(note.recorded_at) })}>${
    desk.screen.timeText(note.at)}${late ? " *" : ""}</span><span>${note.struck ? html`<s>${note.text}</s>
    <small class="soon">${fill(words.struck_by, note.struck)}</small>` : note.text} <small class="mute">${note.by.name}</small></span>
    ${desk.writes && !note.struck ? html`<button class="quiet" @click=${() => askStrike(note)}>${words.strike}</button>` : nothing}</li>`;
}
