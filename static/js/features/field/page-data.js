/** What the page was given of the tables of statuses, and whose it is: JSON that the template put there. */

/**
 * @typedef {{
 *   unit: {id: string, callsign: string} | null,
 *   next: Record<string, string>, steps: Record<string, string[]>, fms: Record<string, string | null>,
 *   assigned: string[], position_seconds: Record<string, number>, least_move_metres: number,
 *   straight_metres_per_second: number, refusals: string[], out_of_service: string[],
 * }} CrewTable
 * @typedef {{
 *   agency: string, accept_seconds: Record<string, number[]>, steps: Record<string, string[]>,
 *   fms: Record<string, string | null>, free: string[], assigned: string[], refusals: string[], reports: string[],
 *   out_of_service: string[], straight_metres_per_second: number,
 * }} AgencyTable
 */

/** @type {CrewTable & AgencyTable} a page has one of the two */
export const table = JSON.parse(document.getElementById("field")?.textContent ?? "{}");
