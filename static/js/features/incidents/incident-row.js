/** One open incident in the narrow list: mark, number and type, place, clock against its target, units. */
import { html, nothing } from "lit-html";
import { attentionOf } from "../../components/attention.js";
import { nextClock } from "../../components/incidents.js";
import { missingNeeds, needChips } from "../../components/needs.js";
import { priorityMark } from "../../components/priority.js";
import { inEmergency, unitChip } from "../../components/units.js";
import { lengthText, targetText } from "../../core/time.js";
import { fill, nameOf, words } from "../../core/words.js";

/** @typedef {import("./desk.js").Desk} Desk */

const MOST_CHIPS = 2;
/** States in which an incident without a unit is still waiting for help. */
const WAITING = new Set(["new", "triaged", "reopened"]);

/** @param {Desk} desk @param {Api.IncidentForm} incident */
export function waitsAlone(desk, incident) {
  return (
    !desk.parts(incident).length &&
    WAITING.has(incident.state) &&
    !incident.tasks.some((task) => task.state === "accepted")
  );
}

/** The units of an incident, those on their way to the server too. @param {Desk} desk @param {Api.IncidentForm} incident */
export function unitChips(desk, incident) {
  const danger = (/** @type {Api.AssignmentEntry} */ part) => Number(inEmergency.has(part.callsign));
  // the crew in an emergency is never counted away
  const parts = [...desk.parts(incident)].sort((one, other) => danger(other) - danger(one));
  const going = [...(desk.sending.get(incident.id) ?? [])].filter(
    (callsign) => !parts.some((part) => part.callsign === callsign),
  );
  const more = parts.length - MOST_CHIPS;
  return html`${parts.slice(0, MOST_CHIPS).map((part) => unitChip(part.callsign, part.status, part.fms))}${
    more > 0
      ? html`<b class="soft num" title=${parts
          .slice(MOST_CHIPS)
          .map((part) => part.callsign)
          .join(", ")}>+${more}</b>`
      : nothing
  }${going.map(
    (callsign) => html`<span
    class="unit sending" data-fms="…">${callsign}<span class="sr"> ${words.sending}</span></span>`,
  )}`;
}

/**
 * The time of the clock that runs out first; what it runs against is said, not drawn.
 * @param {Api.IncidentForm} incident
 * @param {number} now
 * @param {string} look
 */
function rowClock(incident, now, look) {
  const clock = nextClock(incident);
  const text = clock ? `${words[clock.kind] ?? clock.kind} ${targetText(clock.target - clock.from)}` : "";
  const elapsed = lengthText(now - (clock ? clock.from : Date.parse(incident.created_at)), words.days);
  return html`<b class="num ${look}" title=${text}>${elapsed}<span class="sr"> ${text}</span></b>`;
}

/** What is missing, as empty places; where the plan names nothing, that there is no unit. @param {Api.IncidentForm} incident */
function emptyPlaces(incident) {
  const [first, ...more] = missingNeeds(incident);
  if (!first) return html`<span class="need">${words.no_unit}</span>`;
  return html`${needChips([first])}${more.length ? html`<b class="soft num">+${more.length}</b>` : nothing}`;
}

/**
 * @param {Desk} desk @param {Api.IncidentForm} incident
 * @param {{now: number, at: number, of: number, focused: boolean, open: boolean, fresh: boolean, top: number}} how
 */
export function incidentRow(desk, incident, { now, at, of, focused, open, fresh, top }) {
  const alone = waitsAlone(desk, incident);
  const { text, outside } = incident.location;
  const attention = attentionOf(desk.store, incident, now);
  const clock = attention === "ok" ? "" : attention;
  const look = `row incident ${clock ? `due-${clock}` : ""} ${alone ? "alone" : ""} ${desk.parts(incident).some((part) => inEmergency.has(part.callsign)) ? "emergency" : ""} ${open ? "open" : ""} ${focused ? "focused" : ""} ${fresh ? "fresh" : ""}`;
  return html`<div class=${look} role="option" id="incident-${incident.id}" data-id=${incident.id} aria-selected=${String(focused)}
    aria-posinset=${at + 1} aria-setsize=${of} .style=${`transform: translateY(${top}px)`}>
    <span class="i-lead"></span><span class="i-mark">${priorityMark(incident.priority)}</span>
    <span class="i-line"><span class="i-head"><b class="num">${incident.number}</b> <b>${nameOf("types", incident.type)}</b></span>
    <span class="i-when">${incident.now ? html`<b class="now-mark">${words.now}</b>` : nothing}${
      desk.unseen.has(incident.id) ? html`<b class="new">${words.new_mark}</b>` : nothing
    }${rowClock(incident, now, clock)}</span></span>
    <span class="i-line"><span class="i-where">${text || html`<span class="soon">${words.place_unknown}</span>`}${outside ? html` <span class="soon">${words.outside}</span>` : nothing}</span>
    <span class="i-who">${incident.people_at_risk ? html`<b class="num" title=${fill(words.people_count, { count: incident.people_at_risk })}>▲ ${incident.people_at_risk}<span class="sr"> ${fill(words.people_count, { count: incident.people_at_risk })}</span></b>` : nothing}${unitChips(
      desk,
      incident,
    )}${alone && !desk.sending.get(incident.id)?.size ? emptyPlaces(incident) : nothing}${
      !alone && !desk.parts(incident).length
        ? html`<span class="soft">${nameOf("incident_states", incident.state)}</span>`
        : nothing
    }${
      incident.calls > 1
        ? html`<span class="soft num">${fill(words.calls_count, { count: incident.calls })}</span>`
        : nothing
    }</span></span>
  </div>`;
}
