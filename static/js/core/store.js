/**
 * What is known of the place, kept by replacement: a board, then each thing's newest form.
 *
 * @typedef {any} Form a value of the API that its reader does not describe
 * @typedef {"calls" | "incidents" | "units" | "alarms" | "operators"} Plural
 * @typedef {{calls: Api.CallForm, incidents: Api.IncidentForm, units: Api.UnitForm, alarms: Api.AlarmForm,
 *            operators: Api.OperatorForm}} Items
 * @typedef {{[P in Plural]: Map<string, Items[P]>}} Things
 * @typedef {Api.Board["positions"][number]} Position
 * @typedef {{kind: string, subjects: string[], [field: string]: any}} LogEvent
 * @typedef {{type: "batch", seq: number, at: string, events?: LogEvent[], now: Record<string, Items[Plural] | null>}} Batch
 * @typedef {Batch | {type: "beat", head: number, at: string} | {type: "positions", units: Position[], at: string}
 *   | ({type: "kpis", at: string} & Api.Kpis) | {type: "reset", at?: undefined}} Frame as docs/feed.md has them
 */

const HIDDEN_MS = 250; // a hidden page gets no frames of the screen, yet must not fall behind
const RUSH_MS = 100; // nobody reads faster; what comes after a quiet moment is published with the next frame

/** @type {Record<string, Plural>} */
const PLURALS = { call: "calls", incident: "incidents", unit: "units", alarm: "alarms", operator: "operators" };

/**
 * The present state of one view, at one seq. Subscribers are notified with the next frame, in a rush ten times a
 * second.
 */
export class Store {
  constructor() {
    /** The seq this state is at; null before the first board. @type {number | null} */
    this.seq = null;
    /** The moment up to which positions are known. @type {string | null} */
    this.positionsAt = null;
    /** @type {Things} */
    this.things = { calls: new Map(), incidents: new Map(), units: new Map(), alarms: new Map(), operators: new Map() };
    /** @type {Map<string, Position>} */
    this.positions = new Map();
    /** @type {Api.Kpis | null} */
    this.kpis = null;
    /** Subjects that changed since `seen()` was last called, so that a screen can mark them. @type {Set<string>} */
    this.fresh = new Set();
    /** @type {Set<() => void>} */
    this.readers = new Set();
    this.asked = false;
    this.toldAt = -Infinity;
  }

  /**
   * Replace everything by a board (GET board).
   * @param {Api.Board} board
   */
  board(board) {
    Object.assign(this.things, {
      calls: byId(board.calls),
      incidents: byId(board.incidents),
      units: byId(board.units),
      alarms: byId(board.alarms),
      operators: byId(board.operators),
    });
    this.positions = new Map(board.positions.map((row) => [row[0], row]));
    this.positionsAt = board.at;
    this.kpis = board.kpis;
    this.seq = board.seq;
    this.fresh.clear();
    this.tell();
  }

  /**
   * Take a frame of the feed. Frames that are older than what is known change nothing.
   * @param {Frame} frame
   */
  take(frame) {
    if (frame.type === "batch") this.batch(frame);
    else if (frame.type === "beat") this.seq = Math.max(this.seq ?? 0, frame.head);
    else if (frame.type === "positions") {
      for (const row of frame.units) this.positions.set(row[0], row);
      this.positionsAt = frame.at;
      this.tell();
    } else if (frame.type === "kpis") {
      this.kpis = frame;
      this.tell();
    }
  }

  /** @param {Batch} frame */
  batch(frame) {
    if (this.seq !== null && frame.seq <= this.seq) return;
    for (const [subject, form] of Object.entries(frame.now)) {
      const [prefix, id] = subject.split(":", 2);
      const things = /** @type {Map<string, Items[Plural]>} */ (this.things[PLURALS[prefix]]);
      if (form === null) things.delete(id);
      else things.set(id, form);
      this.fresh.add(subject);
    }
    // A place warning and who rides where are no things of the board, but who shows them hears that they have changed.
    for (const event of frame.events ?? []) {
      if (event.kind.startsWith("unit.crew_")) this.fresh.add("crews");
      for (const subject of event.subjects) if (subject.startsWith("warning:")) this.fresh.add(subject);
    }
    this.seq = frame.seq;
    this.tell();
  }

  /**
   * Call `read` after changes, those of a moment together; returns the way to stop it.
   * @param {() => void} read
   */
  subscribe(read) {
    this.readers.add(read);
    return () => this.readers.delete(read);
  }

  /** The subjects that changed since the last call. */
  seen() {
    const fresh = this.fresh;
    this.fresh = new Set();
    return fresh;
  }

  /** @template {Plural} P @param {P} plural @returns {Items[P][]} */
  all(plural) {
    return [.../** @type {Map<string, Items[P]>} */ (this.things[plural]).values()];
  }

  tell() {
    if (this.asked) return;
    this.asked = true;
    const run = () => {
      this.asked = false;
      this.toldAt = performance.now();
      for (const read of this.readers) read();
    };
    const wait = document.hidden ? HIDDEN_MS : this.toldAt + RUSH_MS - performance.now();
    if (wait > 0) setTimeout(run, wait);
    else requestAnimationFrame(run);
  }
}

/** @template {{id: string}} T @param {T[]} items @returns {Map<string, T>} */
const byId = (items) => new Map(items.map((item) => [item.id, item]));
