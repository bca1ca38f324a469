/**
 * A bar with one field: what is typed is met by a list of choices, Enter takes it, Esc leaves it and keeps the words.
 *
 * Enter takes nothing that was not asked for by words or by an arrow, unless the bar allows a blank (`blank`).
 */
import { html, nothing, render } from "lit-html";
import { inField } from "../core/keys.js";
import { sayProblem } from "../core/toast.js";
import { words } from "../core/words.js";
import { barOpen, closeBar, holdBar } from "./choice-bar.js";

/**
 * @typedef {{value: any, label: unknown, detail?: unknown, unsure?: boolean}} Option label, detail: text or a template;
 *   unsure: never taken by Enter alone, though it stands first
 * @typedef {{title: string, hint?: string, value?: string, keep?: string, blank?: boolean, tone?: "" | "bad",
 *   options?: (typed: string) => Option[] | Promise<Option[]>,
 *   preview?: (typed: string) => unknown,
 *   accept: (typed: string, chosen: any) => unknown}} Ask
 *   keep: under which name unsent words are kept. options: choices for what is typed, the best first. preview: says
 *   what Enter would do. accept: does it; a returned text says what is wrong, and the bar stays; where a returned
 *   promise is refused, that is said and the words come back.
 */

/** Words that were left by Esc, or that came back. @type {Map<string, string>} */
const kept = new Map();
/**
 * The bar that is open, and how more words get into its field.
 * @type {{keep: string | undefined, add: (words: string) => void} | null}
 */
let current = null;
/** What options were called for last, so that a slow answer never overwrites a newer one. */
let turn = 0;

/**
 * Words that could not be sent come back: into the bar's field, which opens by itself where nobody is typing elsewhere.
 * @param {Ask} ask @param {string} typed
 */
export function returnWords(ask, typed) {
  if (ask.keep && current?.keep === ask.keep) return current.add(typed);
  const all = [typed, ask.keep ? kept.get(ask.keep) : ""].filter(Boolean).join(" ");
  if (ask.keep) kept.set(ask.keep, all);
  if (!barOpen() && !inField(document.activeElement)) openAsk({ ...ask, value: all });
}

/** @param {Ask} ask */
export function openAsk(ask) {
  closeBar(); // what it was opened from has the focus back, and gets it again after this one
  const before = document.activeElement instanceof HTMLElement ? document.activeElement : null;
  const root = /** @type {HTMLElement} */ (document.getElementById("bar"));
  let typed = ask.value ?? (ask.keep ? (kept.get(ask.keep) ?? "") : "");
  /** @type {Option[]} */
  let options = [];
  let at = typed ? 0 : -1;
  /** The words that the options are for: while those for newer words are on their way, Enter waits for them. */
  let answered = /** @type {string | null} */ (null);
  /** Enter was pressed before the options for these words were there: it acts once they are. */
  let entered = false;
  let wrong = "";
  let open = true;

  const leave = (giveBack = true) => {
    if (!open) return;
    open = false;
    if (current === mine) current = null;
    if (ask.keep) kept.set(ask.keep, typed);
    render(nothing, root);
    root.hidden = true;
    if (giveBack && before?.isConnected) before.focus();
  };
  const take = () => {
    entered = Boolean(ask.options) && answered !== typed.trim();
    if (entered) return;
    const chosen = options[at];
    if (!typed.trim() && !chosen && !ask.blank) return;
    const result = ask.accept(typed.trim(), chosen?.value ?? null);
    if (typeof result === "string") {
      wrong = result;
      draw();
      return;
    }
    const sent = typed.trim();
    typed = "";
    leave();
    if (ask.keep) kept.delete(ask.keep); // also where taking it has opened another bar
    if (result instanceof Promise) {
      result.catch((error) => {
        returnWords(ask, sent);
        sayProblem(error);
      });
    }
  };
  const choose = async () => {
    const mine = ++turn;
    const asked = typed.trim();
    const found = ask.options ? await ask.options(asked) : [];
    if (mine !== turn || !open) return;
    options = found;
    answered = asked;
    at = asked && options.length && !options[0].unsure ? 0 : -1;
    draw();
    if (entered) take();
  };
  /** @param {KeyboardEvent} event */
  const press = (event) => {
    if (event.isComposing) return;
    if (event.key === "Escape") leave();
    else if (event.key === "Enter") {
      if (!event.repeat) take();
    } else if (event.key === "ArrowDown" && options.length) move(1);
    else if (event.key === "ArrowUp" && options.length) move(-1);
    else return;
    event.preventDefault();
    event.stopPropagation();
  };
  const move = (/** @type {number} */ by) => {
    entered = false;
    at = at < 0 && by < 0 ? options.length - 1 : (at + by + options.length) % options.length;
    draw();
    root.querySelector("[aria-selected=true]")?.scrollIntoView({ block: "nearest" });
  };
  const draw = () => {
    if (open && root.firstElementChild && !root.querySelector(".ask")) {
      open = false; // another bar has taken its place
      if (current === mine) current = null;
      if (ask.keep) kept.set(ask.keep, typed);
    }
    if (!open) return;
    const preview = ask.preview?.(typed.trim());
    render(
      html`<div class="bar ask ${ask.tone ?? ""}" role="dialog" aria-label=${ask.title} @keydown=${press}
      @focusout=${(/** @type {FocusEvent} */ event) => {
        if (event.relatedTarget instanceof Node && !root.contains(event.relatedTarget)) leave(false);
      }}>
      ${
        options.length
          ? html`<ul class="ask-options" id="ask-options" role="listbox" aria-label=${ask.title}>${options.map(
              (option, place) => html`<li
        role="option" id="ask-option-${place}" aria-selected=${place === at ? "true" : "false"}
        @mousedown=${(/** @type {Event} */ event) => event.preventDefault()} @click=${() => {
          at = place;
          take();
        }}>
        <span>${option.label}</span><span class="soft">${option.detail ?? ""}</span></li>`,
            )}</ul>`
          : nothing
      }
      <label class="ask-line"><b>${ask.title}</b><input id="ask-field" autocomplete="off" spellcheck="false" .value=${typed}
        role=${ask.options ? "combobox" : nothing} aria-expanded=${ask.options ? String(options.length > 0) : nothing}
        aria-controls=${ask.options ? "ask-options" : nothing} aria-activedescendant=${at >= 0 ? `ask-option-${at}` : nothing}
        aria-describedby="ask-hint" @input=${(/** @type {InputEvent} */ event) => {
          typed = /** @type {HTMLInputElement} */ (event.target).value;
          wrong = "";
          entered = false;
          draw();
          choose();
        }}></label>
      <span id="ask-hint" class=${wrong ? "wrong" : "soft"} role="status">${wrong || preview || ask.hint || ""}</span>
      <span class="grow"></span><button class="main" @click=${take}>${words.ask_take} <kbd>Enter</kbd></button>
      <button @click=${() => leave()}>${words.cancel} <kbd>Esc</kbd></button></div>`,
      root,
    );
  };
  const mine = {
    keep: ask.keep,
    add: (/** @type {string} */ more) => {
      typed = [more, typed].filter(Boolean).join(" ");
      draw();
      choose();
    },
  };
  current = mine;
  holdBar(leave);
  root.hidden = false;
  draw();
  choose();
  root.querySelector("input")?.focus();
}
