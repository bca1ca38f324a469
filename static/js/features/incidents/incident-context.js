/** Beside the open incident: warnings of its place, people at risk, its calls, and who did what when. */
import { html, nothing } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { lengthText } from "../../core/time.js";
import { fill, isolated, nameOf, words } from "../../core/words.js";
import { askPeople, askWarn, tellPeople } from "./notes.js";

/** @typedef {import("./desk.js").Desk} Desk */

/** @param {Desk} desk @param {Api.IncidentDetails} details */
function warningsPart(desk, details) {
  const warnings = details.place_warnings ?? [];
  if (!warnings.length && !desk.writes) return nothing;
  return html`<section class="panel side-warnings"><header><h2>${words.place_warnings}</h2><span class="grow"></span>${
    desk.writes ? html`<button @click=${() => askWarn(desk)}>${words.warn} <kbd>W</kbd></button>` : nothing
  }</header><ul>${warnings.map((warning) => html`<li><b class="soon">▲ ${warning.text}</b></li>`)}</ul></section>`;
}

/** @param {Desk} desk @param {Api.IncidentDetails} details @param {number} now */
function peoplePart(desk, details, now) {
  const people = details.people ?? [];
  if (!people.length && !desk.writes) return nothing;
  return html`<section class="panel side-people"><header><h2>${words.people}</h2><span class="grow"></span>${desk.writes ? html`<button @click=${() => askPeople(desk)}>${words.add_people}</button>` : nothing}</header>
    ${
      people.length
        ? html`<ul>${people.map(
            (one) => html`<li class="row"><span class="num">${one.count}</span><span><b>${one.place}</b>
      ${one.condition ? html` <span class="soft">${one.condition}</span>` : nothing}<small class="soft">${
        one.rescued_at
          ? fill(words.people_rescued, { time: desk.screen.timeText(one.rescued_at) })
          : html`${words.people_contact} <b class="num late">${one.last_contact_at ? lengthText(now - Date.parse(one.last_contact_at), words.days) : words.unknown}</b>`
      }</small></span>
      ${
        desk.writes && !one.rescued_at
          ? html`<span><button @click=${() => tellPeople(one, "contact")}>${words.contact_now}</button>
        <button @click=${() => tellPeople(one, "rescued")}>${words.rescued_now}</button></span>`
          : nothing
      }</li>`,
          )}</ul>`
        : nothing
    }</section>`;
}

/** @param {Desk} desk @param {Api.IncidentDetails} details */
function callsPart(desk, details) {
  const calls = details.linked_calls ?? [];
  if (!calls.length) return nothing;
  return html`<section class="panel side-calls"><header><h2>${words.calls_here}</h2><span class="soft num">${calls.length}</span></header><ul>${calls.map(
    (call) => html`<li class="row"><span
    class="num">${desk.screen.timeText(call.started_at)}</span><span class="num">${call.number ?? words.number_withheld}</span><span class="soft">${[call.caller_name && isolated(call.caller_name), nameOf("channels", call.channel), call.callback_number].filter(Boolean).join(" · ")}</span></li>`,
  )}</ul></section>`;
}

/** @param {Desk} desk @param {Api.IncidentForm} incident */
function timelinePart(desk, incident) {
  const known = desk.known;
  const items = known?.timeline ?? [];
  return html`<section class="panel side-timeline"><header><h2>${words.history}</h2><span class="grow"></span><kbd>H</kbd></header>
    <div class="scroll" id="timeline" tabindex="0" role="log" aria-label=${words.history}>${
      incident.restricted && !desk.timelineWanted
        ? html`<p class="empty">${words.history_open}</p>`
        : items.length
          ? html`<ol>${repeat(
              items,
              (item) => item.seq,
              (
                item,
              ) => html`<li class="row ${item.note?.struck ? "struck" : ""}"><span class="num soft">${desk.screen.timeText(
                item.at,
                true,
              )}${item.late ? html`<b class="soon" title=${words.late_mark}> *</b>` : nothing}</span>
        <span>${item.text}${item.note ? html` <q><bdi>${item.note.text}</bdi></q>` : nothing} <small class="mute">${[isolated(item.actor.name), item.desk].filter(Boolean).join(" · ")}</small></span></li>`,
            )}</ol>`
          : html`<p class="empty">${words.reading}</p>`
    }</div></section>`;
}

/** @param {Desk} desk @param {number} now */
export function sidePart(desk, now) {
  const incident = desk.open();
  if (!incident) return nothing;
  const details = desk.known?.details;
  return html`${details ? html`${warningsPart(desk, details)}${peoplePart(desk, details, now)}${callsPart(desk, details)}` : nothing}${timelinePart(desk, incident)}`;
}

/** Keep the newest line in sight, unless somebody has scrolled away from it. */
export function followTimeline() {
  const scroll = document.getElementById("timeline");
  if (!scroll || scroll.contains(document.activeElement)) return;
  scroll.scrollTop = scroll.scrollHeight;
}
