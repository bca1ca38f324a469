/**
 * What is done with calls: taken, opened by hand, ended, filed, linked. Each tells how it went; what hurts can be
 * undone.
 */
import { openBar } from "../../components/choice-bar.js";
import { selection } from "../../components/selection.js";
import { newId, Problem, post } from "../../core/api.js";
import { numberText } from "../../core/phone-numbers.js";
import { say, sayProblem } from "../../core/toast.js";
import { fill, nameOf, words } from "../../core/words.js";
import { LineActs } from "./call-control.js";
import { inTalk, isFree, isMine } from "./call-form-model.js";
import { callName, numberToCallBack } from "./call-names.js";
import { placeWords } from "./draft.js";
import { askNumber } from "./number-prompt.js";
import { TypeAhead } from "./type-ahead.js";
import { codes } from "./type-field.js";
import { fieldFocused } from "./unsent-drafts.js";

/** The letter of each channel that a call is opened by hand for. @type {[string, string][]} */
const CHANNELS = [
  ["V", "voice"],
  ["R", "radio"],
  ["W", "walk_in"],
  ["C", "chat"],
  ["A", "agency"],
];
const NUMBERED = new Set(["voice", "chat", "agency"]);
/** Filed like this the caller is to be heard out first: a silent call is a procedure. */
const SILENT = "G1";

/** Say why an act failed; it was not kept for later. @param {unknown} error */
function sayFailed(error) {
  const code = error instanceof Problem ? error.code : "";
  if (code === "no_line") say(words.no_line_act, { tone: "bad", seconds: 8 });
  else if (error instanceof Problem && code === "call_taken") {
    say(fill(words.call_taken_by, { name: error.members.operator?.name ?? words.unknown }), { tone: "bad" });
  } else sayProblem(error);
}

export class CallActs {
  /**
   * @param {import("./call-form-model.js").Work} work
   * @param {{toPlace: () => void, silent: () => import("./silent-call.js").SilentPart}} parts
   */
  constructor(work, { toPlace, silent }) {
    this.work = work;
    this.store = work.screen.store;
    this.toPlace = toPlace;
    this.silent = silent;
    /** What was asked for before: acts are done one after another, none is dropped. @type {Promise<unknown>} */
    this.before = Promise.resolve();
    this.line = new LineActs(this);
    this.typeAhead = new TypeAhead();
  }

  /** @param {string} id */
  answer(id) {
    return this.opening(() => this.claim(id));
  }

  /** @param {string} id */
  async claim(id) {
    const call = await post(`calls/${id}/answer`);
    this.took(call);
    selection.chooseCall(id);
    this.toPlace();
  }

  /**
   * Show a call that was just taken before the feed brings it. Where the feed was faster it knows as much or more.
   * @param {Api.CallForm} call as the answer has it
   */
  took(call) {
    const known = this.store.things.calls.get(call.id);
    if (!known || !isMine(known)) this.store.things.calls.set(call.id, call);
  }

  /** A supervisor takes a call from whoever has it. @param {string} id */
  takeOver(id) {
    return this.opening(async () => {
      this.took(await post(`calls/${id}/answer`, { take_over: true }));
      this.toPlace();
    });
  }

  newCall() {
    const choices = CHANNELS.map(([key, channel]) => ({
      key,
      label: nameOf("channels", channel),
      act: () => {
        if (NUMBERED.has(channel)) askNumber(channel, (number) => this.openByHand(channel, number));
        else this.openByHand(channel, null);
      },
    }));
    const number = numberToCallBack(this.work.call);
    if (number !== null) {
      const label = fill(words.call_back_number, { number: numberText(number) });
      choices.unshift({ key: "B", label, act: () => this.openByHand("voice", number) });
    }
    openBar({ title: words.new_call, choices });
  }

  /** @param {string} channel @param {string | null} number */
  openByHand(channel, number) {
    const id = newId();
    return this.opening(async () => {
      const call = await post("calls", { id, channel, ...(number ? { number } : {}) });
      this.took(call);
      selection.chooseCall(id);
      this.toPlace();
    });
  }

  /** The noise bar: one letter files the call. */
  noise() {
    const { call } = this.work;
    if (!call || !(isMine(call) || isFree(call)) || ["ringing", "queued"].includes(call.state)) {
      say(words.no_call_to_file, { seconds: 3 });
      return;
    }
    openBar({
      title: fill(call.incident ? words.file_as_sent : words.file_as, {
        number: callName(call),
        incident: call.incident?.number ?? "",
      }),
      choices: codes.noise.map(([key, code]) => ({
        key,
        label: nameOf("dispositions", code),
        act: () => this.file(code),
      })),
      hint: words.noise_hint,
    });
  }

