/**
 * A bar of choices that takes the focus: one letter or digit picks, arrows move, Esc leaves and nothing happened.
 *
 * Letters act only here, never on the page: a lost focus and a typed word must not file anything (WCAG 2.1.4).
 */
import { html, nothing, render } from "lit-html";
import { comboOf } from "../core/keys.js";

/**
 * @typedef {{key: string, label: string, act: () => unknown, tone?: "" | "bad"}} Choice key: one letter or digit
 */

/** @type {HTMLElement | null} */
let before = null;
/** How the bar that is open is left, where another module has drawn it. @type {((giveBack: boolean) => void) | null} */
let leaving = null;

/**
 * Say how the bar that was just opened is left: another bar that takes its place leaves it first, so that its words are
 * kept and the focus is known to have been where it was before both.
 * @param {(giveBack: boolean) => void} leave
 */
export function holdBar(leave) {
  leaving = leave;
}

/** Leave the bar of another module, if one is open. @param {boolean} giveBack */
function leaveHeld(giveBack) {
  const leave = leaving;
  leaving = null;
  leave?.(giveBack);
}

/**
 * Open it with these choices; the one picked is done and the focus goes back to where it was.
 * @param {{title: string, choices: Choice[], hint?: string}} bar
 */
export function openBar({ title, choices, hint }) {
  const root = /** @type {HTMLElement} */ (document.getElementById("bar"));
  leaveHeld(true);
  before =
    document.activeElement instanceof HTMLElement && !root.contains(document.activeElement)
      ? document.activeElement
      : before;
  const pick = (/** @type {Choice} */ choice) => {
    closeBar();
    choice.act();
  };
  render(
    html`<div class="bar" role="toolbar" aria-label=${title} @keydown=${(/** @type {KeyboardEvent} */ event) => {
      const combo = comboOf(event);
      const choice = choices.find((one) => one.key === combo);
      // A key that is held down, as the one that opened the bar may be, picks nothing.
      const held = event.repeat && (choice || combo === "Enter" || combo === " ");
      if (held) event.preventDefault();
      else if (choice) pick(choice);
      else if (combo === "Escape") closeBar();
      else if (combo === "ArrowRight" || combo === "ArrowDown") step(root, 1);
      else if (combo === "ArrowLeft" || combo === "ArrowUp") step(root, -1);
      else return;
      event.preventDefault();
      event.stopPropagation();
    }} @focusout=${(/** @type {FocusEvent} */ event) => {
      const to = event.relatedTarget;
      if (to instanceof Node && !root.contains(to)) closeBar(false);
    }}><b>${title}</b>${choices.map(
      (choice) => html`<button class=${choice.tone ?? nothing} @click=${() => pick(choice)}><kbd>${choice.key}</kbd>
    ${choice.label}</button>`,
    )}${hint ? html`<span class="soft">${hint}</span>` : ""}</div>`,
    root,
  );
  root.hidden = false;
  root.querySelector("button")?.focus();
}

/** Close it; the focus goes back unless it has gone elsewhere by itself. */
export function closeBar(giveBack = true) {
  leaveHeld(giveBack);
  const root = document.getElementById("bar");
  if (!root || root.hidden) return;
  root.hidden = true;
  render(nothing, root);
  if (giveBack && before?.isConnected) before.focus();
  before = null;
}

/** Whether a bar is open. */
export function barOpen() {
  return document.getElementById("bar")?.hidden === false;
}

/** @param {HTMLElement} root @param {number} by */
function step(root, by) {
  const buttons = [...root.querySelectorAll("button")];
  const at = buttons.indexOf(/** @type {HTMLButtonElement} */ (document.activeElement));
  buttons[(at + by + buttons.length) % buttons.length]?.focus();
}
