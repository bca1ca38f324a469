/** What a crew reads of its job: what, where, how far, what was said, who else comes. */
import { html, nothing } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { safetyPart } from "../../components/contact-safety.js";
import { priorityMark } from "../../components/priority.js";
import { unitChip } from "../../components/units.js";
import { lengthText } from "../../core/time.js";
import { fill, nameOf, words } from "../../core/words.js";
import { table } from "./page-data.js";
import { metresBetween } from "./position.js";

const ENDED = new Set(["cleared", "cancelled", "refused", "diverted"]);

/** Metres as a person says them. @param {number} metres */
export function distanceText(metres) {
  if (metres < 950) return fill(words.metres, { count: Math.max(10, Math.round(metres / 10) * 10) });
  const kilometres = metres / 1000;
  return fill(words.kilometres, {
    count: kilometres.toLocaleString(document.documentElement.lang, { maximumFractionDigits: kilometres < 10 ? 1 : 0 }),
  });
}

/** What kind of trouble, as far as this reader may know. @param {Api.IncidentForm} incident @param {Api.IncidentDetails | null} read */
export function kindOf(incident, read) {
  // A long name breaks after its strokes, not inside a word.
  return nameOf("types", read?.readable ? read.type : incident.type).replaceAll("/", "/\u200b");
}

/**
 * Its place with its district, and how far it is.
 * @param {Api.IncidentForm} incident
 * @param {{lat: number, lng: number} | null} here
 */
export function wherePart(incident, here) {
  const { text, kecamatan, outside, lat, lng } = incident.location;
  const far = here && lat !== null && lng !== null ? metresBetween(here, { lat, lng }) : null;
  const parts = [
    kecamatan && nameOf("kecamatan", kecamatan),
    outside ? words.outside : null,
    far === null
      ? null
      : fill(words.straight, {
          distance: distanceText(far),
          minutes: Math.max(1, Math.round(far / table.straight_metres_per_second / 60)),
        }),
  ].filter(Boolean);
  return html`<div class="where"><b>${text || html`<span class="soon">${words.place_unknown}</span>`}</b>
    ${parts.length ? html`<span class="soft">${parts.join(" · ")}</span>` : nothing}</div>`;
}

/** The number to call back on; the newest call that has one. @param {Api.IncidentDetails | null} read */
function callerOf(read) {
  const calls = (read?.linked_calls ?? []).filter(
    (call) => call.callback_number || call.number || call.contact_safety === "unsafe",
  );
  const call = calls.at(-1);
  return call
    ? { number: call.callback_number || call.number, name: call.caller_name, safety: call.contact_safety ?? "unknown" }
    : null;
}

/**
 * Navigate and call: what a thumb reaches.
 * @param {Api.IncidentForm} incident
 * @param {Api.IncidentDetails | null} read
 * @param {boolean} assigned
 */
export function waysPart(incident, read, assigned) {
  const { lat, lng, text } = incident.location;
  const point = lat === null ? null : `${lat},${lng}`;
  // Apple's maps know no geo: address; both open an app on the phone, and nothing is fetched by this page.
  const address = /iPad|iPhone/.test(navigator.userAgent)
    ? `maps:?daddr=${point}`
    : `geo:${point}?q=${point}(${encodeURIComponent(text)})`;
  const caller = assigned ? callerOf(read) : null;
  return html`<div class="ways">
    ${
      point
        ? html`<a class="tap" href=${address}>${words.navigate}<small class="soft num">${Number(lat).toFixed(5)}, ${Number(lng).toFixed(5)}</small></a>`
        : html`<span class="tap off">${words.navigate}<small>${words.no_point}</small></span>`
    }
    ${
      !caller
        ? html`<span class="tap off">${words.call_caller}<small>${read ? words.call_none : words.loading}</small></span>`
        : caller.safety !== "unsafe"
          ? html`<a class="tap" href="tel:${caller.number}">${words.call_caller}<small class="soft"><span class="num">${caller.name || caller.number}</span>
        · ${safetyPart(caller.safety)}</small></a>`
          : html`<span class="tap off late">${words.call_unsafe}</span>`
    }
  </div>`;
}

/**
 * Lines of words, the first ones first; struck ones stay readable.
 * @param {Api.IncidentForm} incident
 * @param {Api.IncidentDetails | null} read
 * @param {(moment: string) => string} timeText
 */
export function linesPart(incident, read, timeText) {
  const first = read?.readable ? read.narrative : incident.narrative;
  const notes = read?.notes ?? [];
  // The first words may stand among the notes too: said once is enough.
  const shown = first && !notes.some((note) => note.text === first);
  return html`${shown ? html`<div class="note"><b>${first}</b><br><time>${timeText(incident.created_at)} ${words.said_first}</time></div>` : nothing}
    ${repeat(
      notes,
      (note) => note.id,
      (note) => html`<div class="note ${note.struck ? "struck" : ""}">
      ${note.struck ? html`<s>${note.text}</s> <span class="soft">${fill(words.struck, { reason: note.struck.reason ?? "" })}</span>` : html`<b>${note.text}</b>`}<br>
      <time>${timeText(note.at)} <bdi>${note.by.name}</bdi>${note.desk ? ` · ${note.desk}` : ""}</time></div>`,
    )}`;
}

/** People at risk that nobody has reached yet. @param {Api.IncidentDetails | null} read */
export function peoplePart(read) {
  const waiting = (read?.people ?? []).filter((people) => !people.rescued_at);
  return waiting.map(
    (people) => html`<div class="note loud"><b>${fill(words.people_at_risk, people)}</b>
    ${people.condition ? html`<span> · ${people.condition}</span>` : nothing}</div>`,
  );
}

/** Who else comes, and which agencies have accepted. @param {Api.IncidentForm} incident @param {string} own callsign */
export function othersPart(incident, own) {
  const others = incident.assignments.filter(
    (part) => part.callsign !== own && !ENDED.has(part.status) && !part.stacked,
  );
  const accepted = incident.tasks.filter((task) => task.state === "accepted");
  return html`<div class="note">${words.coming}: ${
    others.length
      ? others.map(
          (part) => html`<span class="other">${unitChip(part.callsign, part.status, part.fms)}
      <span class="soft" aria-hidden="true">${nameOf("statuses", part.status)}</span></span> `,
        )
      : html`<span class="soft">${words.nobody_else}</span>`
  }${
    accepted.length
      ? html`<br><span class="soft">${accepted.map((task) => fill(words.agency_told, task)).join(" · ")}</span>`
      : nothing
  }</div>`;
}

/**
 * The head of a job.
 * @param {Api.IncidentForm} incident
 * @param {Api.IncidentDetails | null} read
 * @param {string | null} since
 * @param {number} now
 */
export function headPart(incident, read, since, now) {
  const age = since ? fill(words.since_dispatch, { age: lengthText(now - Date.parse(since), words.days) }) : "";
  return html`<div class="head"><span>${priorityMark(incident.priority)}</span><div><h1>${kindOf(incident, read)}${
    incident.now ? html` <b class="late">${words.now}</b>` : nothing
  }</h1>
    <p class="row"><span class="mute num">${[incident.number, age].filter(Boolean).join(" · ")}${incident.restricted ? ` · ${words.restricted}` : ""}</span></p></div></div>`;
}
