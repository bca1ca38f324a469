/** Calls: those that wait, oldest first, those in talk, and how many wait to be called back. */
import { html, nothing } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { numberText } from "../core/phone-numbers.js";
import { lengthText } from "../core/time.js";
import { fill, nameOf, words } from "../core/words.js";
import { safetyMark } from "./contact-safety.js";

const WAITING = new Set(["ringing", "queued"]);
const IN_TALK = new Set(["answered", "on_hold", "conference", "transferring"]);
const HIGHLIGHT_MS = 10_000; // docs/rules/escalation.md#rule-1
const OVERFLOW_MS = 15_000;

/** @param {Api.CallForm[]} calls */
export function waitingCalls(calls) {
  return calls
    .filter((call) => WAITING.has(call.state))
    .sort((one, other) => one.started_at.localeCompare(other.started_at));
}

/** @param {Api.CallForm[]} calls */
export function talkingCalls(calls) {
  return calls
    .filter((call) => IN_TALK.has(call.state))
    .sort((one, other) => (one.answered_at ?? "").localeCompare(other.answered_at ?? ""));
}

/** @param {number} waited milliseconds */
export function waitLook(waited) {
  return waited >= OVERFLOW_MS ? "late" : waited >= HIGHLIGHT_MS ? "soon" : "";
}

/** How near the phone is known to be. @param {Api.CallForm} call */
export function phonePlace(call) {
  const reach = call.location?.accuracy_metres;
  if (reach === null || reach === undefined) return "";
  return fill(words.place_within, {
    metres: reach < 1000 ? `${Math.round(reach)} m` : `${(reach / 1000).toFixed(1)} km`,
  });
}

/**
 * @param {Api.CallForm[]} calls
 * @param {number} now
 * @param {{takeOver?: (call: Api.CallForm) => void}} [acts] takeOver: where the asker may
 */
export function callsPart(calls, now, { takeOver } = {}) {
  const shown = [...waitingCalls(calls), ...talkingCalls(calls)];
  if (!shown.length) return html`<p class="empty">${words.no_calls}</p>`;
  return html`<ul class="rows">${repeat(
    shown,
    (call) => call.id,
    (call) => {
      const waits = WAITING.has(call.state);
      const length = now - Date.parse((waits ? null : call.answered_at) ?? call.started_at);
      const facts = [
        waits ? null : fill(words.in_talk_with, { name: call.operator?.name ?? words.unknown }),
        call.channel === "voice" ? null : nameOf("channels", call.channel),
        call.calls_before ? fill(words.calls_before, { count: call.calls_before }) : words.first_call,
        phonePlace(call),
      ];
      return html`<li class="call row ${call.state}">
      <b class="num ${waits ? waitLook(length) : "soft"}">${lengthText(length, words.days)}</b>
      <span class="num">${call.number ? numberText(call.number) : words.number_withheld}</span>
      <span class="soft">${facts.filter(Boolean).join(" · ")}</span>
      <span class="marks">${call.nuisance.strikes_24h ? html`<b class="soon">${fill(words.strikes, { count: call.nuisance.strikes_24h })}</b>` : ""}
        ${call.number ? html`<small>${safetyMark(call)}</small>` : nothing}
        ${call.incident ? html`<span class="num">→ ${call.incident.number}</span>` : ""}
        ${takeOver && !waits ? html`<button @click=${() => takeOver(call)}>${words.call_take_over}</button>` : nothing}</span>
    </li>`;
    },
  )}</ul>`;
}

/** @param {Api.CallForm[]} calls */
export function callsLine(calls) {
  const call_backs = calls.filter((call) => call.callback).length;
  return fill(words.calls_line, {
    waiting: waitingCalls(calls).length,
    in_talk: talkingCalls(calls).length,
    call_backs,
  });
}
