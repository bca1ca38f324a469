/** What is known of a place before one goes there: shown large, and marked as seen before the unit sets out. */
import { html } from "lit-html";
import { fill, words } from "../../core/words.js";

/** @typedef {import("../../core/store.js").Form} Form */

/** Those seen here, which the server may not know of yet. @type {Set<string>} */
const seenHere = new Set();
/** Those for which the server has refused to let the unit go, whoever has seen them before. @type {Set<string>} */
const demanded = new Set();

/** Mark them as seen from this phone. @param {Api.IncidentWarning[]} warnings */
export function markSeen(warnings) {
  for (const { id } of warnings) {
    seenHere.add(id);
    demanded.delete(id);
  }
}

/** The server wants these to be seen now. @param {Api.IncidentWarning[]} warnings */
export function demand(warnings) {
  for (const { id } of warnings) demanded.add(id);
}

/** Whether a crew's unit has seen a warning. @param {Api.IncidentWarning} warning @param {Api.UnitForm} unit */
function isSeen(warning, unit) {
  if (demanded.has(warning.id)) return false;
  return seenHere.has(warning.id) || (warning.seen_by ?? []).some((by) => by.unit === unit.id);
}

/** The warnings that a unit's crew hasn't seen. @param {Api.IncidentDetails | null} read @param {Api.UnitForm} unit @returns {Form[]} */
export function unseen(read, unit) {
  return (read?.place_warnings ?? []).filter((warning) => !isSeen(warning, unit));
}

/** @param {Api.IncidentWarning} warning */
function card(warning) {
  return html`<div class="danger ${warning.kind}"><b class="kind">${words[`danger.${warning.kind}`] ?? warning.kind}</b>
    <p>${warning.text}</p>
    <small class="soft">${[
      (warning.metres ?? 0) < 10 ? null : fill(words.metres, { count: Math.round(warning.metres ?? 0) }),
      warning.author,
    ]
      .filter(Boolean)
      .join(" · ")}</small></div>`;
}

/** In full, before anything else. @param {Api.IncidentWarning[]} warnings @param {unknown} job what and where, in a line */
export function dangersPart(warnings, job) {
  return html`<section class="dangers" aria-labelledby="dangers-head"><h1 id="dangers-head">${words.dangers}</h1><p>${job}</p>
    ${warnings.map(card)}<p class="soft">${words.dangers_hint}</p></section>`;
}

/** Those already seen, among the job's lines. @param {Api.IncidentDetails | null} read */
export function knownDangers(read) {
  return (read?.place_warnings ?? []).map(card);
}
