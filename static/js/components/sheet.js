/** What slides up over a page: choices, reasons, words. Esc and Cancel leave it, and nothing happened. */
import { html, nothing, render } from "lit-html";
import { live } from "lit-html/directives/live.js";
import { words } from "../core/words.js";

/** What was being written when a sheet was left, so that nothing is lost. @type {Map<string, string>} */
const drafts = new Map();

/**
 * Have these words there again when `askWords` next asks for this draft; "" forgets it.
 * @param {string} key
 * @param {string} text
 */
export function keepWords(key, text) {
  if (text) drafts.set(key, text);
  else drafts.delete(key);
}

export const sheet = () => /** @type {HTMLDialogElement} */ (document.getElementById("sheet"));

/** @param {string} title @param {unknown} content */
export function openSheet(title, content) {
  const root = sheet();
  root.setAttribute("aria-label", title);
  render(
    html`<h2>${title}</h2>${content}<form method="dialog"><button class="tap wide">${words.cancel}</button></form>`,
    root,
  );
  if (!root.open) root.showModal();
}

export function closeSheet() {
  sheet().close();
}

/** @param {string} title @param {string[]} reasons @param {(reason: string) => void} pick */
export function askReason(title, reasons, pick) {
  openSheet(
    title,
    html`<div class="choices-list">${reasons.map(
      (reason) =>
        html`<button class="tap" @click=${() => {
          closeSheet();
          pick(reason);
        }}>${reason}</button>`,
    )}</div>`,
  );
}

/**
 * Ask for words, with some to tap; left half-written they are there again the next time.
 * @param {{title: string, label: string, button: string, key: string, value?: string, taps?: string[], optional?:
 *          boolean, send: (text: string) => void}} ask key: which draft
 */
export function askWords({ title, label, button, key, value, taps = [], optional = false, send }) {
  if (value) drafts.set(key, value);
  const field = () => /** @type {HTMLTextAreaElement} */ (sheet().querySelector("textarea"));
  openSheet(
    title,
    html`<form class="note-form" @submit=${(/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      const text = field().value.trim();
      if (!text && !optional) return field().focus();
      drafts.delete(key);
      closeSheet();
      send(text);
    }}><label for="sheet-text">${label}</label>
    ${
      taps.length
        ? html`<div class="taps">${taps.map(
            (words_) =>
              html`<button type="button" class="tap" @click=${() => {
                const text = field().value.trim();
                field().value = text ? `${text}; ${words_}` : words_;
                drafts.set(key, field().value);
              }}>${words_}</button>`,
          )}</div>`
        : nothing
    }
    <textarea id="sheet-text" autocomplete="off" rows="4" maxlength="4000" .value=${live(drafts.get(key) ?? "")}
      @input=${() => drafts.set(key, field().value)} @keydown=${(/** @type {KeyboardEvent} */ event) => {
        if (event.key === "Enter" && event.ctrlKey) field().form?.requestSubmit();
      }}></textarea>
    <button class="tap wide go-small">${button}</button></form>`,
  );
  field().focus();
}
