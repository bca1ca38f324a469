/** Choosing units: type-ahead over all of them, the free and near ones first, with what each is doing and how far. */
import { html } from "lit-html";
import { openAsk } from "../../components/prompt-bar.js";
import { FREE, unitChip } from "../../components/units.js";
import { fill, nameOf, words } from "../../core/words.js";
import { divertUnit, sendOther } from "./sending.js";

/** @typedef {import("./desk.js").Desk} Desk */

const MOST = 12;
const EARTH_METRES = 6_371_000;

/**
 * Straight-line metres from a unit's last fix to an incident; null where one of them is not known.
 * @param {Desk} desk @param {Api.UnitForm} unit @param {Api.IncidentForm} incident
 */
function metresTo(desk, unit, incident) {
  const fix = desk.store.positions.get(unit.callsign);
  const { lat, lng } = incident.location;
  if (!fix || lat === null || lng === null) return null;
  const [to, from] = [(lat * Math.PI) / 180, (fix[1] * Math.PI) / 180];
  const east = (((lng - fix[2]) * Math.PI) / 180) * Math.cos((to + from) / 2);
  return EARTH_METRES * Math.hypot(to - from, east);
}

/**
 * What is known of a unit's way: the recommendation's own words, else the straight distance, else what it is doing.
 * @param {Desk} desk @param {Api.UnitForm} unit @param {Api.IncidentForm} incident
 */
function wayText(desk, unit, incident) {
  const candidate = [
    ...(desk.known?.recommendation?.picks ?? []),
    ...(desk.known?.recommendation?.passed_over ?? []),
  ].find((one) => one.callsign === unit.callsign);
  if (desk.known?.id === incident.id && candidate) return candidate.reasons.join(", ");
  const metres = metresTo(desk, unit, incident);
  return [
    nameOf("statuses", unit.status),
    unit.incident ? fill(words.incident_number, unit.incident) : "",
    metres === null ? "" : `${(metres / 1000).toFixed(1)} ${words.km}`,
  ]
    .filter(Boolean)
    .join(" · ");
}

/**
 * Units whose callsign, kind or agency has what is typed: the callsign's beginning counts most, then free, then near.
 * @param {Desk} desk @param {Api.IncidentForm} incident @param {string} typed @param {(unit: Api.UnitForm) => boolean} wanted
 */
function fitting(desk, incident, typed, wanted) {
  const low = typed.toLowerCase();
  const found = desk.store
    .all("units")
    .filter(
      (unit) =>
        wanted(unit) &&
        [unit.callsign, unit.agency, ...unit.capabilities, unit.kind].some((word) => word.toLowerCase().includes(low)),
    );
  const rank = (/** @type {Api.UnitForm} */ unit) =>
    (unit.callsign.toLowerCase() === low ? -2 : unit.callsign.toLowerCase().startsWith(low) && low ? -1 : 0) * 1e9 +
    (FREE.has(unit.status) ? 0 : 1e8) +
    (metresTo(desk, unit, incident) ?? 1e7);
  const ranked = found.map((unit) => ({ unit, rank: rank(unit) }));
  ranked.sort(
    (one, other) =>
      one.rank - other.rank || one.unit.callsign.localeCompare(other.unit.callsign, "id", { numeric: true }),
  );
  return ranked.slice(0, MOST).map(({ unit }) => ({
    value: unit,
    label: html`${unitChip(unit.callsign, unit.status, unit.fms)} <span class="mute">${unit.agency}</span>`,
    detail: wayText(desk, unit, incident),
  }));
}

/** Send another unit than the recommended ones. @param {Desk} desk */
export function askUnit(desk) {
  const incident = desk.meant();
  if (!incident || !desk.dispatches) return;
  const here = new Set(desk.parts(incident).map((part) => part.callsign));
  openAsk({
    title: fill(words.unit_field, incident),
    hint: words.unit_hint,
    options: (typed) =>
      fitting(desk, incident, typed, (unit) => !here.has(unit.callsign) && unit.status !== "off_duty"),
    accept: (_typed, unit) => {
      if (!unit) return words.no_unit_fits;
      if (unit.incident) return fill(words.unit_elsewhere, { callsign: unit.callsign, number: unit.incident.number });
      if (!FREE.has(unit.status))
        return fill(words.unit_cannot, { callsign: unit.callsign, status: nameOf("statuses", unit.status) });
      sendOther(desk, incident, unit.callsign);
    },
  });
}

/** Take a unit from another incident. @param {Desk} desk */
export function askDivert(desk) {
  const incident = desk.meant();
  if (!incident || !desk.dispatches) return;
  const elsewhere = (/** @type {Api.UnitForm} */ unit) => unit.incident !== null && unit.incident.id !== incident.id;
  openAsk({
    title: fill(words.divert_field, incident),
    hint: words.divert_hint,
    options: (typed) => fitting(desk, incident, typed, elsewhere),
    accept: (_typed, unit) => {
      if (!unit) return words.no_unit_fits;
      divertUnit(desk, incident, unit);
    },
  });
}
