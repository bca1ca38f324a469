/** The call-taker's part of the console: the calls, the form of the one that is open, what is known around it. */
import { html, nothing, render } from "lit-html";
import { callsLine } from "../../components/calls.js";
import { selection } from "../../components/selection.js";
import { comboFor } from "../../core/keys.js";
import { place, write } from "../../core/screen.js";
import { say } from "../../core/toast.js";
import { words } from "../../core/words.js";
import { mountMap } from "../map/index.js";
import { CallActs } from "./actions.js";
import { SidePart } from "./call-context.js";
import { nextCall } from "./call-control.js";
import { formPart, openCard, readBackPart } from "./call-form.js";
import { inTalk, isOver, Work } from "./call-form-model.js";
import { bindList, drawList, listPart } from "./call-list.js";
import { CallerPart } from "./caller-details.js";
import { takeIn } from "./draft-merge.js";
import { restoreDrafts } from "./draft-storage.js";
import { isOffline, myStatePart, myself, openMyState } from "./operator-state.js";
import { WherePart } from "./place-field.js";
import { ringBanner } from "./ringing.js";
import { SilentPart } from "./silent-call.js";
import { soundNote, soundPart } from "./sound-check.js";
import { typeByCode, WhatPart } from "./type-field.js";
import { lookAgain, mustStay } from "./unsent-drafts.js";
import { drawSigns } from "./waiting-notices.js";

/** @typedef {Record<string, (event: KeyboardEvent) => unknown>} Handlers */

/**
 * @param {import("../../core/screen.js").Screen} screen
 * @param {import("../../components/sounds.js").Sounds} sounds
 * @returns {Handlers} what its keys do, by action
 */
