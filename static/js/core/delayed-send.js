/**
 * An act that can't be taken back once it is sent waits five seconds, with Undo; then it goes out by itself.
 *
 * It carries the time at which it was tapped, so that waiting falsifies nothing. Another act, leaving the page, or a
 * locked phone sends it at once.
 */
import { Problem } from "./api.js";
import { say, UNDO_SECONDS } from "./toast.js";
import { fill, words } from "./words.js";

/**
 * @template T
 * @typedef {{what: T, timer: number}} Waiting
 */

/** @template T what waits */
export class Later {
  /** @param {(what: T) => unknown} send @param {() => void} onChange */
  constructor(send, onChange) {
    this.send = send;
    this.onChange = onChange;
    /** @type {Waiting<T> | null} */
    this.waiting = null;
    document.addEventListener("visibilitychange", () => document.hidden && this.flush());
    addEventListener("pagehide", () => this.flush());
  }

  /** What waits now. @returns {T | null} */
  get what() {
    return this.waiting?.what ?? null;
  }

  /** Let it wait. @param {T} what @param {string} text what it is, in words */
  put(what, text) {
    this.flush();
    const mine = { what, timer: setTimeout(() => this.flush(), UNDO_SECONDS * 1000) };
    this.waiting = mine;
    this.onChange();
    say(fill(words.goes_out, { what: text, seconds: UNDO_SECONDS }), {
      undo: async () => {
        if (this.waiting !== mine) throw new Problem({ status: 409, code: "late", detail: words.undo_late });
        clearTimeout(mine.timer);
        this.waiting = null;
        this.onChange();
      },
    });
  }

  /** Send what waits, now. */
  flush() {
    if (!this.waiting) return;
    const { what, timer } = this.waiting;
    clearTimeout(timer);
    this.waiting = null;
    this.send(what);
    this.onChange();
  }
}
