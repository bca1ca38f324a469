/** The calls: the reader's own, then those that wait, oldest first, those to be filed, those to be called back. */
import { html, nothing, render } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { waitingCalls, waitLook } from "../../components/calls.js";
import { safetyMark } from "../../components/contact-safety.js";
import { selection } from "../../components/selection.js";
import { numberText } from "../../core/phone-numbers.js";
import { lengthText } from "../../core/time.js";
import { fill, nameOf, words } from "../../core/words.js";
import { nextCall } from "./call-control.js";
import { inTalk, isMine, isOver } from "./call-form-model.js";
import { lookUp, pastOf, stateText } from "./past-calls.js";
import { ringRow } from "./ringing.js";
import { parkedForms } from "./unsent-drafts.js";

const WRAP_UP_MS = 30_000; // docs/rules/operator-states.md#wrap-up
const LOOKED_UP = 3; // of those that wait, how many get their past looked up

/**
 * The clock of a call: how long it waits, talks, or is in wrap-up, and how that looks.
 * @param {Api.CallForm} call
 * @param {number} now
 * @param {Api.OperatorForm | null} me
 */
export function callClock(call, now, me) {
  if (inTalk(call))
    return {
      since: now - Date.parse(call.answered_at ?? call.started_at),
      look: call.state === "on_hold" ? "soon" : "",
    };
  if (isOver(call)) {
    const wrapped =
      me?.state === "wrap_up" && me.call === call.id
        ? now - Date.parse(me.since)
        : now - Date.parse(call.ended_at ?? call.started_at);
    return { since: wrapped, look: call.disposition ? "soft" : wrapped >= WRAP_UP_MS ? "late" : "soon" };
  }
  const waited = now - Date.parse(call.started_at);
  return { since: waited, look: waitLook(waited) };
}

/** What stands behind a call: its past, its marks. @param {Api.CallForm} call */
function marks(call) {
  const { past, known } = pastOf(call);
  return html`<small class="mute">${past}${known ? html` · ${known}` : nothing}${call.location?.accuracy_metres ? html` · ${call.location.source.toUpperCase()} ${Math.round(call.location.accuracy_metres)} m` : nothing}</small>
    ${call.nuisance.strikes_24h ? html`<small class="soon">${fill(words.strikes, { count: call.nuisance.strikes_24h })}${call.nuisance.level ? html` · ${fill(words.nuisance_level, { level: call.nuisance.level })}` : nothing}</small>` : nothing}
    ${call.number ? html`<small>${safetyMark(call)}</small>` : nothing}`;
}

/** @param {Api.CallForm} call @param {number} now @param {Api.OperatorForm | null} me @param {boolean} named whose it is stands beside */
function row(call, now, me, named) {
  const { since, look } = callClock(call, now, me);
  const chosen = selection.call === call.id;
  const state =
    isOver(call) && !call.disposition
      ? words.to_be_filed
      : call.disposition && !inTalk(call)
        ? nameOf("dispositions", call.disposition)
        : stateText(call);
  return html`<li class="q row ${chosen ? "chosen" : ""} ${isMine(call) ? "mine" : ""}"><b class="num since ${look}">${lengthText(since, words.days)}</b>
    <div><a href="?call=${call.id}" aria-current=${chosen ? "true" : nothing} class="no num" @click=${(/** @type {MouseEvent} */ event) => openHere(event, call.id)}>${call.number ? numberText(call.number) : nameOf("channels", call.channel)}</a>
    <small class=${isOver(call) && !call.disposition ? look : "soft"}>${state}${call.offered_to?.operators?.length ? html` · ${fill(words.offered_to_names, { names: call.offered_to.operators.map((one) => one.name).join(", ") })}` : nothing}${named && call.operator ? html` · ${call.operator.name}` : nothing}${
      call.number && call.channel !== "voice"
        ? html` · ${nameOf("channels", call.channel)}`
        : !call.number && call.channel === "voice"
          ? html` · ${words.number_withheld}`
          : nothing
    }${
      call.incident ? html` · → <b class="num">${call.incident.number}</b>` : nothing
    }</small>${marks(call)}</div></li>`;
}

/** @param {string} title @param {Api.CallForm[]} calls @param {number} now @param {Api.OperatorForm | null} me @param {boolean} [named] */
function section(title, calls, now, me, named = false) {
  if (!calls.length) return nothing;
  return html`${title ? html`<h3>${title} <span class="num">${calls.length}</span></h3>` : nothing}
    <ul class="rows">${repeat(
      calls,
      (call) => call.id,
      (call) => row(call, now, me, named),
    )}</ul>`;
}