export function mountCalls(screen, sounds) {
  const work = new Work(screen);
  restoreDrafts().then(lookAgain, () => {}); // without a line what this browser keeps is there all the same
  /** At once, not with the next frame: a fast hand's first letter must not be lost. */
  const toField = (/** @type {string} */ id) => {
    screen.draw();
    document.getElementById(id)?.focus();
  };
  const toPlace = () => toField("where");
  const where = new WherePart(work, { next: () => toField("what"), middle: () => map.middle() });
  const what = new WhatPart(work, { next: () => toField("said") });
  const caller = new CallerPart(work);
  const acts = new CallActs(work, { toPlace, silent: () => silent });
  const silent = new SilentPart(work, { file: (code) => acts.file(code), toPlace });
  const side = new SidePart(work, { where, link: (incident) => acts.link(incident) });
  const supervises = screen.root.dataset.roles?.split(" ").includes("supervisor") ?? false;

  const send = () => {
    if (!work.mine) return false;
    const { body } = work;
    if (!body.type && body.typeText) {
      // A whole code needs no Enter. Other words are never taken for a type that nobody has looked at.
      const exact = typeByCode(body.typeText);
      if (exact) work.change({ type: exact.code, typeText: "" });
    }
    const missing = work.send();
    if (missing === "place") {
      say(words.say_where, { tone: "bad" });
      toField("where");
    } else if (missing === "nothing") say(words.nothing_new, { seconds: 2 });
    return true;
  };
  const parts = { work, where, what, caller, silent, acts, side, send, supervises, sounds };

  const map = mountMap(place("map"), {
    screen,
    onPick: (pick) => {
      if (pick.kind === "point" && work.mine) where.point(pick.lat, pick.lng, "map", words.map_point);
      else if (pick.kind === "incident") selection.chooseIncident(pick.id);
    },
  });
  let shown = "";
  let shownFor = "";
  const showPoint = () => {
    const fix = work.call?.location ?? null;
    const incident = selection.incident ? screen.store.things.incidents.get(selection.incident)?.location : null;
    const point = incident
      ? incident.lat === null || incident.lng === null
        ? null
        : { lat: incident.lat, lng: incident.lng }
      : work.id === null
        ? null
        : (work.body.place.spot ?? fix);
    const key = point ? `${point.lat},${point.lng}` : "";
    const about = selection.incident ?? work.id ?? "";
    // What is opened without a point starts from the whole area: the last call's place says nothing of where this one
    // is.
    if (about !== shownFor && !point) map.home();
    shownFor = about;
    if (key === shown) return;
    shown = key;
    map.showPoint(fix && point === fix ? { lat: fix.lat, lng: fix.lng, accuracy_metres: fix.accuracy_metres } : point);
    map.highlight(selection.incident);
    if (point) map.focus(point.lat, point.lng);
  };

  bindList(place("calls"));
  const next = place("take-next");
  next.addEventListener("click", (event) => acts.line.takeNext(event));
  const foot = place("new-call");
  foot.addEventListener("click", () => acts.newCall());
  render(comboFor("next_call"), /** @type {HTMLElement} */ (next.querySelector("kbd")));
  render(comboFor("new_call"), /** @type {HTMLElement} */ (foot.querySelector("kbd")));

  /** The call that the reader was last on. @type {string | null} */
  let on = null;
  /**
   * The call that the reader talks on opens by itself: after signing in at another desk, or when the exchange gave it.
   * Not over a form that somebody works on, and no caller on hold takes the place of the call that has just ended.
   */
  const follow = (/** @type {Api.OperatorForm | null} */ me) => {
    const id = me?.call ?? null;
    if (id === on) return;
    on = id;
    const call = id === null || me?.state === "ringing" ? undefined : screen.store.things.calls.get(id);
    if (!call || id === work.id || selection.incident !== null) return;
    const busy =
      work.mine &&
      work.call !== null &&
      (inTalk(work.call) || mustStay(work) || (isOver(work.call) && !work.call.disposition));
    if (!busy && (call.state !== "on_hold" || work.id === null)) selection.chooseCall(id);
  };

  screen.onDraw((now) => {
    const me = myself(screen);
    follow(me);
    drawSigns(screen, now, me);
    render(myStatePart(screen, sounds, now), place("my-state"));
    render(callsLine(screen.store.all("calls")), place("calls-line"));
    drawList(place("calls"), listPart(work, acts.line, now, me, supervises));
    // Where a call rings here, its own row has the key.
    next.hidden = place("calls").querySelector(".ringing") !== null || !nextCall(screen);
    write("map-line", where.areas());
    showPoint();
    const idle = selection.incident === null && work.id === null;
    render(html`${soundNote(sounds, me)}${idle ? nothing : ringBanner(acts.line, now, me)}`, place("ring"));
    render(readBackPart(parts), place("read-back"));
    if (selection.incident !== null) return;
    const pane = place("call-pane");
    const within = pane.contains(document.activeElement);
    render(formPart(parts, now), pane);
    if (within && document.activeElement === document.body) pane.focus(); // the field that had it is gone
    render(work.call ? side.same(now) : "", place("call-right"));
    render(work.call ? side.below(now) : idle && !isOffline(screen) ? soundPart(sounds) : "", place("call-below"));
    work.lookForGone();
    leaveClosed(work);
  });
  if (selection.call) work.open(selection.call);

  return {
    next_call: (event) => acts.line.takeNext(event),
    new_call: () => acts.newCall(),
    noise: () => acts.noise(),
    silent: () => silent.start(),
    phone_place: () => (work.mine ? where.takePhone() : false),
    cpr: () => openCard(work),
    link: (event) => side.linkFirst(event),
    caller: () => caller.open(),
    end: () => acts.line.end(),
    hold: (event) => acts.line.hold(event),
    read_back: () => acts.readBack(),
    send,
    place: () => (work.mine ? where.combobox.focus() : false),
    words: () => toField("said"),
    theirs: () => takeIn(work),
    calls: () => {
      screen.draw(); // a form that was parked with the key before has its row now
      const parked = place("calls").querySelector(`a[href="?call=${acts.line.parked}"]`);
      /** @type {HTMLElement | null} */ (parked ?? place("calls").querySelector("a"))?.focus();
    },
    my_state: () => openMyState(screen, sounds),
  };
}

/**
 * Once the open call is filed and over, the form makes room for the next one: not while a field has the focus, and not
 * with anything unsent in it.
 * @param {Work} work
 */
function leaveClosed(work) {
  if (work.sawOpen && work.call?.state === "closed" && !mustStay(work)) selection.chooseCall(null);
}
