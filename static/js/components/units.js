/** Units: chips with the FMS digit, and how many do what. */
import { html } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { nameOf, words } from "../core/words.js";
import { lookOf } from "./status-classes.js";

/** Those that may be sent without diverting anybody. */
export const FREE = new Set(["available_station", "available_mobile", "cond_available", "returning"]);

/** What stands for a status: FMS digits, letters, and what the API calls these. @type {Record<string, string>} */
const LETTERS = { A: "acknowledged", S: "staging" };

/** What a digit 1 to 8 or a letter a, s stands for in the API; "" for anything else. @param {string} typed */
export function statusOf(typed) {
  if (/^[1-8]$/.test(typed)) return typed;
  return Object.hasOwn(LETTERS, typed.toUpperCase()) ? LETTERS[typed.toUpperCase()] : "";
}

/**
 * Units whose crew is in an emergency: the number of its incident by callsign; kept by features/alarms.
 * @type {Map<string, string>}
 */
export const inEmergency = new Map();

/**
 * @param {string} callsign
 * @param {string} status
 * @param {string | null} fms
 * @param {boolean} [emergency] whether its crew is in an emergency
 */
export function unitChip(callsign, status, fms, emergency = false) {
  const danger = emergency || inEmergency.has(callsign);
  const name = danger ? `${words.emergency} · ${nameOf("statuses", status)}` : nameOf("statuses", status);
  return html`<span class="unit ${lookOf(status)} ${danger ? "sos" : ""}" data-fms=${fms ?? "·"} title=${name}>${callsign}${danger ? html`<b aria-hidden="true">!</b>` : ""}<span
    class="sr"> ${name}</span></span>`;
}

const SHOWN = 24; // of an agency; those that do something come first, the page of units has all
// One collator for all: localeCompare makes a new one each time.
const { compare } = new Intl.Collator("id", { numeric: true });

/**
 * Units on duty by agency; those off duty are left to the page of units.
 * @param {Api.UnitForm[]} units
 */
export function unitsPart(units) {
  /** @type {Map<string, Api.UnitForm[]>} */
  const fleets = new Map();
  for (const unit of units) {
    if (lookOf(unit.status) === "off") continue;
    const fleet = fleets.get(unit.agency);
    if (fleet) fleet.push(unit);
    else fleets.set(unit.agency, [unit]);
  }
  if (!fleets.size) return html`<p class="empty">${words.no_units}</p>`;
  return repeat(
    [...fleets].sort(([one], [other]) => compare(one, other)),
    ([agency]) => agency,
    ([agency, fleet]) => html`<div class="fleet"><h3>${agency}</h3>
    <div>${repeat(
      few(fleet),
      (unit) => unit.id,
      (unit) => html`${unitChip(unit.callsign, unit.status, unit.fms)}`,
    )}${fleet.length > SHOWN ? html`<a href="/units/">+${fleet.length - SHOWN}</a>` : ""}</div></div>`,
  );
}

/** @param {Api.UnitForm[]} fleet */
function few(fleet) {
  const byName = (/** @type {Api.UnitForm} */ one, /** @type {Api.UnitForm} */ other) =>
    compare(one.callsign, other.callsign);
  if (fleet.length <= SHOWN) return fleet.sort(byName);
  const rank = (/** @type {Api.UnitForm} */ unit) => (unit.flags.emergency ? 0 : FREE.has(unit.status) ? 2 : 1);
  return fleet.sort((one, other) => rank(one) - rank(other) || byName(one, other)).slice(0, SHOWN);
}
