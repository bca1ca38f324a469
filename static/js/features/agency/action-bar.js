/**
 * The action bar at the foot of an agency's page: the incident that every key acts on, the main act, the other ones.
 */
import { html, nothing } from "lit-html";
import { priorityMark } from "../../components/priority.js";
import { comboFor } from "../../core/keys.js";
import { fill, nameOf, words } from "../../core/words.js";

/** @typedef {import("./task-list.js").Entry} Entry */

/** @param {Entry} entry */
export const open = ({ group }) => group === "offered" || group === "accepted";

/**
 * What the main key does for a task: its text, or "" where it does nothing.
 * @param {Entry} entry @param {Api.UnitForm[]} ticked units
 */
export function mainText({ group }, ticked) {
  const units = ticked.map((unit) => unit.callsign).join(", ");
  if (group === "offered") return units ? fill(words.accept_send, { units }) : words.accept;
  return group === "accepted" && units ? fill(words.send_ticked, { units }) : "";
}

/**
 * @param {Entry | null} entry
 * @param {{busy: string | null, ticked: Api.UnitForm[], gone: string, ways: Record<string, () => unknown>}} how gone: the
 *   number of a selected incident that left the board
 */
export function actionBar(entry, { busy, ticked, gone, ways }) {
  if (!entry)
    return html`<p class="bar-target" role="status">${gone ? html`<b class="soon">${fill(words.task_gone, { number: gone })}</b>` : html`<span class="soft">${words.choose}</span>`}</p>`;
  const { incident, group } = entry;
  const main = mainText(entry, ticked);
  const act = (/** @type {string} */ name, /** @type {string} */ label, look = "") =>
    html`<button class="tap ${look}" @click=${ways[name]}>${label} <kbd>${comboFor(name)}</kbd></button>`;
  return html`<p class="bar-target">${priorityMark(incident.priority)}<span><b><span class="num">${incident.number}</span> ${nameOf("types", incident.type)}, <bdi>${incident.location.text || words.place_unknown}</bdi></b>
      <small class="soft">${words.bar_only}</small></span></p>
    ${busy ? html`<b class="tap off">${busy}</b>` : nothing}
    ${main && !busy ? html`<button class="tap main-act" @click=${ways.main}>${main} <kbd>Enter</kbd></button>` : nothing}
    ${group === "offered" && !busy && ticked.length ? act("accept", words.accept_only) : nothing}
    ${act("note", words.note)}
    ${group === "accepted" ? act("task", words.ask_agency) : nothing}
    ${incident.location.lat === null ? nothing : act("warn", words.warn)}
    ${group === "accepted" && !busy ? act("done", words.report_done) : nothing}
    <span class="grow"></span>
    ${group === "offered" && !busy ? act("refuse", words.refuse_why_dots, "refuse") : nothing}`;
}
