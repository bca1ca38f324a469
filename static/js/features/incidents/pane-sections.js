/** The sections of an incident's pane: the caller's words, its agencies, its notes. */
import { html, nothing } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { TASK_MARKS } from "../../components/incidents.js";
import { lengthText } from "../../core/time.js";
import { fill, isolated, nameOf, words } from "../../core/words.js";
import { askStrike, notesQueue } from "./notes.js";
import { askAnswer } from "./tasks.js";

/** @typedef {import("./desk.js").Desk} Desk */

/** @param {Desk} desk @param {Api.IncidentForm} incident @param {number} now */
export function tasksPart(desk, incident, now) {
  const tasks = incident.tasks.filter((task) => task.state !== "withdrawn");
  return html`<section class="part"><header><h3>${words.agencies}</h3></header>${
    tasks.length
      ? html`<ul class="tasks">${repeat(
          tasks,
          (task) => task.id,
          (task) => {
            const look = taskLook(desk, task);
            const text = html`<b>${task.agency}</b> <span class=${look}>${TASK_MARKS[task.state] ?? ""}<span class="sr"> ${nameOf("tasks", task.state)}</span> <span class="num">${
              task.state === "offered"
                ? lengthText(now - Date.parse(task.at), words.days)
                : desk.screen.timeText(task.at)
            }</span></span>`;
            const title = `${nameOf("agencies", task.agency)}: ${nameOf("tasks", task.state)}`;
            return html`<li>${
              desk.dispatches && task.state !== "done"
                ? html`<button class="task-chip ${task.state} due-${look}" title=${title} @click=${() => askAnswer(incident, task)}>${text}</button>`
                : html`<span class="task-chip ${task.state}" title=${title}>${text}</span>`
            }</li>`;
          },
        )}</ul>`
      : html`<p class="soft">${words.no_tasks}</p>`
  }</section>`;
}

/**
 * How an agency's answer stands: late and not acknowledged, late and known, or quiet.
 * @param {Desk} desk
 * @param {Api.TaskEntry} task
 */
function taskLook(desk, task) {
  if (task.state !== "offered") return task.state === "accepted" ? "ok" : "soft";
  const alarm = desk.store.all("alarms").find((one) => one.subject === `task:${task.id}`);
  return alarm ? (alarm.acknowledged ? "known" : "late") : "soft";
}

/**
 * What the caller said, in the caller's language and in full, with who called and how much was added.
 * @param {Desk} desk @param {Api.IncidentForm} incident
 */
export function callerWords(desk, incident) {
  const details = desk.known?.details;
  if (details && !details.readable)
    return html`<blockquote class="caller-words hidden"><p class="soon">${words.hidden}</p></blockquote>`;
  const narrative = details?.narrative ?? incident.narrative;
  const calls = details?.linked_calls ?? [];
  const added = (details?.notes ?? []).filter((note) => !note.struck && note.text !== narrative);
  const [first] = calls;
  const who = [
    first && (first.number ?? words.number_withheld),
    first?.caller_name && isolated(first.caller_name),
    desk.screen.timeText(incident.created_at, true),
  ]
    .filter(Boolean)
    .join(" · ");
  return html`<blockquote class="caller-words">${narrative ? html`<p dir="auto">“${narrative}”</p>` : html`<p class="soft">${words.no_words_yet}</p>`}
    <small><span class="num">${who}</span>${added.length ? html` · <b>${fill(words.lines_added, { count: added.length, time: desk.screen.timeText(added.at(-1)?.at ?? "") })}</b>` : nothing}${
      calls.length > 1 ? html` · ${fill(words.calls_count, { count: calls.length })}` : nothing
    } <kbd>H</kbd></small></blockquote>`;
}

/** Words: the first ones, then each line; struck ones stay readable. @param {Desk} desk @param {Api.IncidentForm} incident */
export function notesPart(desk, incident) {
  const details = desk.known?.details;
  if (details && !details.readable)
    return html`<section class="part"><header><h3>${words.notes}</h3></header><p class="soon">${words.hidden}</p></section>`;
  const narrative = details?.narrative ?? incident.narrative;
  const notes = details?.notes ?? [];
  const waiting = notesQueue(desk.screen).items.filter((item) => item.path.startsWith(`incidents/${incident.id}/`));
  return html`<section class="part"><header><h3>${words.notes}</h3><span class="grow"></span><kbd>N</kbd></header>
    ${
      notes.length || waiting.length
        ? html`<ul class="notes">${repeat(
            notes,
            (note) => note.id,
            (note) => noteRow(desk, note),
          )}
      ${waiting.map((item) => html`<li class="row waiting"><span class="num soft">${words.sending}</span><span>${item.body.text}</span></li>`)}</ul>`
        : narrative
          ? nothing
          : html`<p class="soft">${words.no_notes}</p>`
    }</section>`;
}

/** @param {Desk} desk @param {Api.NoteForm} note */
function noteRow(desk, note) {
  const late = Date.parse(note.recorded_at) - Date.parse(note.at) > 60_000;
  return html`<li class="row ${note.struck ? "struck" : ""}"><span class="num soft" title=${fill(words.said_at, { at: desk.screen.timeText(note.at), recorded: desk.screen.timeText(note.recorded_at) })}>${desk.screen.timeText(
    note.at,
  )}${late ? " *" : ""}</span><span>${
    note.struck
      ? html`<s>${note.text}</s>
    <small class="soon">${fill(words.struck_by, note.struck)}</small>`
      : html`<bdi>${note.text}</bdi>`
  } <small class="mute">${note.by.name}</small></span>
    ${desk.writes && !note.struck ? html`<button class="quiet" @click=${() => askStrike(note)}>${words.strike}</button>` : nothing}</li>`;
}
