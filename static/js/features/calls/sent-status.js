/**
 * What has been sent and how far it is, so that the caller can be informed; before that, what would be wrong to miss.
 */
import { html, nothing } from "lit-html";
import { unitChip } from "../../components/units.js";
import { lengthText } from "../../core/time.js";
import { fill, nameOf, words } from "../../core/words.js";
import { changesOf } from "./draft.js";

const ENDED = new Set(["cleared", "cancelled", "refused", "diverted"]);
const NOTIFIED = new Set(["offered", "accepted", "done"]);

/**
 * @param {import("./call-form-model.js").Work} work
 * @param {number} now
 * @param {{incident: Api.IncidentForm, reasons: string[]} | null | undefined} likeliest the open incident that this call most likely
 *   belongs to
 */
export function stripPart(work, now, likeliest) {
  const { incident, body } = work;
  const waiting = work.waiting.filter((item) => item.label !== "line");
  const sending = waiting.length
    ? html`<b class="soon">${work.queue.wait > 1000 ? words.waits_for_line : words.sending}</b> `
    : nothing;
  if (!incident) {
    const { call } = work;
    if (waiting.length) return html`<div class="strip">${sending}</div>`;
    if (call?.incident)
      return html`<div class="strip">${fill(words.belongs_to, { number: call.incident.number })}</div>`;
    if (likeliest) {
      const same = likeliest.reasons.includes("same_number");
      return html`<div class="strip warn"><b class="soon">${fill(same ? words.same_caller_reported : words.maybe_same, { number: likeliest.incident.number })}</b>
        <span>${nameOf("types", likeliest.incident.type)} · <bdi>${likeliest.incident.location.text}</bdi></span></div>`;
    }
    return html`<div class="strip quiet">${body.place.text ? words.not_sent : words.not_sent_blank}</div>`;
  }
  const notified = incident.tasks.filter((task) => NOTIFIED.has(task.state));
  const units = incident.assignments.filter((part) => !ENDED.has(part.status));
  const mine = work.call?.disposition === "E2" ? words.linked_to : words.sent_as;
  const unread = incident.priority === 1 && !incident.location.verified;
  return html`<div class="strip">${sending}<b class="ok">${fill(words.sent_ago, { age: lengthText(now - Date.parse(incident.created_at), words.days) })}</b>
    <span>${fill(mine, { number: "" })}<b class="num">${incident.number}</b></span>
    ${
      notified.length
        ? html`<span>${words.told} ${notified.map(
            (task, /** @type {number} */ at) =>
              html`${at ? ", " : ""}${task.agency}${
                task.state === "offered"
                  ? nothing
                  : html`<span class="ok" title=${nameOf("tasks", task.state)}> ✓<span class="sr"> ${nameOf("tasks", task.state)}</span></span>`
              }`,
          )}</span>`
        : nothing
    }
    ${
      units.length
        ? units.map(
            (part) =>
              html`<span>${unitChip(part.callsign, part.status, part.fms)} ${nameOf("statuses", part.status).toLowerCase()}</span>`,
          )
        : html`<span class="soft">${words.no_unit}</span>`
    }
    ${changesOf(body) ? html`<b class="soon">${words.changed_here}</b>` : nothing}
    ${unread ? html`<b class="late">${words.read_it_back}</b>` : nothing}</div>`;
}
