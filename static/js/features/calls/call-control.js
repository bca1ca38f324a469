/** What is done with the line of a call: the next one taken, the caller on hold, the call ended. */

import { waitingCalls } from "../../components/calls.js";
import { selection } from "../../components/selection.js";
import { newId, post } from "../../core/api.js";
import { comboFor } from "../../core/keys.js";
import { SecondPress } from "../../core/second-press.js";
import { say, unsay } from "../../core/toast.js";
import { fill, words } from "../../core/words.js";
import { inTalk, isMine, isOver, user } from "./call-form-model.js";
import { callName } from "./call-names.js";
import { codes } from "./type-field.js";
import { isUnfinished, keptBody, lookAgain } from "./unsent-drafts.js";

const AFTER_END_MS = 3000; // a second press of the key must not end another call
const ASKED_MS = 8000;
/** States in which the caller is on the line of this desk. */
const TALKING = new Set(["answered", "conference"]);
/** States from which the talk goes on. */
const WAITING_TO_TALK = new Set(["on_hold", "transferring"]);

/**
 * Whether a waiting call is offered to the reader, and not just to everybody.
 * @param {Api.CallForm} call
 * @param {Api.OperatorForm | null} me the reader as an operator
 */
export function isOfferedTo(call, me) {
  if (me?.state === "ringing" && me.call === call.id) return true;
  return (call.offered_to?.operators ?? []).some((one) => one.id === user);
}

/**
 * Whether a waiting call rings at this desk: it is offered to the reader, or to all who are ready.
 * @param {Api.CallForm} call
 * @param {Api.OperatorForm | null} me
 */
export function ringsHere(call, me) {
  return !call.offered_to || call.offered_to.all || isOfferedTo(call, me);
}

/**
 * The waiting call that is taken next: one that is offered to the reader, else the oldest one that rings here, else the
 * oldest.
 * @param {import("../../core/screen.js").Screen} screen
 * @returns {Api.CallForm | null}
 */
export function nextCall(screen) {
  const me = screen.store.things.operators.get(user) ?? null;
  const waiting = waitingCalls(screen.store.all("calls")).filter((call) => !isMine(call));
  return (
    waiting.find((call) => isOfferedTo(call, me)) ?? waiting.find((call) => ringsHere(call, me)) ?? waiting[0] ?? null
  );
}

export class LineActs {
  /** @param {import("./actions.js").CallActs} acts */
  constructor(acts) {
    this.acts = acts;
    this.work = acts.work;
    this.screen = acts.work.screen;
    this.endedAt = -Infinity;
    /** What asks for a second press before a caller is put on hold. */
    this.again = new SecondPress({ within: ASKED_MS });
    this.question = 0;
    /** The call whose form was parked last, until a form is opened. @type {string | null} */
    this.parked = null;
    selection.onChange(() => {
      if (selection.call !== null) this.parked = null;
    });
  }

  /** The calls that the reader has on the line. */
  talking() {
    return this.screen.store.all("calls").filter((call) => isMine(call) && inTalk(call));
  }

  /** The call that the reader talks on now; null where none is, or all are on hold. */
  open() {
    return this.talking().find((call) => call.state !== "on_hold") ?? null;
  }

  /**
   * Why a caller must not be put on hold unasked, as a key of `words`; "" where nothing stands against it.
   * @param {Api.CallForm} call
   */
  whyAsk(call) {
    const { work } = this;
    const body = work.id === call.id ? work.body : keptBody(call.id);
    const incident = this.screen.store.things.incidents.get(call.incident?.id ?? "");
    const typed = body?.priority ?? codes.types.find((type) => type.code === body?.type)?.priority;
    if (incident?.priority === 1 || (!incident && typed === 1)) return "ask_hold_p1";
    if (body?.card) return "ask_hold_cpr";
    return isUnfinished(work, call) ? "ask_hold_unsent" : "";
  }

  /** Whether taking the next call needs a second press now. */
  asks() {
    const open = this.open();
    return open !== null && this.whyAsk(open) !== "";
  }

  /** Whether the second press is awaited. */
  get asked() {
    const [open, next] = [this.open(), nextCall(this.screen)];
    return open !== null && next !== null && this.again.armed(`${open.id} ${next.id}`);
  }

