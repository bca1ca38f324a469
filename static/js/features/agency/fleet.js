/**
 * An agency's own units: what each does, how far it is from the selected task, a tick for those that Enter would send.
 */
import { html, nothing } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { unitChip } from "../../components/units.js";
import { lengthText } from "../../core/time.js";
import { fill, nameOf, words } from "../../core/words.js";

/** @typedef {import("./own-units.js").OwnUnit} OwnUnit */

/** @param {OwnUnit} row */
function minutesText({ minutes, guess }) {
  return minutes === null ? "" : fill(guess ? words.minutes_guess : words.minutes_short, { count: minutes });
}

/**
 * @param {OwnUnit[]} rows
 * @param {{now: number, marked: Set<string>, alarmOf: (unit: Api.UnitForm) => Api.AlarmForm | null, busyOf: (unit: Api.UnitForm) => string |
 *   null, people: (unit: Api.UnitForm) => string, tick: (unit: Api.UnitForm) => void, crew: (unit: Api.UnitForm) => void, choose: (unit: Api.UnitForm)
 *   => void, talked: (unit: Api.UnitForm) => void}} ways
 */
export function fleetPart(rows, { now, marked, alarmOf, busyOf, people, tick, crew, choose, talked }) {
  if (!rows.length) return html`<p class="empty">${words.no_units}</p>`;
  return html`<ul class="rows">${repeat(
    rows,
    ({ unit }) => unit.id,
    (row) => {
      const { unit, digit, ticked, free, sendable, why } = row;
      const alarm = alarmOf(unit);
      const minutes = minutesText(row);
      return html`<li class="row fleet-row ${ticked ? "ticked" : ""} ${free ? "" : "away"} ${alarm ? (alarm.acknowledged ? "due-known" : "due-late") : ""} ${marked.has(`unit:${unit.id}`) ? "fresh" : ""}">
    ${
      sendable
        ? html`<button class="tick" role="checkbox" aria-checked=${String(ticked)} aria-label=${fill(words.tick, { unit: unit.callsign })} @click=${() => tick(unit)}><kbd>${digit || "·"}</kbd><span aria-hidden="true">${ticked ? "✓" : ""}</span></button>`
        : html`<span class="tick" aria-hidden="true">–</span>`
    }
    <button class="open" data-unit=${unit.id} @click=${() => choose(unit)}>${unitChip(unit.callsign, unit.status, unit.fms)}
      <span class="what"><span aria-hidden="true">${busyOf(unit) ?? nameOf("statuses", unit.status)}</span><small class="soft">${[
        nameOf("capabilities", unit.kind),
        unit.incident ? fill(words.incident_number, { number: unit.incident.number }) : null,
        why || null,
      ]
        .filter(Boolean)
        .join(
          " · ",
        )}</small>${alarm ? html`<small class=${alarm.acknowledged ? "known" : "late"}>${nameOf("rules", alarm.rule)}</small>` : nothing}</span>
      <b class="num">${minutes || html`<span class="soft">${lengthText(now - Date.parse(unit.status_at), words.days)}</span>`}</b>
      ${unit.flags.emergency ? html`<b class="late">${unit.flags.emergency_withdrawn ? words.confirm_by_voice : words.emergency}</b>` : nothing}</button>
    <button class="crew-of" data-unit=${unit.id} @click=${() => crew(unit)}>${words.crew}: ${people(unit) || words.crew_none} <span class="sr">${unit.callsign}</span></button>
    ${unit.flags.talk_request ? html`<button class="talk" @click=${() => talked(unit)}>${words.talk}: ${words.end_talk}</button>` : nothing}</li>`;
    },
  )}</ul>`;
}
