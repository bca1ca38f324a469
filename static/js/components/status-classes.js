/** How each status of a unit looks: one colour class, everywhere the same (chips, tiles, map). */

/** @type {Record<string, string>} */
const LOOKS = {
  off_duty: "off",
  out_of_service: "off",
  available_station: "free",
  available_mobile: "free",
  cond_available: "free",
  returning: "free",
  dispatched: "sent",
  acknowledged: "sent",
  stacked: "sent",
  en_route: "en-route",
  staging: "en-route",
  on_scene: "on-scene",
  transporting: "moving",
  at_destination: "moving",
};

/** Those on duty, in the order of the bar. */
export const GROUPS = ["free", "sent", "en-route", "on-scene", "moving"];

/** @param {string} status */
export function lookOf(status) {
  return LOOKS[status] ?? "off";
}

/** Seconds between reports, by status (docs/rules/unit-states.md#positions). @type {Record<string, number>} */
const INTERVALS = { en_route: 10, transporting: 10, on_scene: 60, available_station: 300 };

/**
 * Whether a fix is too old to be believed: three times the interval of its unit's status.
 * @param {string} status
 * @param {number} age milliseconds
 */
export function staleFix(status, age) {
  return age > 3000 * (INTERVALS[status] ?? 30);
}
