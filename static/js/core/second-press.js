/**
 * Acts that need the same key twice: the first press shows what will happen, the second one does it.
 *
 * The second press counts only after the key was released and 300 ms have passed since the last press, never from
 * auto-repeat. If what is shown has changed in between, it is shown again and asks for a further press.
 */

export const WAIT_MS = 300;

/** The keys that are down, by `code`; kept for the page. @type {Set<string>} */
const down = new Set();
addEventListener("keyup", (event) => down.delete(event.code), { capture: true });
addEventListener("blur", () => down.clear());

/** @typedef {"first" | "early" | "changed" | "second"} Press */

export class SecondPress {
  /** @param {{within?: number}} [options] within: for how long the first press counts, milliseconds */
  constructor({ within = Infinity } = {}) {
    this.within = within;
    /** What the first press was about; null before it. @type {string | null} */
    this.subject = null;
    /** What was shown for it; null while nothing is shown yet. @type {string | null} */
    this.shown = null;
    this.at = -Infinity;
  }

  /** Whether a first press on this subject still counts. @param {string} subject */
  armed(subject) {
    return this.subject === subject && performance.now() - this.at <= this.within;
  }

  /**
   * Record what is on the screen. Call it with each draw: the first thing shown after the first press is what the
   * second press confirms. A subject that was opened without a key counts as shown from now on.
   * @param {string} subject @param {string} what its content, as text that differs when the content does
   */
  shows(subject, what) {
    if (this.subject === subject && this.shown !== null) return;
    if (this.subject !== subject || this.at === -Infinity) this.at = performance.now();
    this.subject = subject;
    this.shown = what;
  }

  /**
   * Judge a press.
   * @param {Event | null} event of a key, or of a button that asks twice too; null for one that needs no second press
   * @param {string} subject what the press is about
   * @param {string} [what] what is shown now, as in `shows`
   * @returns {Press} first: show it; early: do nothing; changed: show it again; second: do it
   */
  press(event, subject, what = "") {
    if (event === null) {
      this.forget();
      return "second";
    }
    const now = performance.now();
    const armed = this.armed(subject);
    const soon = now - this.at < WAIT_MS;
    let held = false;
    if (event instanceof KeyboardEvent) {
      held = event.repeat || down.has(event.code);
      down.add(event.code);
    }
    if (!armed && held) return "early";
    this.at = now;
    if (!armed) {
      this.subject = subject;
      this.shown = null;
      return "first";
    }
    if (held || soon) return "early";
    if (this.shown !== null && this.shown !== what) {
      this.shown = what;
      return "changed";
    }
    this.forget();
    return "second";
  }

  /** The first press no longer counts. */
  forget() {
    this.subject = null;
    this.shown = null;
    this.at = -Infinity;
  }
}
