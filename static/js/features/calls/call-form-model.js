/** The call whose form is open: what is known of it, what the form holds, how it gets to the server. */

import { selection } from "../../components/selection.js";
import { get, newId, Problem, patch, post } from "../../core/api.js";
import { Queue } from "../../core/queue.js";
import { say, sayProblem } from "../../core/toast.js";
import { fill, nameOf, words } from "../../core/words.js";
import { callName } from "./call-names.js";
import { showCollision } from "./collisions.js";
import { adopt, blankBody, changesOf, incidentOf, isBlank, placeWords } from "./draft.js";
import { join } from "./draft-merge.js";
import { DraftKeeper, keptHere } from "./draft-storage.js";
import { isUnsent, isWorkedOn, lookAgain, mustStay } from "./unsent-drafts.js";

export const user = document.body.dataset.user ?? "";
const IN_TALK = new Set(["answered", "on_hold", "conference", "transferring"]);
const OVER = new Set(["ended", "dropped", "wrap_up"]);
const LOOK_MS = 250;
const GONE_MS = 2000;

/** @param {Api.CallForm} call */
export const inTalk = (call) => IN_TALK.has(call.state);
/** @param {Api.CallForm} call */
export const isMine = (call) => call.operator?.id === user;
/** @param {Api.CallForm} call */
export const isOver = (call) => OVER.has(call.state);
/** Whether anybody may take it now. @param {Api.CallForm} call */
export const isFree = (call) =>
  ["ringing", "queued", "transferring"].includes(call.state) || (!call.operator && call.state !== "closed");

export class Work extends EventTarget {
  /** @param {import("../../core/screen.js").Screen} screen */
  constructor(screen) {
    super();
    this.screen = screen;
    /** @type {string | null} */
    this.id = null;
    this.body = blankBody();
    /** The call with its words, as last read. @type {Api.CallDetails | null} */
    this.details = null;
    /** @type {DraftKeeper | null} */
    this.keeper = null;
    this.touched = false;
    /** The call as it was last seen: a board that is read anew may lack it. @type {Api.CallForm | null} */
    this.last = null;
    /** Whether the reader goes on with a form whose call somebody else has taken. */
    this.stays = false;
    /** Whether the call was seen open while its form is: it leaves by itself when it is closed. */
    this.sawOpen = false;
    this.look = 0;
    this.lookedAt = -Infinity;
    /** Whether what was changed while a change was on its way is to follow it. */
    this.more = false;
    /** Whether the place was read back while the incident was being opened: the server gets to know it after that. */
    this.readBackWaits = false;
    this.queue = new Queue({
      name: "calls",
      onChange: () => screen.draw(),
      onDone: (item, answer) => this.sent(item, answer),
      onRefused: (item, problem) => this.refused(item, problem),
    });
    selection.onChange(() => this.open(selection.call));
    screen.onChange((subject) => this.hear(subject));
  }

  /** The call's form: from the board, or as it was read where it is closed. @returns {Api.CallForm | null} */
  get call() {
    return this.id === null ? null : (this.screen.store.things.calls.get(this.id) ?? this.details ?? this.last);
  }

  /** Its incident's form, if it has one on the board. @returns {Api.IncidentForm | null} */
  get incident() {
    const id = this.call?.incident?.id ?? this.body.incident;
    return this.screen.store.things.incidents.get(id ?? "") ?? null;
  }

  /** Whether the form is the reader's to fill in. */
  get mine() {
    return this.call !== null && isMine(this.call);
  }

  /** Whether the form's fields are shown: it is the reader's, or was while somebody else took the call. */
  get editable() {
    return this.mine || (this.stays && this.call !== null && isWorkedOn(this));
  }

  /** Whether the incident of this call is on its way to the server. */
  get opening() {
    return this.queue.items.some((item) => item.path === "incidents" && item.body.call === this.id);
  }

  /** What waits to be sent for this call. */
  get waiting() {
    const { id, body } = this;
    return this.queue.items.filter(
      (item) => item.body.call === id || item.path.includes(body.incident) || item.path.includes(id ?? " "),
    );
  }

  /** Open a call's form, with whatever was typed into it before, here or at another desk. @param {string | null} id */
  async open(id) {
    if (id === this.id) return;
    this.keeper?.stop();
    lookAgain();
    this.id = id;
    this.details = this.last = null;
    this.touched = this.sawOpen = this.more = this.readBackWaits = this.stays = false;
    this.keeper = null;
    this.body = blankBody();
    if (id !== null) {
      const here = keptHere(id);
      if (here) this.body = { ...this.body, ...here.body };
      const keeper = new DraftKeeper({
        id,
        now: () => this.screen.now(),
        body: () => this.body,
        title: () => (this.call ? callName(this.call) : ""),
        onOther: (draft) => this.otherDesk(draft),
      });
      this.keeper = keeper;
      this.tell();
      await this.readDetails();
      if (this.keeper !== keeper || !this.call) return;
      if (!this.mine && this.call.operator && here && isUnsent(here.body)) this.stays = true;
      if (this.mine || !this.call.operator) await this.readDraft(keeper, here);
      if (this.keeper !== keeper) return;
      this.followIncident();
    }
    this.tell();
  }

