/** The form of a call: who calls, where, what, the card, the words, what was sent, and the acts with their keys. */
import { html, nothing } from "lit-html";
import { comboFor } from "../../core/keys.js";
import { numberText } from "../../core/phone-numbers.js";
import { lengthText } from "../../core/time.js";
import { fill, nameOf, words } from "../../core/words.js";
import { inTalk, isFree, isOver } from "./call-form-model.js";
import { callClock } from "./call-list.js";
import { numberToCallBack } from "./call-names.js";
import { cprPart } from "./cpr-instructions.js";
import { otherDraftPart } from "./draft-merge.js";
import { isOffline, myself, openMyState } from "./operator-state.js";
import { stateText } from "./past-calls.js";
import { ringPanel } from "./ringing.js";
import { stripPart } from "./sent-status.js";
import { keptText, transcriptPart } from "./transcript.js";
import { isUnsent } from "./unsent-drafts.js";

/**
 * @typedef {{work: import("./call-form-model.js").Work, where: import("./place-field.js").WherePart, what:
 *            import("./type-field.js").WhatPart, caller: import("./caller-details.js").CallerPart, silent:
 *            import("./silent-call.js").SilentPart, acts: import("./actions.js").CallActs, side:
 *            import("./call-context.js").SidePart, send: () => void, supervises: boolean, sounds:
 *            import("../../components/sounds.js").Sounds}} Parts
 */

/** What an incident makes of its call: the strip says it already. */
const BY_ITSELF = new Set(["E1", "E2"]);

/** @param {string} action @param {string} label @param {(event: Event) => unknown} act @param {string} [look] */
function button(action, label, act, look = "") {
  return html`<button type="button" class=${look || nothing} @click=${act}>${label} <kbd>${comboFor(action)}</kbd></button>`;
}

/** @param {Parts} parts @param {number} now */
function head({ work }, now) {
  const call = /** @type {Api.CallForm} */ (work.call);
  const { since, look } = callClock(call, now, myself(work.screen));
  const state = isOver(call) ? (call.disposition ? words.wrap_up_filed : words.wrap_up_unfiled) : stateText(call);
  const filed = call.disposition && (!inTalk(call) || !BY_ITSELF.has(call.disposition));
  return html`<div class="call-head"><h2 class="num number">${call.number ? numberText(call.number) : nameOf("channels", call.channel)}</h2>
    ${call.state === "closed" ? nothing : html`<b class="num talk ${look}">${lengthText(since, words.days)}</b>`}<span class="state ${isOver(call) && !call.disposition ? look : "mute"}">${state}${filed ? html` · ${nameOf("dispositions", call.disposition)}` : nothing}${!call.number && call.channel === "voice" ? html` · ${words.number_withheld}` : nothing}</span>
    <span class="kept">${keptText(work, now)}</span></div>`;
}

/** Nothing is open. @param {Parts} parts */
function empty({ work, acts, sounds }) {
  return html`<div class="nothing">${
    isOffline(work.screen)
      ? html`<p><b class="soon">${words.you_take_no_calls}</b></p>
    <p>${button("my_state", words.sign_on, () => openMyState(work.screen, sounds), "go")}</p>`
      : html`<p>${words.no_call_open}</p>`
  }
    <p>${button("next_call", words.take_next, (event) => acts.line.takeNext(event))} ${button("new_call", words.new_call, () => acts.newCall())}</p></div>`;
}

/** What is left to do with a call that nobody answered. @param {Api.CallForm} call */
function unansweredText(call) {
  if (call.number === null) return words.call_unanswered_withheld;
  return call.contact_safety === "unsafe" ? words.call_unanswered_unsafe : words.call_unanswered;
}

/** Whose a call is that is not the reader's. @param {Api.CallForm} call */
function whoseText(call) {
  if (call.state === "closed") return words.call_closed;
  if (call.state === "abandoned") return unansweredText(call);
  return isFree(call) ? words.nobody_has_it : fill(words.is_with, { name: call.operator?.name ?? words.unknown });
}

