/** A priority: shape, digit and colour, and its words for who hears the page. */
import { html } from "lit-html";
import { fill, words } from "../core/words.js";

/** @param {number} priority */
export function priorityMark(priority) {
  return html`<span class="prio p${priority}"><b aria-hidden="true">${priority}</b>
    <span class="sr">${fill(words.priority, { priority })}</span></span>`;
}
