/**
 * A field with a list of suggestions (ARIA combobox): arrows move, Enter takes, Esc closes the list and keeps the
 * words.
 *
 * Nothing is ever taken by leaving the field, nor by Enter where nothing is preselected: what was typed stays as typed.
 */
import { html, nothing } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { SecondPress } from "../core/second-press.js";
import { fill, words } from "../core/words.js";

/**
 * @template Item
 */
export class Combobox {
  /**
   * @param {{id: string, text: () => string, onText: (text: string) => void, onPick: (item: Item) => void,
   *          option: (item: Item) => unknown, onEnter?: () => void, draw: () => void, onOpen?: () => void,
   *          preselect?: (items: Item[]) => number, isNote?: (item: Item) => boolean,
   *          pending?: () => boolean, confirm?: (item: Item) => string | null, status?: (items: Item[]) => string,
   *          marksFirst?: boolean}} options
   *   onText: the words changed, suggestions are wanted; onPick: one was taken; onEnter: Enter with no list open or
   *   nothing preselected; preselect: which one Enter takes at once, -1 for none (the first if left out); isNote: a
   *   line of the list that cannot be taken; pending: whether the words are still looked up, so that Enter waits for
   *   their list and takes what it preselects; confirm: why this one needs a second Enter, null where it needs none;
   *   status: what a screen reader hears of the list; marksFirst: Enter in a list of which none is ready marks the
   *   first one, pressed anew it takes it
   */
  constructor(options) {
    this.options = options;
    /** @type {Item[]} */
    this.items = [];
    this.active = -1;
    this.open = false;
    /** The words that the list is for: an Enter while newer ones are looked up must not take what fitted older ones. */
    this.listed = "";
    /** The words for which Enter was pressed before their list was there. @type {string | null} */
    this.waiting = null;
    this.second = new SecondPress();
  }

  get input() {
    return /** @type {HTMLInputElement | null} */ (document.getElementById(this.options.id));
  }

  focus() {
    this.input?.focus();
    this.input?.select();
  }

  /** Show these suggestions, the preselected one ready to be taken. @param {Item[]} items */
  suggest(items) {
    this.items = items;
    this.listed = this.options.text();
    this.active = items.length ? (this.options.preselect?.(items) ?? 0) : -1;
    this.second.forget();
    this.open = items.length > 0 && document.activeElement === this.input;
    const item = this.items[this.active];
    if (this.entered() && this.open && item && !this.options.confirm?.(item)) return this.pick(item);
    this.options.draw();
    this.place();
  }

  /** Whether Enter was pressed for these very words before their list came; it counts once. */
  entered() {
    const entered = this.waiting === this.options.text();
    this.waiting = null;
    return entered;
  }

  /** Nothing could be looked up: an Enter that waited goes on with the words as they are. */
  giveUp() {
    const entered = this.entered();
    this.close();
    if (entered) this.options.onEnter?.();
  }

  close() {
    this.waiting = null; // who leaves the field or the list no longer waits for it
    this.open = false;
    this.items = [];
    this.active = -1;
    this.second.forget();
    this.options.draw();
  }

  /** Put the list under the field, over whatever is there: nothing moves, nothing is cut off. */
  place() {
    const { input } = this;
    const list = document.getElementById(`${this.options.id}-list`);
    if (!this.open || !input || !list) return;
    const box = input.getBoundingClientRect();
    list.style.setProperty("left", `${box.left}px`);
    list.style.setProperty("top", `${box.bottom + 4}px`);
    list.style.setProperty("width", `${box.width}px`);
    list.style.setProperty("max-height", `${Math.max(120, innerHeight - box.bottom - 60)}px`);
  }

  /** What a second Enter on an item would take, null before the first one. @param {Item} item */
  asksAgain(item) {
    const at = this.items.indexOf(item);
    return at >= 0 && this.second.armed(String(at)) ? (this.options.confirm?.(item) ?? null) : null;
  }

  /** Take the active item, or show what a second Enter would take. @param {KeyboardEvent} event */
  take(event) {
    const item = this.items[this.active];
    if (this.options.confirm?.(item) && this.second.press(event, String(this.active)) !== "second") this.options.draw();
    else this.pick(item);
  }

  /** @param {Item} item */
  pick(item) {
    if (this.options.isNote?.(item)) return;
    this.close();
    this.options.onPick(item);
  }

  /** @param {KeyboardEvent} event */
  key(event) {
    if (event.isComposing || event.ctrlKey || event.altKey || event.metaKey) return;
    const { key } = event;
    if (key === "ArrowDown" || key === "ArrowUp") {
      if (!this.open) this.options.onOpen?.();
      else if (this.items.length) this.move(key === "ArrowDown" ? 1 : -1);
    } else if (key === "Enter") {
      if (this.options.pending?.()) this.waiting = this.options.text();
      else if (event.repeat && this.options.marksFirst) {
        /* only a key that was pressed anew marks or takes something */
      } else if (this.open && this.active < 0 && this.options.marksFirst) this.move(1);
      else if (!this.open || this.active < 0) this.options.onEnter?.();
      else if (this.listed === this.options.text()) this.take(event);
    } else if (key === "Escape" && (this.open || this.waiting !== null)) {
      this.close();
    } else return;
    event.preventDefault();
    event.stopPropagation();
  }

  /** @param {number} by */
  move(by) {
    const { length } = this.items;
    let at = this.active < 0 && by < 0 ? length : this.active;
    for (let step = 0; step < length; step += 1) {
      at = (at + by + length) % length;
      if (!this.options.isNote?.(this.items[at])) break;
    }
    this.active = this.options.isNote?.(this.items[at]) ? -1 : at;
    this.second.forget();
    this.options.draw();
    document.getElementById(`${this.options.id}-${this.active}`)?.scrollIntoView({ block: "nearest" });
  }

  /** @param {{label: unknown, hint?: unknown, placeholder?: string}} shown */
  template({ label, hint, placeholder }) {
    const { id } = this.options;
    const list = `${id}-list`;
    if (this.open) requestAnimationFrame(() => this.place()); // what came in above has moved the field
    return html`<div class="combo">
      <div class="head"><label for=${id}>${label}</label>${hint ?? nothing}</div>
      <input id=${id} type="text" role="combobox" autocomplete="off" spellcheck="false" maxlength="500" placeholder=${placeholder ?? nothing}
        aria-autocomplete="list" aria-expanded=${this.open} aria-controls=${list}
        aria-activedescendant=${this.open && this.active >= 0 ? `${id}-${this.active}` : nothing}
        .value=${live(this.options.text())}
        @input=${(/** @type {InputEvent} */ event) => this.options.onText(/** @type {HTMLInputElement} */ (event.target).value)}
        @keydown=${(/** @type {KeyboardEvent} */ event) => this.key(event)}
        @blur=${() => this.close()}>
      <ul class="options" id=${list} role="listbox" aria-label=${label} ?hidden=${!this.open}>${this.items.map(
        (item, at) => html`<li
        id="${id}-${at}" role="option" aria-selected=${at === this.active} aria-disabled=${this.options.isNote?.(item) ? "true" : nothing}
        @mousedown=${(/** @type {MouseEvent} */ event) => event.preventDefault()} @click=${() => this.pick(item)}>${this.options.option(item)}</li>`,
      )}</ul>
      <span class="sr" role="status">${this.open ? (this.options.status?.(this.items) ?? fill(words.suggestions, { count: this.items.length })) : ""}</span>
    </div>`;
  }
}
