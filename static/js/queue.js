/**
 * What must not be lost when the line is gone: kept in the browser, sent in order, at least once (each carries its id).
 *
 * Kept per user in localStorage, so that a reload or a crash loses nothing and another user of the browser sees nothing.
 */
import { Problem, call } from "./api.js";

const FIRST_WAIT_MS = 1000;
const LONGEST_WAIT_MS = 15000;

/**
 * @typedef {{method: "POST" | "PUT" | "PATCH", path: string, body: any, label: string}} Errand
 */

export class Queue {
  /**
   * @param {{name: string, onChange?: () => void, onRefused?: (errand: Errand, problem: Problem) => void,
   *          onDone?: (errand: Errand, answer: any) => void}} options name: which queue, such as "crew".
   */
  constructor({ name, onChange = () => {}, onRefused = () => {}, onDone = () => {} }) {
    this.key = `sigap-queue-${name}-${document.body.dataset.user ?? ""}`;
    this.onChange = onChange;
    this.onRefused = onRefused;
    this.onDone = onDone;
    this.wait = FIRST_WAIT_MS;
    this.busy = false;
    /** @type {Errand[]} */
    this.errands = JSON.parse(localStorage.getItem(this.key) ?? "[]");
    addEventListener("online", () => this.flush());
    if (this.errands.length) this.flush();
  }

  /** Keep it, and send it as soon as may be. @param {Errand} errand */
  add(errand) {
    this.errands.push(errand);
    this.keep();
    return this.flush();
  }

  /** Send what waits, in order. A passing failure is tried again; a refusal is handed back and the next one goes. */
  async flush() {
    if (this.busy) return;
    this.busy = true;
    try {
      while (this.errands.length) {
        const errand = this.errands[0];
        try {
          const answer = await call(errand.method, errand.path, errand.body);
          this.wait = FIRST_WAIT_MS;
          this.drop();
          this.onDone(errand, answer);
        } catch (error) {
          const problem = /** @type {Problem} */ (error);
          // Signed out, or in anew elsewhere: it is still this person's to send.
          if (problem.passing || problem.status === 401 || problem.code === "csrf_failed") {
            setTimeout(() => this.flush(), this.wait);
            this.wait = Math.min(this.wait * 2, LONGEST_WAIT_MS);
            return;
          }
          this.drop();
          this.onRefused(errand, problem);
        }
      }
    } finally {
      this.busy = false;
    }
  }

  drop() {
    this.errands.shift();
    this.keep();
  }

  keep() {
    localStorage.setItem(this.key, JSON.stringify(this.errands));
    this.onChange();
  }
}
