/** Calls: those that wait, oldest first, and how many are in talk or wait to be called back. */
import { html } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { lengthText } from "./time.js";
import { fill, nameOf, words } from "./words.js";

const WAITING = new Set(["ringing", "queued"]);
const IN_TALK = new Set(["answered", "on_hold", "conference", "transferring"]);
const HIGHLIGHT_MS = 10_000; // D6 rule 1: highlighted at 10 s, overflow at 15 s
const OVERFLOW_MS = 15_000;

/** @param {import("../store.js").Form[]} calls */
export function waitingCalls(calls) {
  return calls.filter((call) => WAITING.has(call.state)).sort((one, other) => one.started_at.localeCompare(other.started_at));
}

/** @param {number} waited milliseconds */
export function waitLook(waited) {
  return waited >= OVERFLOW_MS ? "late" : waited >= HIGHLIGHT_MS ? "soon" : "";
}

/**
 * @param {import("../store.js").Form[]} calls
 * @param {number} now
 */
export function callsPart(calls, now) {
  const waiting = waitingCalls(calls);
  if (!waiting.length) return html`<p class="empty">${words.no_calls}</p>`;
  return html`<ul class="rows">${repeat(waiting, (call) => call.id, (call) => {
    const waited = now - Date.parse(call.started_at);
    return html`<li class="call">
      <b class="num ${waitLook(waited)}">${lengthText(waited, words.days)}</b>
      <span class="num">${call.number ?? words.number_withheld}</span>
      <span class="soft">${nameOf("channels", call.channel)}${call.calls_before
        ? html` · ${fill(words.calls_before, { count: call.calls_before })}` : ""}</span>
      <span class="marks">${call.nuisance.strikes_24h ? html`<b class="soon">${fill(words.strikes, { count: call.nuisance.strikes_24h })}</b>` : ""}
        ${call.safe_to_call_back ? "" : html`<b class="late">${words.unsafe}</b>`}
        ${call.incident ? html`<span class="num">→ ${call.incident.number}</span>` : ""}</span>
    </li>`;
  })}</ul>`;
}

/** @param {import("../store.js").Form[]} calls */
export function callsLine(calls) {
  const in_talk = calls.filter((call) => IN_TALK.has(call.state)).length;
  const call_backs = calls.filter((call) => call.callback).length;
  return fill(words.calls_line, { waiting: waitingCalls(calls).length, in_talk, call_backs });
}
