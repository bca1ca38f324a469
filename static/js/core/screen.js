/**
 * A live page: its store and feed, the server's clock, how fresh the data is, and one draw loop for all its parts.
 *
 * The template gives `#live`, `#clock`, `#stale` and a root with data-feed and data-time-zone
 * (templates/parts/live.html).
 */
import { html, render } from "lit-html";
import { forgetOthers } from "./clear-other-users.js";
import { Feed } from "./feed.js";
import { OwnClock } from "./own-clock.js";
import { Store } from "./store.js";
import { lengthText } from "./time.js";
import { fill, words } from "./words.js";

const FRESH_MS = 4000;
const TICK_MS = 500;

/** @param {string} id */
export const place = (id) => /** @type {HTMLElement} */ (document.getElementById(id));

/**
 * Write a text where it is another one: the same one again would lay the page out for nothing.
 * @param {string} id
 * @param {string} text
 */
export function write(id, text) {
  const element = place(id);
  if (element.textContent !== text) element.textContent = text;
}

export class Screen {
  /** @param {HTMLElement} root carries data-feed and data-time-zone; aria-busy until the first board is there. */
  constructor(root) {
    this.root = root;
    this.store = new Store();
    this.feed = new Feed({ store: this.store, name: root.dataset.feed ?? "" });
    /** Until when a changed thing is marked. @type {Map<string, number>} */
    this.marked = new Map();
    /** @type {((now: number, marked: Set<string>) => void)[]} */
    this.painters = [];
    this.drawing = false;
    this.drawAgain = false;
    /** @type {Set<(subject: string) => void>} */
    this.watchers = new Set();
    // Made once: a formatter costs more than the page that it is for.
    const clock = /** @type {const} */ ({ hour: "2-digit", minute: "2-digit", timeZone: root.dataset.timeZone });
    this.minutes = new Intl.DateTimeFormat("en-GB", clock);
    this.seconds = new Intl.DateTimeFormat("en-GB", { ...clock, second: "2-digit" });
  }

  /** The server's time, milliseconds. */
  now() {
    return this.feed.now();
  }

  /** The server's time as a stamp for `at`. */
  stamp() {
    return new Date(this.now()).toISOString();
  }

  /** The hour and minute of a moment in the site's time zone. @param {string | number} moment */
  timeText(moment, seconds = false) {
    const at = new Date(moment);
    return Number.isNaN(at.getTime()) ? "–" : (seconds ? this.seconds : this.minutes).format(at);
  }

  /**
   * Draw with this whenever something changed, and twice a second for the clocks. `marked` has the subjects
   * ("incident:UUID") that changed within the last four seconds.
   * @param {(now: number, marked: Set<string>) => void} paint
   */
  onDraw(paint) {
    this.painters.push(paint);
  }

  /**
   * Subscribe to the subjects that change, called once each batch (not those of a whole new board).
   * @param {(subject: string) => void} hear
   */
  onChange(hear) {
    this.watchers.add(hear);
  }

  /** Begin: the feed, the clock, the drawing. */
  start() {
    forgetOthers(document.body.dataset.user ?? "");
    this.store.subscribe(() => this.draw());
    place("live").textContent = ""; // the template's own word, for who has no script
    const mark = document.getElementById("clock-off");
    const ownClock = mark && new OwnClock(this.feed, mark);
    const tick = () => {
      this.condition();
      ownClock?.look();
      this.draw();
    };
    tick();
    setInterval(tick, TICK_MS);
    this.feed.start();
  }

  draw() {
    if (this.store.seq === null) return;
    // A part that is taken out of the page may lose the focus, whose handler asks for a drawing in the middle of this
    // one.
    if (this.drawing) {
      this.drawAgain = true;
      return;
    }
    this.drawing = true;
    try {
      this.paint();
    } finally {
      this.drawing = false;
    }
    this.root.removeAttribute("aria-busy");
    if (!this.drawAgain) return;
    this.drawAgain = false;
    requestAnimationFrame(() => this.draw());
  }

  paint() {
    const now = this.now();
    for (const subject of this.store.seen()) {
      this.marked.set(subject, now + FRESH_MS);
      for (const hear of this.watchers) hear(subject);
    }
    for (const [subject, until] of this.marked) if (until < now) this.marked.delete(subject);
    const marked = new Set(this.marked.keys());
    const focused = document.activeElement;
    for (const paint of this.painters) paint(now, marked);
    // An element that is moved within a list loses the focus, though it is still there.
    if (focused instanceof HTMLElement && focused.isConnected && document.activeElement === document.body)
      focused.focus({ preventScroll: true });
  }

  /** How fresh the data is: always shown, loud when old. */
  condition() {
    const { feed } = this;
    const { condition } = feed;
    const live = place("live");
    live.classList.toggle("stale", condition !== "live");
    const age = feed.heardAt ? lengthText(feed.age, words.days) : "";
    render(
      html`<span class="live-word">${words[condition]}</span> <span class="num soft ${condition === "live" ? "live-age" : ""}">${condition === "live" ? `${(feed.age / 1000).toFixed(1)} s` : age}</span>`,
      live,
    );
    write("clock", this.timeText(this.now(), true));
    document.body.classList.toggle("stale", condition === "stale" || condition === "refused");
    const banner = place("stale");
    banner.hidden = condition === "live" || condition === "connecting";
    if (banner.hidden) return;
    const back = `/sign-in/?next=${encodeURIComponent(location.pathname + location.search)}`;
    // The age runs on to be seen; read aloud it would be an alert each second.
    render(
      condition === "refused"
        ? html`${words.refused} <a href=${back}>${words.sign_in}</a>`
        : html`<span aria-hidden="true">${fill(words.stale_since, { age })}</span><span class="sr">${words.stale_read}</span>`,
      banner,
    );
  }
}