  /** @param {string} code */
  file(code) {
    const { call } = this.work;
    if (!call) return;
    const silent = this.silent();
    if (code === SILENT && inTalk(call) && !silent.heardOut) {
      say(words.silent_first, { tone: "bad" });
      return silent.start();
    }
    const { work } = this;
    const before = fieldFocused() ? /** @type {HTMLElement} */ (document.activeElement) : null;
    work.change({ silentAt: null, filed: code });
    // Who has filed a call has no more to type into its form: a field that has the focus would keep it open.
    if (before) document.getElementById("call-pane")?.focus();
    const asBefore = () => {
      if (work.id !== call.id) return;
      work.change({ filed: null });
      before?.focus();
    };
    return this.try(async () => {
      const act = newId();
      try {
        await post(`calls/${call.id}/dispose`, { disposition: code, act });
      } catch (error) {
        asBefore();
        throw error;
      }
      say(fill(words.filed, { number: callName(call), as: nameOf("dispositions", code) }), {
        undo: () => post(`calls/${call.id}/undo`, { act }).then(asBefore),
      });
    });
  }

  /** The call belongs to an open incident: what was said goes there too. @param {Api.IncidentForm} incident */
  link(incident) {
    const { work } = this;
    const { call, body } = work;
    if (!call) return false;
    const left = call.incident?.id ?? null;
    // Before the link is known: as a line of the call, which the incident gets below, once.
    if (body.words.trim()) work.sendLine();
    return this.try(async () => {
      await post(`calls/${call.id}/link`, { incident: incident.id });
      const held = structuredClone(body);
      const text = [...body.lines.map((line) => line.text), body.sent ? "" : placeWords(body.place)]
        .filter(Boolean)
        .join("\n");
      const before = { type: body.type, place: body.place };
      body.sent = null;
      body.lines = [];
      let line = null;
      if (text) {
        line = { id: newId(), text: fill(words.said_on_call, { said: text }), at: work.screen.stamp() };
        work.queue.add({ method: "POST", path: `incidents/${incident.id}/notes`, body: line, label: "line" });
      }
      // Another call's form may be open by now.
      if (work.id === call.id) {
        work.change({ incident: incident.id, type: before.type, place: before.place });
        await work.readDetails();
        work.followIncident();
      }
      const note = line?.id ?? null;
      say(fill(words.linked, { call: callName(call), number: incident.number }), {
        undo: () => this.unlink(call.id, { linked: incident.id, left, note, held }),
      });
    });
  }

  /**
   * Take a link back: the call goes where it was, what was sent to the wrong incident is struck there, the form holds
   * again what it held.
   * @param {string} id
   * @param {{linked: string, left: string | null, note: string | null, held: import("./draft.js").Body}} before
   *   linked: the incident it is taken out of; left: the one it was in
   */
  async unlink(id, { linked, left, note, held }) {
    const { work } = this;
    await (left
      ? post(`calls/${id}/link`, { incident: left, instead_of: linked })
      : post(`calls/${id}/unlink`, { incident: linked }));
    if (work.id === id) {
      const { words: typed } = work.body;
      work.change({
        ...held,
        incident: left ?? newId(),
        sent: null,
        words: [held.words, typed].filter(Boolean).join(" "),
      });
      await work.readDetails();
      work.followIncident();
    }
    // By the queue that the note went by: it may not be out yet.
    if (note)
      work.queue.add({
        method: "POST",
        path: `notes/${note}/strike`,
        body: { reason: words.link_undone },
        label: "strike",
      });
  }

  /** Throw away what a form holds beyond what was sent; it comes back by undo. */
  discard() {
    const { work } = this;
    const { id, body } = work;
    const held = structuredClone(body);
    if (body.sent) {
      const { text, lat, lng, verified, type } = body.sent;
      const spot =
        lat === null || lng === null ? null : { id: "incident", kind: "incident", name: text, label: text, lat, lng };
      work.change({ words: "", type, typeText: "", priority: null, place: { text, said: "", spot, verified } });
    } else work.change({ words: "", filed: work.call?.disposition ?? "-" });
    work.settle();
    say(words.discarded, {
      undo: async () => {
        if (work.id === id) return work.change(held);
        selection.chooseCall(id);
        work.change(held);
      },
    });
  }

  /** Take a closed call up again. */
  reopen() {
    const { call } = this.work;
    if (call)
      return this.try(async () => {
        await post(`calls/${call.id}/reopen`);
        await this.work.readDetails();
      });
  }

  /** The place was read back to the caller: sent at once where nothing else is being changed. */
  readBack() {
    const { work } = this;
    if (!work.mine) return false;
    const { place } = work.body;
    if (!placeWords(place)) {
      say(words.say_where, { tone: "bad" });
      return this.toPlace();
    }
    if (place.verified) return say(words.read_back_already, { seconds: 2 });
    work.change({ place: { ...place, verified: true } });
    work.sendReadBack();
    say(fill(words.read_back_now, { place: place.text }), { seconds: 3 });
  }

  /** Do what opens a call's form; what is typed meanwhile goes into it. @param {() => Promise<unknown>} act */
  opening(act) {
    return this.typeAhead.during((opened) => this.try(() => act().then(opened)));
  }

  /** One after another; a refusal is shown. @param {() => Promise<unknown>} act */
  try(act) {
    this.before = this.before
      .catch(() => {})
      .then(act)
      .catch(sayFailed);
    return this.before;
  }
}
