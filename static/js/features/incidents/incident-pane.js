/** The open incident: what it is, how long it has waited, what is recommended, who is there, what was said. */
import { html, nothing } from "lit-html";
import { attentionOf } from "../../components/attention.js";
import { clockPart } from "../../components/incidents.js";
import { priorityMark } from "../../components/priority.js";
import { selection } from "../../components/selection.js";
import { comboFor } from "../../core/keys.js";
import { fill, nameOf, words } from "../../core/words.js";
import { askPlace, askPriority, askType, confirmPlace } from "./editing.js";
import { unitsHere } from "./incident-units.js";
import { callerWords, notesPart, tasksPart } from "./pane-sections.js";
import { recommendedPart } from "./recommendation.js";

/** @typedef {import("./desk.js").Desk} Desk */

/** The actions that stand under the pane, with who may use them. @type {[string, boolean][]} */
const FOOT = [
  ["note", false],
  ["other_unit", true],
  ["divert", true],
  ["task", true],
  ["second_alarm", true],
  ["late", true],
  ["merge", true],
  ["state", true],
  ["own", true],
];

/** @param {Desk} desk @param {Api.IncidentForm} incident */
function placeLine(desk, incident) {
  const { text, kecamatan, island, outside, lat, lng, verified } = incident.location;
  const area = [kecamatan && nameOf("kecamatan", kecamatan), island && nameOf("islands", island)]
    .filter(Boolean)
    .join(" · ");
  return html`<p class="place"><b>${text || html`<span class="soon">${words.place_unknown}</span>`}</b> <span class="soft">${area}</span>
    ${outside ? html`<b class="soon">${words.outside}</b>` : nothing}
    ${lat === null || lng === null ? html`<span class="soon">${words.no_point}</span>` : html`<span class="mute num">${lat.toFixed(4)}, ${lng.toFixed(4)}</span>`}
    ${
      verified
        ? html`<span class="ok">✓ ${words.read_back}</span>`
        : html`<span class=${incident.priority === 1 ? "late" : "soft"}>${incident.priority === 1 ? "▲ " : ""}${words.not_read_back}</span>
      ${desk.writes ? html`<button @click=${() => confirmPlace(desk, incident)}>${words.confirm_place}</button>` : nothing}`
    }
    ${desk.writes ? html`<button class="quiet" @click=${() => askPlace(desk, incident)}>${words.change}<span class="sr"> ${words.place_word}</span></button>` : nothing}</p>`;
}

/** @param {Desk} desk @param {Api.IncidentForm} incident @param {number} now */
function headPart(desk, incident, now) {
  const type = desk.known?.details?.type ?? incident.type;
  return html`<header class="incident-head">
    <div class="title"><button class="bare" ?disabled=${!desk.writes} title=${words.priority_word} @click=${() => askPriority(desk, incident)}>${priorityMark(incident.priority)}</button>
      <h2><span class="num">${incident.number}</span> ${nameOf("types", type)}</h2>
      ${desk.writes ? html`<button class="quiet" @click=${() => askType(desk, incident)}>${type}<span class="sr"> ${words.change} ${words.type_word}</span></button>` : html`<span class="mute">${type}</span>`}
      ${incident.now ? html`<b class="late">${words.now}</b>` : nothing}${incident.restricted ? html`<b class="soon">${words.restricted}</b>` : nothing}
      <span class="grow"></span><span class="state-word">${nameOf("incident_states", incident.state)}</span>
      <span class="mute owner">${incident.owner ? (incident.owner.id === desk.me ? words.owner_me : incident.owner.name) : words.owner_none}</span>
      <a class="quiet" href="/incidents/${incident.number}/print/" target="_blank" rel="noopener">${words.print_sheet}</a></div>
    ${placeLine(desk, incident)}
    <div class="facts">${clockPart(incident, now, attentionOf(desk.store, incident, now))}
      <span class="soft">${fill(words.opened_at, { time: desk.screen.timeText(incident.created_at) })}</span>
      <span class="num">${fill(words.calls_count, { count: incident.calls })}</span>
      ${incident.people_at_risk ? html`<b class="late num">▲ ${fill(words.people_count, { count: incident.people_at_risk })}</b>` : nothing}
      ${incident.warnings ? html`<b class="soon num">▲ ${fill(words.warnings_count, { count: incident.warnings })}</b>` : nothing}
      ${
        desk.known?.details?.merged_from?.length
          ? html`<span class="soft num">${fill(words.merged_from, {
              numbers: desk.known.details.merged_from.map((one) => one.number).join(", "),
            })}</span>`
          : nothing
      }
      ${incident.late ? html`<span class="soon">${words.late_mark}</span>` : nothing}</div>
  </header>`;
}

/** What became of an incident that is no longer open. @param {Desk} desk @param {Api.IncidentForm} incident */
function overPart(desk, incident) {
  const into = incident.merged_into;
  if (into) {
    const other = desk.form(into);
    return html`<p class="over-line"><b class="soon">${fill(words.merged_into, { number: other?.number ?? "" })}</b>
      <button @click=${() => selection.chooseIncident(into)}>${words.open_it}</button></p>`;
  }
  if (!["closed", "cancelled"].includes(incident.state)) return nothing;
  return html`<p class="over-line"><b>${words.no_longer_open}</b> ${nameOf("incident_states", incident.state)}
    ${incident.closed_at ? desk.screen.timeText(incident.closed_at) : ""}</p>`;
}

/**
 * @param {Desk} desk
 * @param {number} now
 * @param {Record<string, () => unknown>} acts by action of the key table
 */
export function panePart(desk, now, acts) {
  const incident = desk.open();
  if (!incident) {
    const wrong = desk.known?.wrong;
    return html`<section class="panel incident-pane"><p class="empty">${wrong ? (wrong.status === 404 ? words.gone : wrong.message) : words.reading}</p></section>`;
  }
  return html`<section class="panel incident-pane" aria-label=${fill(words.incident_number, incident)}>
    ${headPart(desk, incident, now)}
    <div class="incident-body" tabindex="0" role="group" aria-label=${fill(words.incident_number, incident)}>
      ${callerWords(desk, incident)}${overPart(desk, incident)}${recommendedPart(desk, incident)}${unitsHere(desk, incident, now)}${tasksPart(desk, incident, now)}${notesPart(desk, incident)}</div>
    <footer class="incident-foot">${FOOT.filter(([, dispatcher]) => (dispatcher ? desk.dispatches : desk.writes)).map(
      ([action]) => html`<button
      @click=${() => acts[action]?.()}>${words[`act_${action}`]} <kbd>${comboFor(action)}</kbd></button>`,
    )}</footer>
  </section>`;
}
