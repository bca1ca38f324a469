/** The call-taker's part of the console: the calls, the form of the one that is open, what is known around it. */
import { render } from "lit-html";
import { callsLine } from "../../parts/calls.js";
import { words } from "../../parts/words.js";
import { mountMap } from "../../parts/map.js";
import { comboFor } from "../../keys.js";
import { place, write } from "../../screen.js";
import { say } from "../../undo.js";
import { selection } from "../selection.js";
import { CallActs } from "./acts.js";
import { CallerPart } from "./caller.js";
import { formPart, openCard } from "./form.js";
import { bindList, listPart } from "./list.js";
import { myself, myStatePart, openMyState } from "./my_state.js";
import { SidePart } from "./side.js";
import { SilentPart } from "./silent.js";
import { takeIn } from "./theirs.js";
import { WhatPart, typesFor } from "./what.js";
import { WherePart } from "./where.js";
import { Work, inTalk } from "./work.js";

/** @typedef {Record<string, (event: KeyboardEvent) => unknown>} Handlers */

/** @param {import("../../screen.js").Screen} screen @returns {Handlers} what its keys do, by action */
export function mountCalls(screen) {
  const work = new Work(screen);
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
      // A code, or words that mean one type only, need no Enter.
      const [first, ...more] = typesFor(body.typeText);
      if (first && (!more.length || first.code.toLowerCase() === body.typeText.trim().toLowerCase())) work.change({ type: first.code, typeText: "" });
    }
    const missing = work.send();
    if (missing === "place") {
      say(words.say_where, { tone: "bad" });
      toField("where");
    } else if (missing === "nothing") say(words.nothing_new, { seconds: 2 });
    return true;
  };
  const parts = { work, where, what, caller, silent, acts, side, send, supervises };

  const map = mountMap(place("map"), {
    screen,
    onPick: (pick) => {
      if (pick.kind === "point" && work.mine) where.point(pick.lat, pick.lng, "map", words.map_point);
      else if (pick.kind === "incident") selection.chooseIncident(pick.id);
    },
  });
  let shown = "";
  const showPoint = () => {
    const fix = work.call?.location ?? null;
    const incident = selection.incident ? screen.store.things.incidents.get(selection.incident)?.location : null;
    const point = incident ? (incident.lat === null ? null : { lat: incident.lat, lng: incident.lng }) : work.id === null ? null : (work.body.place.spot ?? fix);
    const key = point ? `${point.lat},${point.lng}` : "";
    if (key === shown) return;
    shown = key;
    map.showPoint(point && point === fix ? { lat: fix.lat, lng: fix.lng, accuracy_metres: fix.accuracy_metres } : point);
    map.highlight(selection.incident);
    if (point) map.focus(point.lat, point.lng);
  };

  bindList(place("calls"));
  const next = place("take-next");
  next.addEventListener("click", () => acts.takeNext());
  const foot = place("new-call");
  foot.addEventListener("click", () => acts.newCall());
  render(comboFor("next_call"), /** @type {HTMLElement} */ (next.querySelector("kbd")));
  render(comboFor("new_call"), /** @type {HTMLElement} */ (foot.querySelector("kbd")));

  /** The call that the reader was last on. @type {string | null} */
  let on = null;
  /** The call that the reader talks on opens by itself: after signing in at another desk, or when the exchange gave it. */
  const follow = (/** @type {import("../../store.js").Form | null} */ me) => {
    const call = me?.call ?? null;
    if (call === on) return;
    on = call;
    const busy = selection.incident !== null || (work.mine && work.call !== null && inTalk(work.call));
    if (call !== null && call !== work.id && !busy && screen.store.things.calls.has(call)) selection.chooseCall(call);
  };

  screen.onDraw((now) => {
    const me = myself(screen);
    follow(me);
    render(myStatePart(screen, now), place("my-state"));
    render(callsLine(screen.store.all("calls")), place("calls-line"));
    render(listPart(screen, now, me, supervises), place("calls"));
    write("map-line", where.areas());
    showPoint();
    if (selection.incident !== null) return;
    render(formPart(parts, now), place("call-pane"));
    render(work.call ? side.same(now) : "", place("call-right"));
    render(work.call ? side.below(now) : "", place("call-below"));
    leaveClosed(work);
  });
  if (selection.call) work.open(selection.call);

  return {
    next_call: () => acts.takeNext(),
    new_call: () => acts.newCall(),
    noise: () => acts.noise(),
    silent: () => silent.start(),
    phone_place: () => (work.mine ? where.takePhone() : false),
    cpr: () => openCard(work),
    link: () => side.linkFirst(),
    caller: () => caller.open(),
    end: () => acts.end(),
    send,
    place: () => (work.mine ? where.combobox.focus() : false),
    words: () => toField("said"),
    theirs: () => takeIn(work),
    calls: () => /** @type {HTMLElement | null} */ (place("calls").querySelector("a"))?.focus(),
    my_state: () => openMyState(screen),
  };
}

/** Once the open call is filed and over, and nothing of it is left to send, the form makes room for the next one. @param {Work} work */
function leaveClosed(work) {
  if (!work.sawOpen || work.call?.state !== "closed" || work.waiting.length || work.body.words.trim()) return;
  selection.chooseCall(null);
}
