/** A ringing call that nobody can miss: first in the list, in the empty centre, and above a form that is open. */
import { html, nothing } from "lit-html";
import { phonePlace } from "../../components/calls.js";
import { selection } from "../../components/selection.js";
import { comboFor } from "../../core/keys.js";
import { numberText } from "../../core/phone-numbers.js";
import { lengthText } from "../../core/time.js";
import { fill, nameOf, words } from "../../core/words.js";
import { isOfferedTo, nextCall, ringsHere } from "./call-control.js";
import { callName } from "./call-names.js";
import { pastOf } from "./past-calls.js";

const TARGET_MS = 10_000; // NFPA 1225 and rule 1: answered within 10 s
const OVERFLOW_MS = 15_000; // rule 1, second level: it goes to other operators
/** What an operator does while a call is offered or may be taken at once. */
const RUNG = new Set(["ready", "ringing", "wrap_up", "on_call"]);

/** Whether a waiting call rings at this desk: for who is ready, or is offered it. @param {Api.OperatorForm | null} me */
export const isReady = (me) => me?.state === "ready" || me?.state === "ringing";

/**
 * How a waiting call sounds at this desk.
 * @param {Api.CallForm} call
 * @param {Api.OperatorForm | null} me
 * @returns {"loud" | "soft" | ""}
 */
export function howItRings(call, me) {
  if (!ringsHere(call, me)) return "";
  if (isReady(me)) return "loud";
  return me?.state === "on_call" || me?.state === "wrap_up" ? "soft" : "";
}

/**
 * The call that F2 takes, if it rings here.
 * @param {import("./call-control.js").LineActs} line
 * @param {Api.OperatorForm | null} me
 */
function ringingCall(line, me) {
  const call = nextCall(line.screen);
  return call && ringsHere(call, me) ? call : null;
}

/** @param {number} waited */
function track(waited) {
  const share = Math.min(1, Math.max(0, waited / OVERFLOW_MS));
  return html`<div class="ring-track" aria-hidden="true"><i class=${waited >= TARGET_MS ? "past" : ""} .style=${`width: ${(share * 100).toFixed(1)}%`}></i><em></em></div>`;
}

/** What F2 does now, in words. @param {import("./call-control.js").LineActs} line @param {Api.OperatorForm | null} me */
function whatTakes(line, me) {
  const open = line.open();
  if (!open) return me?.state === "wrap_up" ? words.ring_parks : words.ring_take;
  if (selection.call !== open.id) return words.ring_opens_own;
  if (!line.asks()) return words.ring_holds;
  return line.asked ? words.ring_again : words.ring_twice;
}

/**
 * The row of the call that F2 takes, above all others; null where nothing rings here.
 * @param {import("./call-control.js").LineActs} line @param {number} now @param {Api.OperatorForm | null} me
 */
export function ringRow(line, now, me) {
  const call = me && RUNG.has(me.state) ? ringingCall(line, me) : null;
  if (!call) return null;
  const waited = now - Date.parse(call.started_at);
  const { past, known } = pastOf(call);
  return html`<div class="ringing" role="group" aria-label=${words.ringing}><span class="bell" aria-hidden="true"></span><b class="caps">${words.ringing}</b>
    <b class="num since">${lengthText(waited, words.days)}</b><a href="?call=${call.id}" class="num no" @click=${(
      /** @type {MouseEvent} */ event,
    ) => {
      event.preventDefault();
      selection.chooseCall(call.id);
    }}>${callName(call)}</a><small>${[past, known, phonePlace(call)].filter(Boolean).join(" · ")}${
      call.nuisance.strikes_24h ? html` · <b>${fill(words.strikes, { count: call.nuisance.strikes_24h })}</b>` : nothing
    }</small>${track(waited)}
    <button type="button" @click=${(/** @type {Event} */ event) => line.takeNext(event)}><kbd>${comboFor("next_call")}</kbd> ${whatTakes(line, me)}</button></div>`;
}

/** What is known of who calls. @param {Api.CallForm} call */
function facts(call) {
  const { past, known } = pastOf(call);
  const safety = call.contact_safety ?? (call.safe_to_call_back ? "unknown" : "unsafe");
  return html`<dl class="ring-facts"><div><dt>${words.ring_place}</dt><dd><b>${phonePlace(call) || words.unknown}</b></dd></div>
    <div><dt>${words.ring_history}</dt><dd><b>${past || words.unknown}</b>${known ? html`<span>${known}</span>` : nothing}</dd></div>
    <div><dt>${words.ring_number}</dt><dd><b class=${safety === "unsafe" ? "late" : ""}>${words[`ring_safety_${safety}`] ?? safety}</b><span>${
      call.nuisance.strikes_24h ? fill(words.strikes, { count: call.nuisance.strikes_24h }) : words.ring_no_strikes
    }</span></dd></div></dl>`;
}

/**
 * The ringing call in the empty centre: a light frame in a dark room, the clock, the number, what is known, the key.
 * @param {import("./call-control.js").LineActs} line @param {number} now @param {Api.OperatorForm | null} me
 */
export function ringPanel(line, now, me) {
  const call = isReady(me) ? ringingCall(line, me) : null;
  if (!call) return null;
  const waited = now - Date.parse(call.started_at);
  const mine = isOfferedTo(call, me);
  return html`<section class="ring" aria-label=${words.ringing_for_you}><header><span class="bell" aria-hidden="true"></span><b class="caps">${mine ? words.ringing_for_you : words.ringing}</b>
      <span class="grow"></span><span>${mine ? words.ring_offered : words.ring_all}</span></header>
    <div class="ring-who"><b class="num ring-clock">${lengthText(waited, words.days)}</b><div><b class="num ring-number">${call.number ? numberText(call.number) : callName(call)}</b>
      <span>${nameOf("channels", call.channel)}${call.number || call.channel !== "voice" ? nothing : html` · ${words.number_withheld}`}</span></div></div>
    <div>${track(waited)}<div class="ring-marks"><span>${words.ring_mark}</span><span>${words.ring_mark_target}</span><span>${words.ring_mark_overflow}</span></div></div>
    ${facts(call)}
    <button type="button" class="ring-take" @click=${(/** @type {Event} */ event) => line.takeNext(event)}><kbd>${comboFor("next_call")}</kbd><b>${words.ring_take}</b><span class="grow"></span><span>${words.ring_anywhere}</span></button></section>`;
}

/**
 * The same beside a form that is open, in one line; in talk only where the list of calls is out of view.
 * @param {import("./call-control.js").LineActs} line
 * @param {number} now
 * @param {Api.OperatorForm | null} me
 */
export function ringBanner(line, now, me) {
  const call = me && RUNG.has(me.state) ? ringingCall(line, me) : null;
  if (!call) return nothing;
  const waited = now - Date.parse(call.started_at);
  return html`<section class="ring-banner ${me?.state === "on_call" ? "in-talk" : ""}" aria-label=${words.ringing}><span class="bell" aria-hidden="true"></span><b class="caps">${words.ringing}</b>
    <b class="num ring-clock">${lengthText(waited, words.days)}</b><b class="num">${callName(call)}</b><span class="grow"></span>
    <button type="button" @click=${(/** @type {Event} */ event) => line.takeNext(event)}><kbd>${comboFor("next_call")}</kbd> ${whatTakes(line, me)}</button></section>`;
}