  /**
   * Ask for a second press where a caller is put on hold for another.
   * @param {Api.CallForm} open
   * @param {string} other
   * @param {Event} event
   * @param {string} action its key
   */
  confirmed(open, other, event, action) {
    const why = this.whyAsk(open);
    if (!why) return true;
    const press = this.again.press(event, `${open.id} ${other}`);
    if (press !== "early") unsay(this.question);
    if (press === "second") return true;
    if (press !== "early")
      this.question = say(fill(words[why], { number: callName(open), key: comboFor(action) }), {
        tone: "bad",
        seconds: ASKED_MS / 1000,
      });
    this.screen.draw();
    return false;
  }

  /**
   * Take the next call. With none, open the call one talks on, or park the form of one that is over.
   * @param {Event} event
   */
  takeNext(event) {
    const [next, open] = [nextCall(this.screen), this.open()];
    if (open && selection.call !== open.id) {
      selection.chooseCall(open.id);
      return this.acts.toPlace();
    }
    if (!next) return this.park() || say(words.none_waiting, { seconds: 3 });
    if (!open) return this.acts.answer(next.id);
    if (!this.confirmed(open, next.id, event, "next_call")) return;
    return this.acts.opening(async () => {
      await post(`calls/${open.id}/hold`);
      say(fill(words.held, { number: callName(open) }));
      await this.acts.claim(next.id);
    });
  }

  /** Leave the form of a call that is over; what is not sent stays in the list. Returns whether there was one. */
  park() {
    const { call, body } = this.work;
    if (!call || !this.work.editable || !(isOver(call) || call.state === "closed")) return false;
    const [number, unsent] = [callName(call), isUnfinished(this.work, call)];
    if (body.words.trim() && !body.filed) this.work.keeper?.touch();
    selection.chooseCall(null);
    if (unsent) this.parked = call.id;
    lookAgain();
    say(fill(unsent ? words.parked : words.form_left, { number, key: comboFor("calls") }), { seconds: 4 });
    return true;
  }

  /** End the call that is shown and in talk; no other one. */
  end() {
    const { call } = this.work;
    if (performance.now() - this.endedAt < AFTER_END_MS) return say(words.end_rests, { seconds: 2 });
    if (!call || !isMine(call))
      return say(this.talking().length ? words.end_not_shown : words.end_none, { seconds: 3 });
    if (WAITING_TO_TALK.has(call.state))
      return say(fill(words.end_held, { number: callName(call), key: comboFor("hold") }), { seconds: 4 });
    if (!TALKING.has(call.state)) return say(fill(words.end_over, { number: callName(call) }), { seconds: 3 });
    this.endedAt = performance.now();
    return this.acts.try(async () => {
      const act = newId();
      try {
        await post(`calls/${call.id}/end`, { act });
        this.endedAt = performance.now();
      } catch (error) {
        this.endedAt = -Infinity;
        throw error;
      }
      say(fill(words.ended, { number: callName(call) }), { undo: () => post(`calls/${call.id}/undo`, { act }) });
    });
  }

  /**
   * Put the shown caller on hold, or talk on with them; with none shown, with the only one that is on hold.
   * @param {Event} event
   */
  hold(event) {
    const shown = this.work.call && isMine(this.work.call) && inTalk(this.work.call) ? this.work.call : null;
    const open = this.open();
    if (shown?.state === "answered") return this.step(shown, "hold", words.held);
    const held = shown ? [shown] : this.talking().filter((call) => WAITING_TO_TALK.has(call.state));
    if (!held.length || (!shown && open)) return say(open ? words.end_not_shown : words.hold_none, { seconds: 3 });
    const [call] = held;
    if (held.length > 1) {
      say(words.hold_which, { seconds: 4 });
      return (
        document.querySelector(`#calls a[href="?call=${call.id}"]`) instanceof HTMLElement &&
        /** @type {HTMLElement} */ (document.querySelector(`#calls a[href="?call=${call.id}"]`)).focus()
      );
    }
    const other = open && open.id !== call.id ? open : null;
    if (other && !this.confirmed(other, call.id, event, "hold")) return;
    return this.acts.opening(async () => {
      if (other) await post(`calls/${other.id}/hold`);
      await post(`calls/${call.id}/resume`);
      if (selection.call !== call.id) {
        selection.chooseCall(call.id);
        this.acts.toPlace();
      }
      say(fill(words.resumed, { number: callName(call) }), { seconds: 3 });
    });
  }

  /** @param {Api.CallForm} call @param {"hold" | "resume"} act @param {string} text */
  step(call, act, text) {
    return this.acts.try(async () => {
      await post(`calls/${call.id}/${act}`);
      say(fill(text, { number: callName(call) }), { seconds: 3 });
    });
  }
}
