/** The help that `?` opens: keys grouped by what one is doing, the commands, and what the signs mean. */
import { html, nothing, render } from "lit-html";
import { TASK_MARKS } from "../../components/incidents.js";
import { priorityMark } from "../../components/priority.js";
import { keys } from "../../core/keys.js";
import { nameOf, names, words } from "../../core/words.js";
import { commandTable } from "../command/command-help.js";

/** @typedef {import("../../core/keys.js").Key} Key */

const ORDER = ["call", "incidents", "tasks", "units", "move", "alarms", "page"];

/** The keys of this screen by group, in the order of a call. */
function groups() {
  const found = new Map(ORDER.map((group) => [group, /** @type {Key[]} */ ([])]));
  for (const key of keys) {
    const group = found.get(key.group);
    if (group) group.push(key);
    else found.set(key.group, [key]);
  }
  return [...found].filter(([, group]) => group.length);
}

function commands() {
  const line = document.getElementById("command");
  if (!line) return nothing;
  return html`<section><h3>${words.help_commands} <kbd>/</kbd></h3>${commandTable()}</section>`;
}

function signs() {
  const fms = Object.entries(names.fms ?? {});
  return html`<section class="signs"><h3>${words.help_signs}</h3><dl>
    ${[1, 2, 3, 4, 5].map((priority) => html`<div><dt>${priorityMark(priority)}</dt><dd>P${priority}</dd></div>`)}
    <div><dt><b class="num">0:47</b></dt><dd>${words.help_target_fine}</dd></div>
    <div><dt><b class="num soon">0:47</b></dt><dd>${words.help_target_soon}</dd></div>
    <div><dt><b class="num late">1:12</b></dt><dd>${words.help_target_late}</dd></div>
    <div><dt><span class="unit free" data-fms="2">${words.help_callsign}</span></dt><dd>${words.help_chip}</dd></div>
    ${fms.map(([digit, name]) => html`<div><dt><b class="num">${digit}</b></dt><dd>${name}</dd></div>`)}
    ${Object.entries(TASK_MARKS).map(([state, mark]) => html`<div><dt>${mark}</dt><dd>${words.help_tasks}: ${nameOf("tasks", state)}</dd></div>`)}
    <div><dt><span class="live"></span></dt><dd>${words.help_live}</dd></div>
    <div><dt><span class="live stale"></span></dt><dd>${words.help_stale}</dd></div>
    <div><dt>*</dt><dd>${words.help_unofficial}</dd></div></dl></section>`;
}

/** Show or close the help of this screen. */
export function toggleHelp() {
  const dialog = /** @type {HTMLDialogElement | null} */ (document.getElementById("help"));
  if (!dialog) return;
  if (dialog.open) return dialog.close();
  render(
    html`<header><h2>${words.help}</h2><form method="dialog"><button class="main" autofocus>${words.close} <kbd>Esc</kbd></button></form></header>
    <div class="help-columns"><div class="help-keys">${groups().map(
      ([group, some]) =>
        html`<section><h3>${words[`help_group_${group}`] ?? group}</h3><dl class="keys">${some.map(
          (key) => html`<div><dt><kbd>${key.combo}</kbd></dt><dd>${key.label}</dd></div>`,
        )}</dl></section>`,
    )}${commands()}</div>${signs()}</div>`,
    dialog,
  );
  dialog.showModal();
  dialog.scrollTop = 0;
}
