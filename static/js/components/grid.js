/**
 * A long live table: only the rows in sight are drawn, one Tab stop, arrows move, and nothing jumps while one looks at
 * it.
 *
 * While the pointer or the focus is in it (and was used in the last seconds) rows keep their place: new ones wait at
 * the foot and are announced, the order comes back when one looks away.
 */
import { html, nothing, render } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { bindFocused } from "../core/keys.js";

/** @typedef {import("../core/store.js").Form} Form */

const SPARE = 8; // rows drawn above and below those in sight
const LOOKING_MS = 15000;
const ROW_PX = 37;
const NEAR_END = 3; // so few rows below are worth a look at whether the list is at its end

/**
 * @typedef {{id: string, heading: unknown}} Heading
 * @typedef {{
 *   name: string, label: string,
 *   head: unknown,
 *   columns?: number,
 *   tail?: unknown,
 *   cells: (item: Form, now: number) => unknown,
 *   look?: (item: Form, now: number) => string,
 *   empty: () => unknown,
 *   onChoose?: (item: Form | null) => void,
 *   onOpen?: (item: Form) => void,
 *   onHeld?: (waiting: Form[]) => void,
 *   onView?: (below: Form[]) => void,
 * }} Options name: prefix of the subjects ("incident") and row ids. head: the cells of the head. columns, tail: how
 * many a group's heading spans, and the cells after it.
 *   cells: those of a row.
 *   look: classes of a row. onHeld: gets the new ones that wait at the foot. onView: gets the rows below the visible
 *   part.
 *
 * An item with `heading` (a template) is the heading of a group: it is drawn over the whole width and never selected.
 */

export class Grid {
  /** @param {HTMLElement} scroller @param {Options} options */
  constructor(scroller, options) {
    this.scroller = scroller;
    this.options = options;
    /** In the order shown. @type {Form[]} */
    this.items = [];
    /** @type {string | null} */
    this.chosen = null;
    this.hovered = false;
    this.usedAt = -Infinity;
    // Measured when they may have changed, not when rows are drawn: reading them then would lay the page out each time.
    this.rowHeight = ROW_PX;
    this.headHeight = ROW_PX;
    this.height = 0;
    this.top = 0;
    this.all = false;
    /** Whether the next drawing brings the selected row into sight. */
    this.revealing = false;
    this.now = 0;
    /** @type {Set<string>} */
    this.marked = new Set();
    this.frame = 0;
    this.measured = false;
    /** Whether rows have one line. */
    this.dense = false;
    /** Those that came while somebody looked. @type {Set<string> | null} */
    this.added = null;
    this.listen();
  }

  listen() {
    const { scroller } = this;
    const used = () => {
      this.usedAt = performance.now();
    };
    scroller.addEventListener("pointermove", () => {
      this.hovered = true;
      used();
    });
    scroller.addEventListener("pointerleave", () => {
      this.hovered = false;
    });
    scroller.addEventListener("keydown", used);
    // A pointer chooses what it is on, once it is let go.
    let pressed = false;
    scroller.addEventListener("pointerdown", () => (pressed = true), { capture: true });
    for (const end of ["pointerup", "pointercancel"]) addEventListener(end, () => (pressed = false), { capture: true });
    scroller.addEventListener("focusin", () => {
      used();
      const first = this.rows[0];
      if (!pressed && !this.chosen && first) this.choose(first.id);
    });
    scroller.addEventListener(
      "scroll",
      () => {
        this.top = scroller.scrollTop;
        this.soon();
      },
      { passive: true },
    );
    new ResizeObserver(() => {
      this.measured = false;
      this.soon();
    }).observe(scroller);
    // Paper shows all of it.
    addEventListener("beforeprint", () => this.whole(true));
    addEventListener("afterprint", () => this.whole(false));
    const page = () => Math.max(1, Math.floor(this.height / this.rowHeight) - 2);
    bindFocused(scroller, {
      ArrowDown: () => this.step(1),
      ArrowUp: () => this.step(-1),
      PageDown: () => this.step(page()),
      PageUp: () => this.step(-page()),
      Home: () => this.step(-Infinity),
      End: () => this.step(Infinity),
      Enter: () => (this.item ? this.options.onOpen?.(this.item) : false),
    });
    scroller.addEventListener("click", (event) => {
      const id = this.idAt(event);
      if (id) this.choose(id);
    });
    scroller.addEventListener("dblclick", (event) => {
      const item = this.items.find((one) => one.id === this.idAt(event));
      if (item) this.options.onOpen?.(item);
    });
  }

