/** What an incident's plan still asks for: needs of the type's current plan less the units that were sent. */
import { html } from "lit-html";
import { assigned } from "./incidents.js";
import { fill, nameOf, names, words } from "./words.js";

/** @typedef {import("../store.js").Form} Form @typedef {{capability: string, count: number}} Need */

/**
 * The required needs that no sent unit meets. Empty for a type without a plan, and for a restricted incident whose type
 * is not shown.
 * @param {import("../store.js").Store} store @param {Form} incident @returns {Need[]}
 */
export function missingNeeds(store, incident) {
  /** @type {Need[]} */
  const needs = /** @type {any} */ (names.plans)?.[incident.type] ?? [];
  if (!needs.length) return [];
  const sent = assigned(incident).map((/** @type {any} */ part) => new Set(store.things.units.get(part.unit)?.capabilities ?? []));
  const left = [];
  for (const need of needs) {
    let { count } = need;
    for (let at = sent.length - 1; at >= 0 && count; at--) {
      if (!sent[at].has(need.capability)) continue;
      sent.splice(at, 1);
      count -= 1;
    }
    if (count) left.push({ capability: need.capability, count });
  }
  return left;
}

/** @param {Need} need */
const needText = (need) => fill(words.need, { count: need.count, what: nameOf("capabilities", need.capability).toLowerCase() });

/**
 * The empty places of an incident, as dashed chips.
 * @param {Need[]} needs @param {number} [room] how many letters there is room for; what goes beyond is counted
 */
export function needChips(needs, room = Infinity) {
  const texts = needs.map(needText);
  let shown = texts.length;
  while (shown > 1 && texts.slice(0, shown).join("").length > room) shown -= 1;
  return [...texts.slice(0, shown).map((text) => html`<span class="need">${text}</span>`),
    ...(shown < texts.length ? [html`<b title=${texts.join(", ")}>+${texts.length - shown}</b>`] : [])];
}
