/**
 * What happened: the type by its code or by what the caller says, and the priority that follows from it.
 *
 * The server ranks (`GET types`). Without it the list of codes and names that came with the page is left.
 */
import { html, nothing } from "lit-html";
import { openBar } from "../../components/choice-bar.js";
import { Combobox } from "../../components/combobox.js";
import { priorityMark } from "../../components/priority.js";
import { get, Problem } from "../../core/api.js";
import { nameOf, words } from "../../core/words.js";

/** @typedef {{code: string, group: string, priority: number, id: string, en: string}} Kind */
/**
 * A type that may be meant, as `GET types` answers; from the list of codes only its code, name and priority.
 * @typedef {{code: string, name: string, priority: number, matched: string[], hits: string[], unreviewed: string[],
 *            question: string, fits: boolean, preselect: boolean}} Found
 */

/** @type {{types: Kind[], noise: [string, string][]}} */
export const codes = JSON.parse(document.getElementById("codes")?.textContent ?? '{"types": [], "noise": []}');
const MOST = 10;
/** How many rows stay in view under the field once a type was chosen. */
const STAY = 3;

/** @param {string} text */
const fold = (text) =>
  text
    .toLowerCase()
    .normalize("NFKD")
    .replace(/[\p{M}'\u2019]/gu, "");

/** @param {Kind} kind @param {Partial<Found>} [more] @returns {Found} */
const listed = (kind, more) => ({
  code: kind.code,
  name: nameOf("types", kind.code),
  priority: kind.priority,
  matched: [],
  hits: [],
  unreviewed: [],
  question: "",
  fits: false,
  preselect: false,
  ...more,
});

/** The type whose code this is. @param {string} text @returns {Kind | undefined} */
export function typeByCode(text) {
  const asked = fold(text).trim();
  return codes.types.find((kind) => kind.code.toLowerCase() === asked);
}

/**
 * Without the server: the types whose code or name begins so, in the order of their codes; nothing is ranked.
 * @param {string} text
 * @returns {Found[]}
 */
export function typesByName(text) {
  const asked = fold(text)
    .split(/[^\p{L}\p{N}]+/u)
    .filter(Boolean);
  if (!asked.length) return [];
  return codes.types
    .filter((kind) => {
      const names = fold(`${kind.code} ${kind.id} ${kind.en}`).split(/[^\p{L}\p{N}]+/u);
      return asked.every((word) => names.some((name) => name.startsWith(word)));
    })
    .slice(0, MOST)
    .map((kind) => listed(kind));
}

/** A text with the words in it that were met. @param {string} text @param {Set<string>} hits */
function marked(text, hits) {
  return text
    .split(/([\p{L}\p{N}]+)/u)
    .map((piece, at) => (at % 2 && hits.has(fold(piece)) ? html`<mark>${piece}</mark>` : piece));
}

export class WhatPart {
  /** @param {import("./call-form-model.js").Work} work @param {{next: () => void}} options */
  constructor(work, { next }) {
    this.work = work;
    this.next = next;
    /** @type {AbortController | null} */
    this.asking = null;
    this.failed = false;
    /** What the chosen type was chosen from: it stays in view. @type {{call: string | null, items: Found[]} | null} */
    this.stay = null;
    /** @type {Combobox<Found>} */
    this.combobox = new Combobox({
      id: "what",
      text: () => work.typeText,
      onText: (text) => this.typed(text),
      onPick: (found) => this.pick(found),
      // Words that are still looked up wait for their list: nobody has seen yet what Enter would take.
      onEnter: () => (this.asking ? undefined : next()),
      onOpen: () => this.suggest(this.staying() ?? codes.types.map((kind) => listed(kind)), -1),
      preselect: () => this.ready,
      marksFirst: true,
      option: (found) => this.option(found, this.combobox.items),
      draw: () => work.screen.draw(),
    });
  }

  /** @param {Found} found */
  pick(found) {
    const items = this.shown.some((one) => one.code === found.code) ? this.shown : [found];
    this.stay = { call: this.work.id, items };
    this.work.change({ type: found.code, typeText: "" });
    this.next();
  }

  /** The list that was shown last. @type {Found[]} */
  shown = [];

  /** Which of them Enter takes at once, -1 for none. */
  ready = -1;

  /** @param {Found[]} items @param {number} ready */
  suggest(items, ready) {
    this.shown = items;
    this.ready = ready;
    this.combobox.suggest(items);
  }

  /** What the type of this call was chosen from. @returns {Found[] | null} */
  staying() {
    const { stay, work } = this;
    return stay && stay.call === work.id && stay.items.some((one) => one.code === work.body.type) ? stay.items : null;
  }

  /** @param {string} text */
  async typed(text) {
    this.asking?.abort();
    this.asking = null;
    this.stay = null;
    this.work.change({ type: null, typeText: text });
    const exact = typeByCode(text);
    if (exact) return this.suggest([listed(exact, { preselect: true })], 0);
    if (!text.trim()) return this.combobox.close();
    const asking = new AbortController();
    this.asking = asking;
    try {
      const { items } = await get(`types?q=${encodeURIComponent(text)}`, { signal: asking.signal });
      this.failed = false;
      this.answered(text, items, items[0]?.preselect ? 0 : -1);
    } catch (error) {
      if (asking.signal.aborted) return;
      if (!(error instanceof Problem)) throw error;
      this.failed = true;
      this.answered(text, typesByName(text), -1);
    } finally {
      if (this.asking === asking) this.asking = null;
    }
  }

  /** @param {string} text @param {Found[]} items @param {number} ready */
  answered(text, items, ready) {
    if (this.work.body.typeText === text && !this.work.body.type) this.suggest(items, ready);
  }

  /** @param {Found} found @param {Found[]} among */
  option(found, among) {
    const hits = new Set(found.hits);
    const other = found.matched.find((phrase) => !fold(found.name).includes(fold(phrase)));
    const asks = found.question && found.fits && among.filter((one) => one.fits).length > 1;
    return html`${priorityMark(found.priority)}<span class="kind num">${found.code}</span><span class="naming"><b>${marked(found.name, hits)}</b>
      ${other ? html`<small>${words.other_words} ${marked(other, hits)}${found.unreviewed.includes(other) ? html` (${words.unreviewed})` : nothing}</small>` : nothing}
      ${asks ? html`<small class="soon">${found.question}</small>` : nothing}</span>
      <span class="ok" aria-hidden="true">${this.work.body.type === found.code ? "✓" : ""}</span>`;
  }

  /** The chosen type marked, and what else it was chosen from. */
  stayPart() {
    const items = this.staying();
    if (!items || items.length < 2 || this.combobox.open || this.work.body.card) return nothing;
    const chosen = items.findIndex((one) => one.code === this.work.body.type);
    const from = Math.max(0, Math.min(chosen, items.length - STAY));
    return html`<ul class="options stay" aria-label=${words.types_beside}>${items.slice(from, from + STAY).map(
      (found) => html`<li
      class=${this.work.body.type === found.code ? "chosen" : nothing}
      @mousedown=${(/** @type {MouseEvent} */ event) => event.preventDefault()} @click=${() => this.pick(found)}>${this.option(found, items)}</li>`,
    )}</ul>`;
  }

  /** Another priority than the type's, with its reason in one more key. */
  choosePriority() {
    const pick = (/** @type {number} */ priority) => {
      this.work.change({ priority, reason: "" });
      openBar({
        title: words.priority_why,
        choices: ["1", "2", "3", "4"].map((key) => ({
          key,
          label: words[`priority_why_${key}`],
          act: () => this.work.change({ reason: words[`priority_why_${key}`] }),
        })),
        hint: words.priority_why_blank,
      });
    };
    openBar({
      title: words.priority_head,
      choices: [
        ...[1, 2, 3, 4, 5].map((priority) => ({
          key: String(priority),
          label: words[`p${priority}`],
          act: () => pick(priority),
        })),
        { key: "0", label: words.priority_of_type, act: () => this.work.change({ priority: null, reason: "" }) },
      ],
    });
  }

  template() {
    const { body } = this.work;
    const priority = this.work.priority(codes.types);
    const hint =
      body.type || !body.typeText
        ? nothing
        : this.failed
          ? html`<span class="soon">${words.types_offline}</span>`
          : this.combobox.open
            ? nothing
            : html`<span class="soon">${words.type_unknown}</span>`;
    return html`<div class="what">${this.combobox.template({ label: words.what_happened })}
      <div class="combo"><div class="head"><span id="priority-label">${words.priority_head}</span></div>
        <button type="button" class="pick" aria-labelledby="priority-label priority-now" @click=${() => this.choosePriority()}><span id="priority-now">${
          priority
            ? html`${priorityMark(priority)} <b aria-hidden="true">${words[`p${priority}`]}</b>`
            : html`<span class="soft">${words.until_typed}</span>`
        }</span>
          <span class="soft">${body.priority ? body.reason || words.by_hand : priority ? words.from_type : ""}</span></button></div>
      ${hint === nothing ? nothing : html`<div class="under">${hint}</div>`}${this.stayPart()}</div>`;
  }
}
