/**
 * The workstation's own clock beside the time: the page finds it off by the feed and reports it; the server compares it
 * with the database's and says whether it is shown.
 */
import { html, render } from "lit-html";
import { post } from "./api.js";
import { lengthText } from "./time.js";
import { fill, words } from "./words.js";

const OFF_MS = 2000;
const EVERY_MS = 60_000;
const CHANGED_MS = 5000;

export class OwnClock {
  /** @param {import("./feed.js").Feed} feed @param {HTMLElement} mark where it is shown */
  constructor(feed, mark) {
    this.feed = feed;
    this.mark = mark;
    /** Whether it is off by the server's answer. */
    this.off = false;
    /** Whether it seemed off when it was last reported, and when that was. */
    this.suspected = false;
    this.reportedAt = 0;
    this.asking = false;
  }

  /** Look, and report where it is off or was. */
  look() {
    if (!this.feed.frameAt || this.asking) return;
    const suspect = Math.abs(this.feed.offset) > OFF_MS;
    const pause = suspect === this.suspected ? EVERY_MS : CHANGED_MS;
    if ((suspect || this.suspected || this.off) && performance.now() - this.reportedAt > pause)
      void this.report(suspect);
  }

  /** @param {boolean} suspect */
  async report(suspect) {
    this.asking = true;
    this.suspected = suspect;
    try {
      const answer = await post("workstations/clock", { at: new Date(Date.now()).toISOString() });
      this.off = answer.off;
      this.draw(answer.offset_seconds);
    } catch {
      // The line or the server is gone for now; it is asked again.
    }
    this.asking = false;
    this.reportedAt = performance.now();
  }

  /** @param {number} seconds ahead, below 0 behind */
  draw(seconds) {
    this.mark.hidden = !this.off;
    if (!this.off) return render("", this.mark);
    const whole = Math.abs(Math.round(seconds));
    const length = whole < 60 ? `${whole} ${words.seconds_short}` : lengthText(whole * 1000, words.days);
    const text = fill(seconds > 0 ? words.clock_ahead : words.clock_behind, { length });
    this.mark.title = text;
    render(
      html`<span aria-hidden="true">${fill(words.clock_mark, { offset: `${seconds > 0 ? "+" : "−"}${length}` })}</span><span class="sr">${text}</span>`,
      this.mark,
    );
  }
}