/** A call that is not the reader's: to be taken, or somebody else's. @param {Parts} parts @param {number} now */
function foreign(parts, now) {
  const { work, acts, caller, supervises } = parts;
  const call = /** @type {Api.CallForm} */ (work.call);
  const lines = work.details?.lines ?? [];
  const takeable = isFree(call) && call.state !== "abandoned";
  return html`${head(parts, now)}<div class="form">${caller.template()}
    <p class="whose">${whoseText(call)}${
      call.incident ? html` · ${fill(words.belongs_to, { number: call.incident.number })}` : nothing
    }</p>
    ${lines.length ? html`<ol class="lines" tabindex="0" aria-label=${words.lines_said}>${lines.map((line) => html`<li><time class="num mute">${work.screen.timeText(line.at, true)}</time><span>${line.text}</span></li>`)}</ol>` : nothing}
    </div><div class="acts">${takeable ? html`<button type="button" class="go" @click=${() => acts.answer(call.id)}>${words.take_this}</button>` : nothing}
    ${!takeable && supervises && call.operator && (inTalk(call) || isOver(call)) ? html`<button type="button" @click=${() => acts.takeOver(call.id)}>${words.take_over}</button>` : nothing}
    ${
      call.state === "abandoned"
        ? html`${button("new_call", words.new_call, () => acts.newCall(), numberToCallBack(call) ? "go" : "")}
      ${button("noise", words.noise, () => acts.noise())}`
        : nothing
    }</div>`;
}

/** @param {Parts} parts @param {number} now */
export function formPart(parts, now) {
  const { work, where, what, caller, silent, acts, side } = parts;
  const { call, body } = work;
  if (!call) return ringPanel(acts.line, now, myself(work.screen)) ?? empty(parts);
  if (!work.editable) return foreign(parts, now);
  const closed = call.state === "closed";
  const over = isOver(call) || closed;
  const talking = inTalk(call);
  return html`${head(parts, now)}<div class="form">${caller.template()}
    ${where.template()}${what.template()}</div>
    <div class="cards">${silent.template()}${body.card ? cprPart(() => work.change({ card: false })) : nothing}</div>
    ${staysPart(work)}${otherDraftPart(work)}${transcriptPart(work)}
    ${stripPart(work, now, side.likely[0] ?? null)}
    <div class="acts">${button("send", body.sent ? words.update_incident : words.send_call, () => parts.send(), "go")}
      ${button("noise", words.noise, () => acts.noise())}${talking && body.silentAt === null && !body.sent ? button("silent", words.silent_button, () => silent.start()) : nothing}
      ${body.card ? nothing : button("cpr", words.cpr_button, () => openCard(work))}
      <span class="grow"></span>${call.state === "answered" ? button("hold", words.hold, (event) => acts.line.hold(event)) : nothing}
      ${["on_hold", "transferring"].includes(call.state) ? button("hold", words.resume, (event) => acts.line.hold(event), "go") : nothing}
      ${["answered", "conference"].includes(call.state) ? button("end", words.end, () => acts.line.end()) : nothing}
      ${over ? button("next_call", words.park, (event) => acts.line.takeNext(event)) : nothing}
      ${closed && isUnsent(body) ? html`<button type="button" @click=${() => acts.discard()}>${words.discard}</button>` : nothing}
      ${closed ? html`<button type="button" @click=${() => acts.reopen()}>${words.reopen}</button>` : nothing}</div>`;
}

/** Whether the place was read back to the caller, beside the map that shows it. @param {Parts} parts */
export function readBackPart({ work, acts }) {
  if (!work.mine || !work.body.place.text.trim()) return nothing;
  return work.body.place.verified
    ? html`<b class="ok">✓ ${words.read_back_yes}</b>`
    : html`<button type="button" class="slim" @click=${() => acts.readBack()}><b class="soon">▲ ${words.read_back_no}</b> <kbd>${comboFor("read_back")}</kbd></button>`;
}

/**
 * Why a form is still here though its call is over, or is somebody else's.
 * @param {import("./call-form-model.js").Work} work
 */
function staysPart(work) {
  const call = /** @type {Api.CallForm} */ (work.call);
  if (!work.mine)
    return html`<p class="stays" role="status"><b class="soon">${fill(words.taken_from_you, { name: call.operator?.name ?? words.unknown })}</b> ${words.taken_kept}</p>`;
  if (call.state !== "closed" || !isUnsent(work.body)) return nothing;
  return html`<p class="stays" role="status"><b class="soon">${words.closed_unsent}</b> ${fill(words.closed_unsent_how, { send: comboFor("send"), park: comboFor("next_call") })}</p>`;
}

/** CPR in one key; from a form without a type it is an arrest. @param {import("./call-form-model.js").Work} work */
export function openCard(work) {
  if (!work.mine) return false;
  work.change({ card: true, ...(work.body.type ? {} : { type: "M01", typeText: "" }) });
  return true;
}
