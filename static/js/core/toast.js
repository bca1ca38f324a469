/** Undo: what was just done, with five seconds to take it back (Alt+Z or the button). The newest is undone first. */
import { html, render } from "lit-html";
import { repeat } from "lit-html/directives/repeat.js";
import { Problem, post, settled } from "./api.js";
import { fill, words } from "./words.js";

export const UNDO_SECONDS = 5;
const PATIENCE_MS = 2000;

/**
 * @typedef {{key: number, text: string, until: number, undo: (() => Promise<unknown>) | null, tone: "" | "bad"}} Toast
 */

/** @type {Toast[]} */
let toasts = [];
let made = 0;
let timer = 0;
/** When the undo that waits was pressed: what could be undone then stays until it is. */
let undoPressed = Infinity;

function draw() {
  const root = document.getElementById("toasts");
  if (!root) return;
  const now = performance.now();
  const oldest = Math.min(now, undoPressed);
  toasts = toasts.filter((toast) => toast.until > oldest);
  render(
    repeat(
      toasts,
      (toast) => toast.key,
      (toast) =>
        html`<p class="toast ${toast.tone}"><span>${toast.text}</span>${
          toast.undo
            ? html`<button @click=${() => undo(toast)}>${words.undo} <kbd>Alt+Z</kbd>
      <span class="num soft" aria-hidden="true">${Math.max(0, Math.ceil((toast.until - now) / 1000))}</span></button>`
            : ""
        }</p>`,
    ),
    root,
  );
  clearTimeout(timer);
  if (toasts.length) timer = setTimeout(draw, 250);
}

/**
 * Say something for a while; with `undo`, offer to take it back.
 * @param {string} text
 * @param {{undo?: () => Promise<unknown>, tone?: "" | "bad", seconds?: number}} [options]
 * @returns {number} its key, for `unsay`
 */
export function say(text, { undo: back, tone = "", seconds = UNDO_SECONDS } = {}) {
  toasts.push({ key: ++made, text, until: performance.now() + seconds * 1000, undo: back ?? null, tone });
  draw();
  return made;
}

/** Take away what was said: it has been answered. @param {number} key */
export function unsay(key) {
  toasts = toasts.filter((toast) => toast.key !== key);
  draw();
}

/** Say why something did not go through. @param {unknown} error */
export function sayProblem(error) {
  if (!(error instanceof Problem)) throw error;
  say(fill(words.failed, { why: error.message }), { tone: "bad", seconds: 8 });
}

/**
 * Take back the newest thing that still may be; one that is on its way to the server is waited for, never passed over.
 */
export async function undoLast() {
  const pressed = performance.now();
  undoPressed = Math.min(undoPressed, pressed);
  await Promise.race([settled(), new Promise((late) => setTimeout(late, PATIENCE_MS))]);
  await new Promise((said) => setTimeout(said)); // whoever sent it says first what it was
  undoPressed = Infinity;
  const last = toasts.findLast((toast) => toast.undo && toast.until > pressed);
  if (last) undo(last);
}

/** @param {Toast} toast */
async function undo(toast) {
  const back = toast.undo;
  if (!back) return;
  toasts = toasts.filter((other) => other !== toast);
  draw();
  try {
    await back();
    say(fill(words.undone_what, { what: toast.text }), { seconds: 3 });
  } catch (error) {
    sayProblem(error);
  }
}

/**
 * The undo of a unit's status: back to the one before; the server refuses it where the unit has gone on meanwhile.
 * @param {Api.UnitForm} unit as it was
 * @param {Api.UnitForm} set as the status that was set made it
 */
export function unitBack(unit, set) {
  return post(`units/${encodeURIComponent(unit.callsign)}/status`, {
    status: unit.status,
    expected: { status: set.status, status_at: set.status_at },
    reason: words.undo,
  });
}
