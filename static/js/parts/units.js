/** Units: chips with the FMS digit, and how many do what. */
import { html } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { fill, nameOf, words } from "./words.js";

/** The colour class of each status. @type {Record<string, string>} */
const LOOKS = {
  off_duty: "off", out_of_service: "off", available_station: "free", available_mobile: "free", cond_available: "free",
  returning: "free", dispatched: "sent", acknowledged: "sent", stacked: "sent", en_route: "en-route",
  staging: "en-route", on_scene: "on-scene", transporting: "moving", at_destination: "moving",
};
const GROUPS = ["free", "sent", "en-route", "on-scene", "moving"];

/**
 * @param {string} callsign
 * @param {string} status
 * @param {string | null} fms
 */
export function unitChip(callsign, status, fms) {
  const name = nameOf("statuses", status);
  return html`<span class="unit ${LOOKS[status] ?? "off"}" data-fms=${fms ?? "·"} title=${name}>${callsign}<span
    class="sr"> ${name}</span></span>`;
}

/**
 * Units on duty by agency; those off duty are only counted.
 * @param {import("../store.js").Form[]} units
 */
export function unitsPart(units) {
  const onDuty = units.filter((unit) => (LOOKS[unit.status] ?? "off") !== "off");
  const agencies = [...new Set(onDuty.map((unit) => unit.agency))].sort();
  if (!onDuty.length) return html`<p class="empty">${words.no_units}</p>`;
  return repeat(agencies, (agency) => agency, (agency) => html`<div class="fleet"><h3>${agency}</h3><div>${repeat(
    onDuty.filter((unit) => unit.agency === agency).sort((one, other) => one.callsign.localeCompare(other.callsign, "id", { numeric: true })),
    (unit) => unit.id,
    (unit) => html`${unitChip(unit.callsign, unit.status, unit.fms)}${unit.flags.emergency
      ? html`<b class="late">${words.emergency}</b>` : ""}`,
  )}</div></div>`);
}

/** @param {import("../store.js").Form[]} units */
export function unitsTile(units) {
  const counts = GROUPS.map((group) => [group, units.filter((unit) => LOOKS[unit.status] === group).length]);
  const onDuty = counts.reduce((sum, [, count]) => sum + Number(count), 0);
  return html`<h2>${fill(words.units_on_duty, { count: onDuty })}</h2>
    <p class="legend num">${counts.map(([group, count]) => html`<span class="swatch ${group}"><b>${count}</b> ${words[`units_${group}`]}</span>`)}</p>`;
}
