/**
 * The open incidents: one stop for the Tab key, arrows inside. Rows keep their place while the list has the focus;
 * it is sorted anew when the focus leaves or R is pressed. Only the rows in sight are in the page.
 */
import { html, nothing, render } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { inOrder } from "../../components/incidents.js";
import { selection } from "../../components/selection.js";
import { bindFocused } from "../../core/keys.js";
import { place, write } from "../../core/screen.js";
import { say } from "../../core/toast.js";
import { fill, nameOf, words } from "../../core/words.js";
import { Finder } from "./finder.js";
import { incidentRow, waitsAlone } from "./incident-row.js";

/** @typedef {import("./desk.js").Desk} Desk */

const SPARE_ROWS = 6;

export class IncidentList {
  /** @param {Desk} desk @param {HTMLElement} root */
  constructor(desk, root) {
    this.desk = desk;
    this.root = root;
    /** Ids in the order shown. @type {string[]} */
    this.order = [];
    this.filter = "";
    /** The number of the focused row. */
    this.number = "";
    /** The height of a row as the style sheet has it for this width, pixels. */
    this.rowPx = 46;
    // Kept, not read when rows are drawn: reading them then would lay the page out each time.
    this.top = 0;
    this.height = 600;
    this.finder = new Finder(desk);
    /** Ids ever shown, so that what comes later is new. @type {Set<string> | null} */
    this.known = null;
    render(
      html`<section class="panel incidents-panel" aria-labelledby="incidents-head">
      <header><h2 id="incidents-head">${words.incidents}</h2><span class="soft num" id="incidents-count"></span><span class="grow"></span>
        <button id="incidents-sort" hidden></button></header>
      <label class="filter"><span class="sr">${words.filter}</span><input id="incidents-filter" type="search" autocomplete="off" spellcheck="false"
        placeholder=${words.filter} aria-describedby="filter-hint"><span class="sr" id="filter-hint">${words.filter_hint}</span></label>
      <div class="incident-list" id="incidents" role="listbox" tabindex="0" aria-label=${words.incidents}></div>
      <div class="found" id="incidents-found"></div></section>`,
      root,
    );
    this.list = /** @type {HTMLElement} */ (root.querySelector("#incidents"));
    this.field = /** @type {HTMLInputElement} */ (root.querySelector("#incidents-filter"));
    this.found = /** @type {HTMLElement} */ (root.querySelector("#incidents-found"));
    this.sortButton = /** @type {HTMLButtonElement} */ (root.querySelector("#incidents-sort"));
    this.sortButton.addEventListener("click", () => this.sort());
    this.list.addEventListener(
      "scroll",
      () => {
        this.top = this.list.scrollTop;
        desk.screen.draw();
      },
      { passive: true },
    );
    new ResizeObserver(() => {
      this.rowPx = Number(getComputedStyle(this.list).getPropertyValue("--incident-row")) || this.rowPx;
      this.height = this.list.clientHeight || this.height;
      desk.screen.draw();
    }).observe(this.list);
    this.list.addEventListener("focus", () => this.move(0));
    this.list.addEventListener("click", (event) => this.click(event));
    root.addEventListener("focusout", (event) => {
      if (event.relatedTarget instanceof Node && root.contains(event.relatedTarget)) return;
      // The bar of an act that was begun here comes back here.
      if (event.relatedTarget instanceof HTMLElement && event.relatedTarget.closest("#bar")) return;
      desk.focused = null;
      desk.lost = "";
      this.sort();
    });
    this.field.addEventListener("input", () => this.search());
    this.field.addEventListener("keydown", (event) => this.fieldKey(event));
    bindFocused(this.list, {
      ArrowDown: () => this.move(1),
      ArrowUp: () => this.move(-1),
      PageDown: () => this.move(8),
      PageUp: () => this.move(-8),
      Home: () => this.move(-Infinity),
      End: () => this.move(Infinity),
      R: () => this.sort(),
    });
  }

  /** Whether rows must keep their place. */
  get held() {
    return this.root.contains(document.activeElement) || Boolean(document.activeElement?.closest("#bar"));
  }

  focus() {
    this.list.focus();
  }

  focusFilter() {
    this.field.focus();
    this.field.select();
  }

  sort() {
    this.order = inOrder(this.fitting()).map((incident) => incident.id);
    this.desk.screen.draw();
  }

  /** Open incidents that the filter lets through. */
  fitting() {
    const all = this.desk.store.all("incidents");
    const low = this.filter.trim().toLowerCase();
    if (!low) return all;
    const digits = low.replace(/\D/g, "");
    const byPhone =
      digits.length >= 4
        ? new Set(
            this.desk.store
              .all("calls")
              .filter((call) => call.incident && call.number?.endsWith(digits.replace(/^(62|0)/, "")))
              .map((call) => call.incident?.id),
          )
        : new Set();
    return all.filter(
      (incident) =>
        byPhone.has(incident.id) ||
        incident.number.includes(low.replace("#", "")) ||
        [
          nameOf("types", incident.type),
          incident.type,
          incident.location.text,
          nameOf("kecamatan", incident.location.kecamatan),
          ...this.desk.parts(incident).map((part) => part.callsign),
        ].some((word) => word.toLowerCase().includes(low)),
    );
  }