  /** @param {Event} event */
  idAt(event) {
    const row = event.target instanceof Element ? event.target.closest("tr[data-id]") : null;
    return row instanceof HTMLElement ? (row.dataset.id ?? null) : null;
  }

  /** The selected one. */
  get item() {
    return this.items.find((one) => one.id === this.chosen && !one.heading) ?? null;
  }

  /** The items without the headings of groups. */
  get rows() {
    return this.items.filter((one) => !one.heading);
  }

  /** Whether somebody looks at it now, so that rows must keep their place. */
  get held() {
    const inside = this.hovered || this.scroller.contains(document.activeElement);
    return inside && performance.now() - this.usedAt < LOOKING_MS;
  }

  /**
   * Show these, in this order once nobody looks.
   * @param {Form[]} wanted
   * @param {number} now
   * @param {Set<string>} marked subjects that have just changed
   */
  show(wanted, now, marked) {
    this.now = now;
    this.marked = marked;
    /** @type {Form[]} */
    let waiting = [];
    if (this.held && this.items.length) {
      const left = new Map(wanted.map((item) => [item.id, item]));
      /** @type {Form[]} */
      const kept = [];
      for (const { id } of this.items) {
        const item = left.get(id);
        if (!item) continue;
        kept.push(item);
        left.delete(id);
      }
      this.items = [...kept, ...left.values()];
      this.added = new Set([
        ...(this.added ?? []),
        ...[...left.values()].filter((item) => !item.heading).map((item) => item.id),
      ]);
      waiting = this.items.filter((item) => this.added?.has(item.id));
    } else {
      this.items = wanted;
      this.added = null;
    }
    this.options.onHeld?.(waiting);
    if (this.chosen && !this.item) this.choose(null);
    this.draw();
  }

  /** Let go: the true order now. */
  release() {
    this.usedAt = -Infinity;
  }

  draw() {
    cancelAnimationFrame(this.frame);
    this.frame = 0;
    const { options, scroller, items, rowHeight } = this;
    if (!items.length) {
      this.measured = false;
      options.onView?.([]);
      return render(html`<div class="empty">${options.empty()}</div>`, scroller);
    }
    const from = this.all ? 0 : Math.max(0, Math.floor((this.top - this.headHeight) / rowHeight) - SPARE);
    const until = this.all
      ? items.length
      : Math.min(items.length, Math.ceil((this.top + this.height) / rowHeight) + SPARE);
    const start = Math.min(from, Math.max(0, items.length - 1));
    const shown = items.slice(start, until);
    if (this.measured) options.onView?.(this.all ? [] : this.below());
    const chosen = shown.some((item) => item.id === this.chosen) ? `${options.name}-${this.chosen}` : nothing;
    render(
      html`<table role="grid" tabindex="0" aria-label=${options.label} aria-rowcount=${items.length + 1} aria-activedescendant=${chosen}>
      <thead><tr aria-rowindex="1">${options.head}</tr></thead>
      <tbody>${space(start * rowHeight)}${repeat(
        shown,
        (item) => item.id,
        (item, index) =>
          item.heading
            ? html`<tr class="heading" aria-rowindex=${start + index + 2}><td colspan=${options.columns ?? 1}>${item.heading}</td>${options.tail ?? nothing}</tr>`
            : html`<tr id="${options.name}-${item.id}"
        data-id=${item.id} aria-rowindex=${start + index + 2} aria-selected=${item.id === this.chosen ? "true" : "false"}
        class="row ${options.look?.(item, this.now) ?? ""} ${this.marked.has(`${options.name}:${item.id}`) ? "fresh" : ""} ${this.added?.has(item.id) ? "added" : ""}"
        >${options.cells(item, this.now)}</tr>`,
      )}${space((items.length - until) * rowHeight)}</tbody></table>`,
      scroller,
    );
    if (this.revealing) {
      this.revealing = false;
      this.align(document.getElementById(`${options.name}-${this.chosen}`));
    }
    if (!this.measured) this.measure();
  }

