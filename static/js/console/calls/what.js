/** What happened: the type by code or by word in either language, and the priority that follows from it. */
import { html, nothing } from "lit-html";
import { openBar } from "../../bar.js";
import { priorityMark } from "../../parts/priority.js";
import { nameOf, words } from "../../parts/words.js";
import { Combobox } from "./combobox.js";

/** @typedef {{code: string, group: string, priority: number, id: string, en: string}} Kind */

/** @type {{types: Kind[], noise: [string, string][]}} */
export const codes = JSON.parse(document.getElementById("codes")?.textContent ?? '{"types": [], "noise": []}');
const MOST = 9;

/** @param {string} text */
function pieces(text) {
  return text.toLowerCase().split(/[^\p{L}\p{N}]+/u).filter(Boolean);
}

const INDEX = codes.types.map((kind) => ({ kind, code: kind.code.toLowerCase(), names: [pieces(kind.id), pieces(kind.en)] }));

/** The types that the words mean, the best first. @param {string} text @returns {Kind[]} */
export function typesFor(text) {
  const asked = pieces(text);
  if (!asked.length) return [];
  const scored = INDEX.map(({ kind, code, names }) => {
    if (asked.length === 1 && code.startsWith(asked[0])) return { kind, score: code === asked[0] ? 100 : 50 };
    let score = 0;
    for (const name of names) {
      const hits = asked.map((word) => name.findIndex((piece) => piece.startsWith(word)));
      if (hits.every((hit) => hit >= 0)) score = Math.max(score, 20 - Math.min(9, hits[0]));
      else if (hits.every((hit, at) => hit >= 0 || name.some((piece) => asked[at].length > 2 && piece.includes(asked[at])))) score = Math.max(score, 5);
    }
    return { kind, score };
  });
  return scored.filter((one) => one.score > 0)
    .sort((one, other) => other.score - one.score || one.kind.priority - other.kind.priority || one.kind.code.localeCompare(other.kind.code))
    .slice(0, MOST).map((one) => one.kind);
}

export class WhatPart {
  /** @param {import("./work.js").Work} work @param {{next: () => void}} options */
  constructor(work, { next }) {
    this.work = work;
    /** @type {Combobox<Kind>} */
    this.combobox = new Combobox({
      id: "what",
      text: () => work.typeText,
      onText: (text) => this.typed(text),
      onPick: (kind) => {
        work.change({ type: kind.code, typeText: "" });
        next();
      },
      onEnter: next,
      onOpen: () => this.combobox.suggest(codes.types),
      option: (kind) => this.option(kind),
      draw: () => work.screen.draw(),
    });
  }

  /** @param {string} text */
  typed(text) {
    const exact = INDEX.find((one) => one.code === text.trim().toLowerCase());
    this.work.change({ type: null, typeText: text });
    this.combobox.suggest(exact ? [exact.kind, ...typesFor(text).filter((kind) => kind !== exact.kind)] : typesFor(text));
  }

  /** @param {Kind} kind */
  option(kind) {
    const [own, other] = nameOf("types", kind.code) === kind.en ? [kind.en, kind.id] : [kind.id, kind.en];
    return html`<span class="kind num">${kind.code}</span><span><b>${own}</b> <span class="soft">${other}</span></span>${priorityMark(kind.priority)}`;
  }

  /** Another priority than the type's, with its reason in one more key. */
  choosePriority() {
    const pick = (/** @type {number} */ priority) => {
      this.work.change({ priority, reason: "" });
      openBar({
        title: words.priority_why,
        choices: ["1", "2", "3", "4"].map((key) => ({
          key, label: words[`priority_why_${key}`], act: () => this.work.change({ reason: words[`priority_why_${key}`] }),
        })),
        hint: words.priority_why_blank,
      });
    };
    openBar({
      title: words.priority_head,
      choices: [...[1, 2, 3, 4, 5].map((priority) => ({ key: String(priority), label: words[`p${priority}`], act: () => pick(priority) })),
        { key: "0", label: words.priority_of_type, act: () => this.work.change({ priority: null, reason: "" }) }],
    });
  }

  template() {
    const { body } = this.work;
    const priority = this.work.priority(codes.types);
    const hint = !body.type && body.typeText && !this.combobox.open ? html`<span class="soon">${words.type_unknown}</span>` : nothing;
    return html`<div class="what">${this.combobox.template({ label: words.what_happened, hint })}
      <div class="combo"><div class="head"><span id="priority-label">${words.priority_head}</span></div>
        <button type="button" class="pick" aria-labelledby="priority-label priority-now" @click=${() => this.choosePriority()}><span id="priority-now">${priority
          ? html`${priorityMark(priority)} <b aria-hidden="true">${words[`p${priority}`]}</b>` : html`<span class="soft">${words.until_typed}</span>`}</span>
          <span class="soft">${body.priority ? body.reason || words.by_hand : priority ? words.from_type : ""}</span></button></div></div>`;
  }
}
