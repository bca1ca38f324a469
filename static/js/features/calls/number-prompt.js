/** Asks for the caller's number when a call is opened by hand; blank goes on without one. */
import { html, render } from "lit-html";
import { closeBar, holdBar } from "../../components/choice-bar.js";
import { fill, nameOf, words } from "../../core/words.js";

/** @param {string} channel @param {(number: string | null) => void} go */
export function askNumber(channel, go) {
  closeBar();
  const root = /** @type {HTMLElement} */ (document.getElementById("bar"));
  const before = document.activeElement;
  let open = true;
  const close = (giveBack = true) => {
    if (!open) return;
    open = false;
    root.hidden = true;
    render("", root);
    if (giveBack && before instanceof HTMLElement && before.isConnected) before.focus();
  };
  render(
    html`<form class="bar" @submit=${(/** @type {SubmitEvent} */ event) => {
      event.preventDefault();
      const number = /** @type {HTMLInputElement} */ (root.querySelector("input")).value.trim();
      close();
      go(number || null);
    }} @keydown=${(/** @type {KeyboardEvent} */ event) => {
      if (event.key !== "Escape") return;
      event.preventDefault();
      event.stopPropagation();
      close();
    }}><label for="new-number"><b>${fill(words.new_call_number, { channel: nameOf("channels", channel) })}</b></label>
    <input id="new-number" type="text" inputmode="tel" autocomplete="off" maxlength="40">
    <button class="main">${words.open_call} <kbd>Enter</kbd></button><span class="soft">${words.number_may_be_blank}</span></form>`,
    root,
  );
  holdBar(close);
  root.hidden = false;
  root.querySelector("input")?.focus();
}
