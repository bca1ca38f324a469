/**
 * Words that were refused: on the page until their crew has written them anew or thrown them away, after a reload too.
 */
import { html } from "lit-html";
import { readPrivate, writePrivate } from "../../core/private-storage.js";
import { fill, words } from "../../core/words.js";

const PREFIX = "sigap-crew-words-";
const ENDING = `-${document.body.dataset.user ?? ""}`;

/**
 * @typedef {{id: string, text: string, at: string, why: string}} Refused at: when it was written; why: the server's
 *   message
 */

export class Returned {
  /** @param {() => void} onChange */
  constructor(onChange) {
    this.onChange = onChange;
    /** @type {Refused[]} */
    this.list = [];
    for (const key of Object.keys(localStorage)) {
      if (!key.startsWith(PREFIX) || !key.endsWith(ENDING)) continue;
      const kept = readPrivate(key);
      if (kept) this.list.push(kept);
      else localStorage.removeItem(key);
    }
    this.list.sort((one, other) => Date.parse(one.at) - Date.parse(other.at));
  }

  /** @param {Refused} refused */
  add(refused) {
    this.list.push(refused);
    try {
      writePrivate(PREFIX + refused.id + ENDING, refused);
    } catch (error) {
      reportError(error); // a full store: the page has them
    }
    this.onChange();
  }

  /** @param {Refused} refused */
  drop(refused) {
    this.list = this.list.filter((one) => one !== refused);
    localStorage.removeItem(PREFIX + refused.id + ENDING);
    this.onChange();
  }

  /**
   * What came back, each with its words. again: opens the note's field with them; null where there is no job to write
   * to.
   * @param {(moment: string) => string} timeText @param {((refused: Refused) => void) | null} again
   */
  part(timeText, again) {
    return this.list.map(
      (
        one,
      ) => html`<div class="strip back" role="alert"><b>${fill(words.note_back, { at: timeText(one.at), why: one.why })}</b>
      <p>${one.text}</p><div class="two">${again ? html`<button class="tap" @click=${() => again(one)}>${words.note_again}</button>` : ""}
      <button class="tap" @click=${() => this.drop(one)}>${words.note_drop}</button></div></div>`,
    );
  }
}