  /** The rows below the visible part; at the end of the list there are none, however rows were rounded. */
  below() {
    const { scroller } = this;
    const seen = Math.round((this.top + this.height - this.headHeight) / this.rowHeight);
    const below = this.items.slice(Math.max(0, seen)).filter((item) => !item.heading);
    if (
      below.length &&
      below.length <= NEAR_END &&
      scroller.scrollTop + scroller.clientHeight >= scroller.scrollHeight - 2
    )
      return [];
    return below;
  }

  /** How high a row, the head and the whole are now: after the first rows, a resize, another size of type. */
  measure() {
    const { scroller } = this;
    const row = /** @type {HTMLElement | null} */ (scroller.querySelector("tr[data-id]"));
    if (!row?.offsetHeight) return;
    this.measured = true;
    const before = `${this.rowHeight} ${this.headHeight} ${this.height}`;
    const wasSeen = this.place(this.chosen).below <= 0;
    this.rowHeight = row.getBoundingClientRect().height;
    this.headHeight = scroller.querySelector("thead")?.offsetHeight ?? 0;
    this.height = scroller.clientHeight;
    this.top = scroller.scrollTop;
    if (wasSeen) this.reveal(); // a line that appears below the list takes its room from it
    if (before !== `${this.rowHeight} ${this.headHeight} ${this.height}`) this.soon();
  }

  /** @param {boolean} all */
  whole(all) {
    this.all = all;
    this.draw();
  }

  /** Draw with the next frame, once for all that happens until then. */
  soon() {
    this.frame ||= requestAnimationFrame(() => this.draw());
  }

  /** @param {number} by rows; infinite for the first and the last */
  step(by) {
    const { rows } = this;
    const at = rows.findIndex((item) => item.id === this.chosen);
    const to = Math.max(0, Math.min(rows.length - 1, at < 0 ? 0 : at + by));
    if (rows[to]) this.choose(rows[to].id);
  }

  /** Rows have another height from now on: measure them with the next drawing. */
  remeasure() {
    this.measured = false;
    this.soon();
  }

  /** Select one and bring it into sight. @param {string | null} id */
  choose(id) {
    if (id === this.chosen) return;
    this.chosen = id;
    this.reveal();
    this.options.onChoose?.(this.item);
    this.soon();
  }

  /**
   * How far a row lies above and below the visible part, in pixels; not above 0 where it is in sight.
   * @param {string | null} id
   */
  place(id) {
    const at = this.items.findIndex((item) => item.id === id);
    if (at < 0) return { above: 0, below: 0 };
    const top = at * this.rowHeight;
    return { above: this.top - top, below: top + this.rowHeight - (this.top + this.height - this.headHeight) };
  }

  /** Bring the selected row into sight. */
  reveal() {
    const { scroller } = this;
    this.revealing = true;
    this.soon();
    const { above, below } = this.place(this.chosen);
    if (above > 0) scroller.scrollTop = Math.floor(this.top - above);
    else if (below > 0) scroller.scrollTop = Math.ceil(this.top + below) + 1;
    else return;
    this.top = scroller.scrollTop;
  }

  /** Bring a drawn row wholly into sight: rows differ by a pixel or two. @param {HTMLElement | null} row */
  align(row) {
    if (!row) return;
    const { scroller } = this;
    const [{ top, bottom }, box] = [row.getBoundingClientRect(), scroller.getBoundingClientRect()];
    const below = bottom - (box.top + scroller.clientTop + scroller.clientHeight);
    const above = box.top + scroller.clientTop + this.headHeight - top; // the head is sticky
    if (below > 0) scroller.scrollTop += Math.ceil(below);
    else if (above > 0) scroller.scrollTop -= Math.ceil(above);
    this.top = scroller.scrollTop;
  }

  focus() {
    /** @type {HTMLElement | null} */ (this.scroller.querySelector("table"))?.focus();
  }
}

/** The height of the rows that aren't drawn. @param {number} height pixels */
function space(height) {
  return height > 0
    ? html`<tr class="space" aria-hidden="true"><td .style=${`height:${height}px`}></td></tr>`
    : nothing;
}
