/**
 * What must not be lost when the line is gone: kept in the browser, sent in order, at least once (each carries its id).
 *
 * Kept per user in localStorage, so that a reload or a crash loses nothing and another user of the browser sees
 * nothing. Each tab has a list of its own, which no other tab writes: two consoles of one person neither lose nor
 * repeat each other's. A Web Lock shows that a list's tab lives; what a dead one left, the next tab takes over.
 */
import { call, newId, Problem } from "./api.js";
import { readPrivate, writePrivate } from "./private-storage.js";

/** How the keys of all queues begin in the browser's store. */
export const QUEUES = "sigap-queue:";

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 15000;
/** A fault of the server that comes back so often is no passing one: it must not hold up what follows. */
const MOST_FAULTS = 6;

/**
 * @typedef {{method: "POST" | "PUT" | "PATCH", path: string, body: any, label: string}} OutboxItem
 */

export class Queue {
  /**
   * @param {{name: string, onChange?: () => void, onRefused?: (item: OutboxItem, problem: Problem) => void,
   *          onDone?: (item: OutboxItem, answer: any) => void}} options name: which queue, such as "crew".
   */
  constructor({ name, onChange = () => {}, onRefused = () => {}, onDone = () => {} }) {
    this.prefix = `${QUEUES}${name}:`;
    this.ending = `:${document.body.dataset.user ?? ""}`;
    this.key = this.prefix + newId() + this.ending;
    this.onChange = onChange;
    this.onRefused = onRefused;
    this.onDone = onDone;
    this.wait = FIRST_WAIT_MS;
    this.faults = 0;
    this.again = 0;
    /** The sending that is under way. @type {Promise<void> | null} */
    this.sending = null;
    /** @type {OutboxItem[]} */
    this.items = [];
    this.leaving = false;
    addEventListener("online", () => this.flush());
    addEventListener("pagehide", () => (this.leaving = true));
    addEventListener("pageshow", () => (this.leaving = false));
    navigator.locks?.request(this.key, () => new Promise(() => {})); // held for as long as this tab lives
    this.takeOver();
  }

  /** Keep it, and send it as soon as may be. @param {OutboxItem} item */
  add(item) {
    this.items.push(item);
    this.keep();
    return this.flush();
  }

  /** Send what waits, in order; resolves once all is through or the line is gone. */
  flush() {
    if (!this.items.length) return Promise.resolve();
    this.sending ??= this.run();
    return this.sending;
  }

  /** A passing failure is tried again later; a refusal is handed back and the next one goes. */
  async run() {
    try {
      await this.sendAll();
    } finally {
      this.sending = null;
    }
  }

  async sendAll() {
    clearTimeout(this.again);
    while (this.items.length) {
      const item = this.items[0];
      let answer;
      try {
        answer = await call(item.method, item.path, item.body, { keepalive: this.leaving || document.hidden });
      } catch (error) {
        if (this.passes(error)) {
          this.again = setTimeout(() => this.flush(), this.wait);
          this.wait = Math.min(this.wait * 2, LONGEST_WAIT_MS);
          return;
        }
        this.drop(item, () => this.onRefused(item, /** @type {Problem} */ (error)));
        continue;
      }
      this.wait = FIRST_WAIT_MS;
      this.drop(item, () => this.onDone(item, answer));
    }
  }

  /**
   * Whether it may go through later. Signed out, or in anew elsewhere: it is still this person's to send.
   * @param {unknown} error
   */
  passes(error) {
    if (!(error instanceof Problem)) return true; // no word of the server's: nobody has refused it
    this.faults = error.status === 500 ? this.faults + 1 : 0;
    return (error.passing && this.faults < MOST_FAULTS) || error.status === 401 || error.code === "csrf_failed";
  }

  /** Call a listener; its error goes to the console, and holds up nothing. @param {() => void} act */
  notify(act) {
    try {
      act();
    } catch (error) {
      reportError(error);
    }
  }

  /**
   * Let go of what has been answered. Whoever waits for the answer hears it first: drawn before, the page would take
   * what the feed brings of it for somebody else's change.
   * @param {OutboxItem} item @param {() => void} listener
   */
  drop(item, listener) {
    this.faults = 0;
    this.items = this.items.filter((other) => other !== item);
    this.store();
    this.notify(listener);
    this.onChange();
  }

  keep() {
    this.store();
    this.onChange();
  }

  store() {
    try {
      if (this.items.length) writePrivate(this.key, this.items);
      else localStorage.removeItem(this.key);
    } catch (error) {
      reportError(error); // a full store: this page holds them, and sends them all the same
    }
  }

  /** Go on with what this person's other tabs have left, each once it lives no more. */
  takeOver() {
    for (const key of Object.keys(localStorage)) {
      if (!key.startsWith(this.prefix) || !key.endsWith(this.ending)) continue;
      if (navigator.locks) navigator.locks.request(key, () => this.inherit(key));
      else this.inherit(key); // without HTTPS nobody can say whether its tab lives: rather twice than never
    }
  }

  /** @param {string} key */
  inherit(key) {
    if (!localStorage.getItem(key)) return; // through by now, or another tab has it
    const left = readPrivate(key);
    if (left) this.items.unshift(...left);
    else reportError(new Error(`${key} cannot be read`)); // its key was another: nobody can
    this.keep();
    localStorage.removeItem(key);
    this.flush();
  }
}
