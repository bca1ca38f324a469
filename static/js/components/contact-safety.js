/** Contact safety of a number: not asked yet, safe, unsafe. Nothing is shown as safe that nobody asked about. */
import { html, nothing } from "lit-html";
import { nameOf, words } from "../core/words.js";

/** @param {string} safety a code of ContactSafety */
export function safetyPart(safety) {
  const label = nameOf("contact_safety", safety);
  return safety === "unsafe"
    ? html`<b class="late">${label}</b>`
    : html`<span class=${safety === "safe" ? "" : "soft"}>${label}</span>`;
}

/**
 * The contact safety of the number of a call, for a list; nothing where the number is not known.
 * @param {Api.CallForm} call
 */
export function safetyMark(call) {
  return call.number
    ? html`<span class="mute">${words.contact_safety}</span> ${safetyPart(call.contact_safety ?? "unknown")}`
    : nothing;
}