  search() {
    this.filter = this.field.value;
    this.order = inOrder(this.fitting()).map((incident) => incident.id);
    this.finder.look(this.filter);
    this.desk.screen.draw();
  }

  /** @param {KeyboardEvent} event */
  fieldKey(event) {
    if (event.isComposing) return;
    if (event.key === "Escape" && this.field.value) {
      this.field.value = "";
      this.search();
    } else if (event.key === "Escape") this.focus();
    else if (event.key === "ArrowDown" || event.key === "Enter") {
      if (this.order.length) {
        this.focus();
        if (event.key === "Enter") selection.chooseIncident(this.desk.focused);
      } else this.finder.focus(this.found, event.key === "Enter");
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {number} by */
  move(by) {
    if (!this.order.length) return;
    const at = this.order.indexOf(this.desk.focused ?? selection.incident ?? "");
    const to =
      at < 0
        ? 0
        : Math.max(
            0,
            Math.min(this.order.length - 1, by === -Infinity ? 0 : by === Infinity ? this.order.length - 1 : at + by),
          );
    this.desk.focused = this.order[to];
    this.desk.lost = "";
    const top = to * this.rowPx;
    if (top < this.top) this.list.scrollTop = top;
    else if (top + this.rowPx > this.top + this.height) this.list.scrollTop = top + this.rowPx - this.height;
    this.top = this.list.scrollTop;
    this.desk.screen.draw();
  }

  /** @param {Event} event */
  click(event) {
    const row =
      event.target instanceof Element ? /** @type {HTMLElement | null} */ (event.target.closest("[data-id]")) : null;
    if (!row) return;
    this.desk.focused = row.dataset.id ?? null;
    this.desk.lost = "";
    selection.chooseIncident(this.desk.focused);
  }

  /**
   * Take in what came and drop what went, in place.
   * @returns {boolean} whether another order would be right by now
   */
  keepOrder() {
    const fitting = this.fitting();
    const here = new Set(fitting.map((incident) => incident.id));
    if (this.known === null) this.known = new Set(here);
    for (const id of here) {
      if (this.known.has(id)) continue;
      this.known.add(id);
      this.desk.unseen.add(id);
    }
    for (const id of this.desk.unseen) if (!this.desk.store.things.incidents.has(id)) this.desk.unseen.delete(id);
    const sorted = inOrder(fitting).map((incident) => incident.id);
    if (!this.held) this.order = sorted;
    else {
      const shown = new Set(this.order);
      this.order = [...this.order.filter((id) => here.has(id)), ...sorted.filter((id) => !shown.has(id))];
    }
    return this.order.some((id, at) => sorted[at] !== id);
  }

  /** @param {number} now @param {Set<string>} marked */
  draw(now, marked) {
    const moved = this.keepOrder();
    const { desk, order } = this;
    const focused = desk.focused ? desk.form(desk.focused) : null;
    if (focused) this.number = focused.number;
    else if (desk.focused) {
      desk.focused = null;
      desk.lost = this.list === document.activeElement ? this.number : "";
      if (desk.lost) say(fill(words.row_gone, { number: desk.lost }), { tone: "bad", seconds: 6 });
    }
    const below = order.filter((id) => desk.unseen.has(id)).length;
    this.sortButton.hidden = !moved;
    if (moved)
      render(
        html`${below ? fill(words.list_new, { count: below }) : words.list_moved} <kbd>R</kbd> ${words.sort_again}`,
        this.sortButton,
      );
    const all = desk.store.all("incidents");
    // A filter that was left on must hide nobody's call for help in silence.
    const hidden = order.length < all.length ? all.filter((incident) => !order.includes(incident.id)) : [];
    write(
      "incidents-count",
      fill(hidden.length ? words.open_shown : words.open_count, { shown: order.length, count: all.length }),
    );
    place("incidents-count").classList.toggle(
      "late",
      hidden.some((incident) => incident.priority === 1 && waitsAlone(desk, incident)),
    );
    const first = Math.max(0, Math.floor(this.top / this.rowPx) - SPARE_ROWS);
    const last = Math.ceil((this.top + this.height) / this.rowPx) + SPARE_ROWS;
    const focusAt = desk.focused ? order.indexOf(desk.focused) : -1;
    const shown = order.slice(first, last).map((id, at) => ({ id, at: at + first }));
    if (focusAt >= 0 && (focusAt < first || focusAt >= last)) shown.push({ id: order[focusAt], at: focusAt });
    if (focusAt >= 0) this.list.setAttribute("aria-activedescendant", `incident-${desk.focused}`);
    else this.list.removeAttribute("aria-activedescendant");
    render(
      order.length
        ? html`<div class="rows-all" role="presentation" .style=${`height: ${order.length * this.rowPx}px`}>${repeat(
            shown,
            ({ id }) => id,
            ({ id, at }) => {
              const incident = desk.store.things.incidents.get(id);
              return incident
                ? incidentRow(desk, incident, {
                    now,
                    at,
                    of: order.length,
                    focused: id === desk.focused,
                    open: id === selection.incident,
                    fresh: marked.has(`incident:${id}`),
                    top: at * this.rowPx,
                  })
                : nothing;
            },
          )}</div>`
        : html`<p class="empty" role="option" aria-selected="false" aria-disabled="true">${this.filter.trim() ? words.no_match : words.no_incidents}</p>`,
      this.list,
    );
    render(this.finder.part(), this.found);
  }
}
