/** An agency's own units: what each does, on what, and one key or tap to change it. */
import { html, nothing } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { lengthText } from "../parts/time.js";
import { unitChip } from "../parts/units.js";
import { fill, nameOf, words } from "../parts/words.js";

/** @typedef {import("../store.js").Form} Form */

/** By callsign, as people count. @param {Form[]} units */
export function inCallsignOrder(units) {
  return [...units].sort((one, other) => one.callsign.localeCompare(other.callsign, "id", { numeric: true }));
}

/**
 * @param {Form[]} units
 * @param {{now: number, marked: Set<string>, busyOf: (unit: Form) => string | null, people: (unit: Form) => string, crew: (unit: Form) => void, choose: (unit: Form) => void, talked: (unit: Form) => void}} ways
 */
export function fleetPart(units, { now, marked, busyOf, people, crew, choose, talked }) {
  if (!units.length) return html`<p class="empty">${words.no_units}</p>`;
  return html`<ul class="rows">${repeat(inCallsignOrder(units), (unit) => unit.id, (unit) => html`<li
    class="row fleet-row ${unit.flags.emergency ? "loud" : ""} ${marked.has(`unit:${unit.id}`) ? "fresh" : ""}">
    <button class="open" data-unit=${unit.id} @click=${() => choose(unit)}>${unitChip(unit.callsign, unit.status, unit.fms)}
      <span class="what"><span aria-hidden="true">${busyOf(unit) ?? nameOf("statuses", unit.status)}</span><small class="soft">${[
        nameOf("capabilities", unit.kind),
        unit.incident ? fill(words.incident_number, { number: unit.incident.number }) : null,
      ].filter(Boolean).join(" · ")}</small></span>
      <span class="num soft">${lengthText(now - Date.parse(unit.status_at), words.days)}</span>
      ${unit.flags.emergency ? html`<b class="late">${unit.flags.emergency_withdrawn ? words.confirm_by_voice : words.emergency}</b>` : nothing}</button>
    <button class="crew-of" data-unit=${unit.id} @click=${() => crew(unit)}>${words.crew}: ${people(unit) || words.crew_none} <span class="sr">${unit.callsign}</span></button>
    ${unit.flags.talk_request ? html`<button class="talk" @click=${() => talked(unit)}>${words.talk}: ${words.end_talk}</button>` : nothing}</li>`)}</ul>`;
}
