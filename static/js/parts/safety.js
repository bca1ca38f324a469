/** Contact safety of a number: not asked yet, safe, unsafe. Nothing is shown as safe that nobody asked about. */
import { html } from "lit-html";
import { nameOf } from "./words.js";

/** @param {string} safety a code of ContactSafety */
export function safetyPart(safety) {
  const label = nameOf("contact_safety", safety);
  return safety === "unsafe" ? html`<b class="late">${label}</b>` : html`<span class=${safety === "safe" ? "" : "soft"}>${label}</span>`;
}
