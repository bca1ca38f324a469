/** The units that an incident still lacks: as the board says it, drawn as empty places. */
import { html } from "lit-html";
import { fill, nameOf, words } from "../core/words.js";

/** @typedef {{capability: string, count: number}} Need */

/**
 * The units that the incident's plan requires, that nobody was sent for and that nobody accepted as missing. Empty for
 * a restricted incident: what it needs would name its type.
 * @param {Api.IncidentForm} incident @returns {Need[]}
 */
export const missingNeeds = (incident) => incident.missing ?? [];

/** @param {Need} need */
const needText = (need) =>
  fill(words.need, { count: need.count, what: nameOf("capabilities", need.capability).toLowerCase() });

/** The missing units in words: "1 ladder truck, 2 ambulances". @param {Need[]} needs */
export const needsText = (needs) => needs.map(needText).join(", ");

/**
 * The empty places of an incident, as dashed chips.
 * @param {Need[]} needs @param {number} [room] how many letters there is room for; what goes beyond is counted
 */
export function needChips(needs, room = Infinity) {
  const texts = needs.map(needText);
  let shown = texts.length;
  while (shown > 1 && texts.slice(0, shown).join("").length > room) shown -= 1;
  return [
    ...texts.slice(0, shown).map((text) => html`<span class="need">${text}</span>`),
    ...(shown < texts.length ? [html`<b title=${texts.join(", ")}>+${texts.length - shown}</b>`] : []),
  ];
}