  /** @param {DraftKeeper} keeper @param {import("./draft-storage.js").Kept | null} here what this browser kept */
  async readDraft(keeper, here) {
    const draft = await keeper.read();
    if (this.keeper !== keeper) return;
    const other = draft?.body && draft.version !== here?.version;
    const unsent = this.touched || (here !== null && !here.through);
    if (other && !unsent) this.body = { ...blankBody(), ...draft.body };
    else if (other) this.otherDesk(draft); // another desk has gone on, and this one holds words that nobody has
    if (unsent) keeper.touch();
  }

  /** What another desk wrote comes in beside what stands here. @param {any} draft */
  otherDesk(draft) {
    const shown = this.body.theirs !== null;
    join(this.body, draft);
    this.tell();
    if (!shown) say(fill(words.draft_other, { by: draft.by ?? words.unknown, desk: draft.desk ?? "" }));
  }

  async readDetails() {
    const { id } = this;
    if (id === null) return;
    const { sent } = this.body;
    try {
      const details = await get(`calls/${id}`);
      if (this.id !== id) return;
      this.details = details;
      if (sent && sent === this.body.sent && !details.incident) this.unsend();
      this.tell();
    } catch (error) {
      if (error instanceof Problem && error.status === 404 && this.id === id && !mustStay(this))
        selection.chooseCall(null);
      else sayProblem(error);
    }
  }

  /** The call belongs to no incident any more: what the form holds is not sent, and would open another one. */
  unsend() {
    Object.assign(this.body, { sent: null, incident: newId() });
    this.keeper?.touch();
  }

  /** Take back what was just sent: the call is as before, the form keeps what was typed. @param {string} incident */
  async takeBack(incident) {
    await post(`incidents/${incident}/undo`);
    await this.readDetails();
  }

  /** A board that was read anew lacks the open call: how it ended is asked once in a while. */
  lookForGone() {
    const { id, details } = this;
    if (
      id === null ||
      this.screen.store.things.calls.has(id) ||
      ["closed", "blocked_ivr"].includes(details?.state ?? "")
    )
      return;
    if (performance.now() - this.lookedAt < GONE_MS) return;
    this.lookedAt = performance.now();
    void this.readDetails().then(() => this.settle());
  }

  /** @param {string} subject */
  hear(subject) {
    if (subject === `call:${this.id}`) this.noteOwner();
    if (subject === `call:${this.id}`) {
      clearTimeout(this.look);
      this.look = window.setTimeout(() => this.readDetails().then(() => this.settle()), LOOK_MS);
    }
    if (subject === `incident:${this.call?.incident?.id ?? this.body.incident}` || subject === `call:${this.id}`)
      this.followIncident();
  }

  /** The call is somebody else's now: a form that is being worked on stays, and says so. */
  noteOwner() {
    const now = this.id === null ? undefined : this.screen.store.things.calls.get(this.id);
    if (!now) return;
    if (this.last && isMine(this.last) && !isMine(now) && now.operator) this.stays = isWorkedOn(this);
    if (isMine(now)) this.stays = false;
    this.last = now;
  }

  /** What the incident has become, into the fields that nobody is changing here. */
  followIncident() {
    const { incident, body } = this;
    if (!body.sent && this.opening) return; // its own answer says what it has become of what was sent
    if (!incident || (body.sent && body.sent.version >= incident.version && body.incident === incident.id)) return;
    adopt(body, incident);
    this.dispatchEvent(new Event("change"));
  }

  /** A call that is closed with nothing left to send keeps no draft. */
  settle() {
    const { call, body, keeper } = this;
    if (!call || !keeper || call.state !== "closed" || this.waiting.length || body.words.trim()) return;
    if (body.sent ? changesOf(body) === null : body.filed || !placeWords(body.place)) keeper.drop();
  }

  /** Something was typed or chosen. @param {Partial<import("./draft.js").Body>} part */
  change(part) {
    const wasBlank = isBlank(this.body);
    Object.assign(this.body, { filed: null, ...part });
    this.touched = true;
    if (!isBlank(this.body)) this.keeper?.touch();
    else if (!wasBlank) this.keeper?.drop(); // all of it was deleted: it does not come back
    this.tell();
  }

  tell() {
    if (this.call) this.last = this.call;
    if (this.call && this.call.state !== "closed") this.sawOpen = true;
    this.dispatchEvent(new Event("change"));
    this.screen.draw();
  }

  /** @param {() => void} hear */
  onChange(hear) {
    this.addEventListener("change", hear);
  }

  /** A line of what the caller says: kept at once, sent as soon as may be. */
  sendLine() {
    const text = this.body.words.trim();
    if (!text || this.id === null) return;
    const line = { id: newId(), text, at: this.screen.stamp() };
    this.change({ words: "", lines: [...this.body.lines, line] });
    const hasIncident = this.body.sent !== null || this.opening;
    const path = hasIncident ? `incidents/${this.body.incident}/notes` : `calls/${this.id}/lines`;
    this.queue.add({ method: "POST", path, body: line, label: "line" });
  }

