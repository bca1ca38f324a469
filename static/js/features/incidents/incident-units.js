/**
 * The units of an incident, one line each: chip, status in words, a time for each step, what runs or where it heads.
 */
import { html, nothing } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { ENDED } from "../../components/incidents.js";
import { needChips } from "../../components/needs.js";
import { unitChip } from "../../components/units.js";
import { lengthText, urgency } from "../../core/time.js";
import { fill, nameOf, names, words } from "../../core/words.js";
import { askWhy, callOffPart, sendStacked } from "./sending.js";
import { pressDigit } from "./status-reports.js";

/** @typedef {import("./desk.js").Desk} Desk */

const STEPS = /** @type {const} */ (["dispatched_at", "acknowledged_at", "en_route_at", "on_scene_at"]);
const DIGITS = ["1", "2", "3", "4", "5", "6", "7", "8"];
/** The rule whose clock runs in a status. @type {Record<string, string>} */
const RULES = { dispatched: "rule.5", acknowledged: "rule.6" };

/**
 * The clock of a unit that has not acknowledged or set out; null where none runs.
 * @param {Desk} desk
 * @param {Api.IncidentForm} incident
 * @param {Api.AssignmentEntry} part
 * @param {number} now
 */
function stepClock(desk, incident, part, now) {
  const seconds = Number(names.seconds?.[`${RULES[part.status]}.${incident.priority}`]);
  if (!seconds) return null;
  const elapsed = now - Date.parse(part.at);
  const look = urgency(elapsed, seconds * 1000);
  const alarm = desk.store.all("alarms").find((one) => one.subject === `assignment:${part.id}`);
  return {
    elapsed,
    target: seconds * 1000,
    look: look === "late" && alarm?.acknowledged ? "known" : look === "ok" ? "" : look,
  };
}

/** @param {Desk} desk @param {Api.IncidentForm} incident @param {Api.AssignmentEntry} part @param {number} now */
function aheadPart(desk, incident, part, now) {
  const clock = stepClock(desk, incident, part, now);
  if (clock)
    return html`<b class="num ${clock.look}">${lengthText(clock.elapsed, words.days)}</b> <span class="soft num">${fill(words.of_target, { time: lengthText(clock.target, words.days) })}</span>`;
  if (part.status === "stacked") {
    const unit = desk.store.things.units.get(part.unit);
    return html`<span class="soft">${unit?.incident ? fill(words.after_number, unit.incident) : words.waits_here}</span>`;
  }
  return html`<span class="num soft">${fill(words.since_step, { time: lengthText(now - Date.parse(part.at), words.days) })}</span>`;
}

/** @param {Desk} desk @param {Api.AssignmentEntry} part */
const timesPart = (desk, part) =>
  STEPS.map(
    (step) =>
      html`<span class="num step" role="cell">${
        part[step]
          ? desk.screen.timeText(part[step], true)
          : html`<span class="mute" aria-hidden="true">·</span><span class="sr">${words.not_yet}</span>`
      }</span>`,
  );

/** @param {Desk} desk @param {Api.IncidentForm} incident @param {number} now */
export function unitsHere(desk, incident, now) {
  const parts = desk.parts(incident);
  const ended = incident.assignments.filter((part) => ENDED.has(part.status));
  const selected = desk.selected(incident);
  const going = desk.sending.get(incident.id);
  const places = needChips(desk.missing(incident) ?? []);
  const choose = (/** @type {Api.AssignmentEntry} */ part) => {
    desk.part = part.id;
    desk.screen.draw();
  };
  const line = (/** @type {Api.AssignmentEntry} */ part, over = false) => {
    const late = over ? "" : (stepClock(desk, incident, part, now)?.look ?? "");
    return html`<div class="row unit-line ${part === selected ? "selected" : ""} ${over ? "over" : ""} ${late ? `due-${late}` : ""}" role="row" aria-selected=${String(part === selected)} @click=${() => choose(part)}>
      <span role="rowheader">${over ? html`<span class="gone">${part.callsign}</span>` : unitChip(part.callsign, part.status, part.fms)}</span>
      <b class="cut" role="cell" title=${desk.known?.details?.assignment_reasons?.[part.id] ?? ""}>${going?.has(part.callsign) ? html`<span class="accent">${words.sending}</span>` : nameOf("statuses", part.status)}</b>
      ${timesPart(desk, part)}
      <span class="ahead" role="cell">${over ? html`<span class="num">${part.cleared_at ? desk.screen.timeText(part.cleared_at, true) : ""}</span>` : aheadPart(desk, incident, part, now)}</span></div>`;
  };
  return html`<section class="part units-here" aria-label=${words.units_here}>
    <div role="table" aria-label=${words.units_here}><div class="unit-line unit-heads" role="row"><h3 role="columnheader">${words.units_here}</h3><span class="mute cut" role="columnheader">${parts.length && desk.dispatches ? html`<kbd>←</kbd> <kbd>→</kbd> ${words.digits}` : nothing}</span>${STEPS.map(
      (step) => html`<span class="mute step" role="columnheader">${words[`stamp_${step}`]}</span>`,
    )}<span role="columnheader"></span></div>
    ${repeat(
      parts,
      (part) => part.id,
      (part) => line(part),
    )}
    ${repeat(
      ended,
      (part) => part.id,
      (part) => line(part, true),
    )}</div>
    ${places.length ? html`<p class="empty-places"><span class="mute">${words.missing_units}</span> ${places}</p>` : nothing}
    ${parts.length || ended.length || places.length ? nothing : html`<p class="soft">${words.no_units_here}</p>`}
    ${
      selected && desk.dispatches
        ? html`<div class="digits" role="toolbar" aria-label=${`${selected.callsign}: ${words.digits}`}><b>${selected.callsign}</b>${DIGITS.map(
            (digit) => html`<button
      @click=${() => {
        choose(selected);
        pressDigit(desk, digit);
      }}><kbd>${digit}</kbd> ${nameOf("fms", digit)}</button>`,
          )}
      ${selected.status === "stacked" ? html`<button @click=${() => sendStacked(selected)}>${words.send_stacked}</button>` : nothing}
      <button @click=${() => callOffPart(incident, selected)}>${words.call_off}<span class="sr"> ${selected.callsign}</span></button></div>`
        : nothing
    }
    ${parts.concat(ended).map((part) => whyPart(desk, part))}
  </section>`;
}

/** Why this unit was sent, in words, or the question of it while it is open. @param {Desk} desk @param {Api.AssignmentEntry} part */
function whyPart(desk, part) {
  const why = desk.known?.details?.assignment_reasons?.[part.id];
  if ((desk.whys.get(part.id) ?? 0) > performance.now()) {
    return html`<p class="why-line"><b>${part.callsign}</b> <button @click=${() => askWhy(desk, part)}>${fill(words.why_short, part)}</button></p>`;
  }
  return why ? html`<p class="why-line soft"><b>${part.callsign}</b> ${why}</p>` : nothing;
}