/**
 * The forms that were left with something unsent in them, when their calls are no longer on the board.
 * @param {import("./call-form-model.js").Work} work
 * @param {number} now
 */
function parkedSection(work, now) {
  const forms = parkedForms(work);
  if (!forms.length) return nothing;
  return html`<h3 class="soon">${words.parked_head} <span class="num">${forms.length}</span></h3>
    <ul class="rows">${repeat(
      forms,
      (form) => form.id,
      ({
        id,
        title,
        at,
        body,
      }) => html`<li class="q row parked"><b class="num since soon">${lengthText(now - at, words.days)}</b>
      <div><a href="?call=${id}" class="no num" @click=${(/** @type {MouseEvent} */ event) => openHere(event, id)}>${title || words.unknown}</a>
      <small class="soft">${body.place.text || body.words || body.typeText || nameOf("types", body.type ?? "")}</small></div></li>`,
    )}</ul>`;
}

/** @param {MouseEvent} event @param {string} id */
function openHere(event, id) {
  if (event.ctrlKey || event.metaKey) return;
  event.preventDefault();
  selection.chooseCall(id);
}

/**
 * @param {import("./call-form-model.js").Work} work
 * @param {import("./call-control.js").LineActs} line
 * @param {number} now
 * @param {Api.OperatorForm | null} me the reader as an operator
 * @param {boolean} watches whether the calls at other desks are shown: to supervisors
 */
export function listPart(work, line, now, me, watches) {
  const { screen } = work;
  const calls = screen.store.all("calls");
  const rings = ringRow(line, now, me);
  const next = rings ? nextCall(screen) : null;
  const waiting = waitingCalls(calls).filter((call) => call !== next);
  for (const call of [...(next ? [next] : []), ...waiting].slice(0, LOOKED_UP))
    if (call.calls_before) lookUp(call, () => screen.draw());
  const byAnswer = (/** @type {Api.CallForm} */ one, /** @type {Api.CallForm} */ other) =>
    (one.answered_at ?? one.started_at).localeCompare(other.answered_at ?? other.started_at);
  const own = calls.filter((call) => isMine(call) && inTalk(call)).sort(byAnswer);
  const over = calls.filter((call) => isOver(call) && (isMine(call) || !call.operator)).sort(byAnswer);
  const back = calls
    .filter((call) => call.callback || call.state === "abandoned")
    .sort((one, other) => one.started_at.localeCompare(other.started_at));
  const free = calls
    .filter((call) => inTalk(call) && (!call.operator || (call.state === "transferring" && !isMine(call))))
    .sort(byAnswer);
  const others = watches
    ? calls
        .filter((call) => inTalk(call) && call.operator && !isMine(call) && call.state !== "transferring")
        .sort(byAnswer)
    : [];
  const parked = parkedSection(work, now);
  if (!rings && parked === nothing && ![own, waiting, over, back, free, others].some((part) => part.length))
    return html`<p class="empty">${words.no_calls}</p>`;
  return html`${rings ?? nothing}${section("", own, now, me)}${section("", waiting, now, me)}${section(words.to_take, free, now, me, true)}${section(words.wrap_up_head, over, now, me)}${parked}
    ${section(words.call_back_head, back, now, me)}${section(words.at_other_desks, others, now, me, true)}`;
}

/**
 * Draw the list. A call that goes to another section has another row there: the focus goes with the call.
 * @param {HTMLElement} list
 * @param {unknown} content as listPart gives it
 */
export function drawList(list, content) {
  const focused = document.activeElement;
  const href = focused instanceof HTMLAnchorElement && list.contains(focused) ? focused.getAttribute("href") : null;
  render(content, list);
  if (href === null || list.contains(document.activeElement)) return;
  const link = list.querySelector(`a[href="${href}"]`);
  if (link instanceof HTMLElement) link.focus({ preventScroll: true });
}

/** Arrows move through the rows. @param {HTMLElement} list */
export function bindList(list) {
  list.addEventListener("keydown", (event) => {
    const links = [...list.querySelectorAll("a")];
    const at = links.indexOf(/** @type {HTMLAnchorElement} */ (document.activeElement));
    /** @type {Record<string, number>} */
    const to = { ArrowDown: at + 1, ArrowUp: at - 1, Home: 0, End: links.length - 1 };
    if (!(event.key in to) || event.ctrlKey || event.altKey) return;
    links[Math.max(0, Math.min(links.length - 1, to[event.key]))]?.focus();
    event.preventDefault();
  });
}