  /**
   * Open the incident, or send what has changed. Returns what is missing, if something is.
   * @returns {"" | "place" | "nothing"}
   */
  send() {
    const { body, id } = this;
    if (id === null) return "nothing";
    if (body.words.trim()) this.sendLine();
    if (body.sent) {
      return this.sendChanges() ? "" : "nothing";
    }
    if (!placeWords(body.place)) return "place";
    if (this.opening) {
      this.more = true;
      return "";
    }
    this.queue.add({ method: "POST", path: "incidents", body: incidentOf(this.body, id), label: "incident" });
    return "";
  }

  /** Send what differs, one change after the other: the second one starts from what the first has made. */
  sendChanges() {
    const { sent, incident } = this.body;
    const changes = changesOf(this.body);
    this.more = false;
    if (!sent || !changes) return false;
    const path = `incidents/${incident}`;
    this.more = this.queue.items.some((item) => item.method === "PATCH" && item.path === path);
    if (!this.more)
      this.queue.add({ method: "PATCH", path, body: { ...changes, version: sent.version }, label: "edit" });
    return true;
  }

  /** Send that the place was read back, if nothing else differs: what is being typed goes out by its own key. */
  sendReadBack() {
    if (this.opening) {
      this.readBackWaits = true;
      return;
    }
    const changes = changesOf(this.body);
    const alone =
      changes && Object.keys(changes).join() === "location" && Object.keys(changes.location).join() === "verified";
    if (alone) this.sendChanges();
  }

  /** @param {import("../../core/queue.js").OutboxItem} item @param {any} answer */
  sent(item, answer) {
    if (item.path === "incidents")
      say(fill(words.sent_now, { number: answer.number }), { undo: () => this.takeBack(answer.id) });
    if (item.path === "incidents" ? item.body.call !== this.id : item.path !== `incidents/${this.body.incident}`)
      return;
    if (item.method === "PATCH" && this.body.sent) {
      // What was just sent is no longer a change of ours.
      const { type, priority, location } = answer;
      this.body.sent = {
        ...this.body.sent,
        ...(item.body.type ? { type: answer.restricted ? this.body.type : type } : {}),
        ...(item.body.priority ? { priority } : {}),
        ...(item.body.location
          ? { text: location.text, lat: location.lat, lng: location.lng, verified: location.verified }
          : {}),
      };
    }
    if (item.path === "incidents" && !this.body.sent) {
      // What was changed here while it was under way is a change of ours, not to be overwritten by what was sent.
      const { location, type = null, priority = answer.priority } = item.body;
      this.body.sent = { ...location, type, priority, version: answer.version };
    }
    adopt(this.body, answer);
    this.keeper?.touch();
    if (this.more) this.sendChanges();
    else if (this.readBackWaits) this.sendReadBack();
    this.readBackWaits = false;
    this.tell();
    this.settle();
  }

  /** @param {import("../../core/queue.js").OutboxItem} item @param {import("../../core/api.js").Problem} problem */
  refused(item, problem) {
    const { body } = this;
    if (item.path === "incidents" ? item.body.call === this.id : item.path === `incidents/${body.incident}`)
      this.more = this.readBackWaits = false;
    if (problem.code === "version_conflict" && body.sent && item.path === `incidents/${body.incident}`) {
      body.sent.version = problem.members.version;
      this.tell();
      return void showCollision(this.screen, body.incident, problem.members.conflicts);
    }
    if (problem.code === "call_linked") {
      this.readDetails().then(() => this.followIncident());
      return say(words.linked_meanwhile, { tone: "bad", seconds: 8 });
    }
    if (item.label === "line" && body.lines.some((line) => line.id === item.body.id)) {
      const words_ = [item.body.text, body.words].filter(Boolean).join(" ");
      this.change({ words: words_, lines: body.lines.filter((line) => line.id !== item.body.id) });
    }
    sayProblem(problem);
  }

  /**
   * Change what is known of a caller.
   * @param {Record<string, any>} changes
   * @param {string | null} [id] of which call; without it the one that is open
   * @returns {Promise<boolean>} whether the server has it
   */
  async edit(changes, id = this.id) {
    const call = id === this.id ? (this.details ?? this.call) : this.screen.store.things.calls.get(id ?? "");
    if (!call) return false;
    try {
      const details = await patch(`calls/${call.id}`, { ...changes, version: call.version });
      if (this.id === details.id) this.details = details;
      this.tell();
      return true;
    } catch (error) {
      if (error instanceof Problem && error.code === "version_conflict" && this.id === call.id)
        await this.readDetails();
      sayProblem(error);
      return false;
    }
  }

  /**
   * The urgency in force: chosen, else the incident's, else the type's.
   * @param {{code: string, priority: number}[]} types
   */
  priority(types) {
    const { body } = this;
    const typed = types.find((type) => type.code === body.type)?.priority ?? null;
    return body.priority ?? (body.sent && body.sent.type === body.type ? body.sent.priority : typed);
  }

  /** The name of the type in the field: what was typed, or the chosen one's. */
  get typeText() {
    const { type, typeText } = this.body;
    return type ? `${type} ${nameOf("types", type)}` : typeText;
  }
}
